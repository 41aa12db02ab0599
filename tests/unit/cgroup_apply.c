#include "cgroup/cgroup.h"

#include "cgroup/devices.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/host.h"
#include "lib/json.h"
#include "lib/plan.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "oci/spec.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* A cgroup on this machine, made by the plan of a spec that names it. */
struct scene {
	struct arena arena;
	struct host host;
	struct plan plan;
	struct run run;
	struct err err;
	char path[64];
	int state_fd;
};

static char state_root[] = "/tmp/pctrun-cgroup-XXXXXX";

static void scene_open(struct scene *s, const char *inner, const char *name)
{
	struct oci_spec spec = {};
	struct oci_pair annotation = {"org.pctrun.cgroup.inner", inner};

	cr_assert_eq(host_probe(&s->arena, &s->host, &s->err), 0);
	if (s->host.uid != 0 || !s->host.cgroup_root)
		cr_skip_test("needs root and cgroup version 2");
	(void)snprintf(s->path, sizeof(s->path), "/pctrun-test-%d/%s", (int)getpid(), name);
	spec.linux.cgroups_path = s->path;
	if (inner)
		spec.annotations = (struct oci_map){1, &annotation};
	s->plan.host = &s->host;
	cr_assert_eq(cgroup_plan(&s->plan, &spec, name, &s->err), 0, "%s", s->err.what);
	run_init(&s->run);
	s->run.host = &s->host;
	s->state_fd = open(state_root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->state_fd < 0) {
		cr_assert_not_null(mkdtemp(state_root));
		s->state_fd = open(state_root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	cr_assert_eq(journal_open(s->state_fd, &s->run.journal, &s->err), 0, "%s", s->err.what);
}

/* Without the device filter where this kernel or container manager doesn't let us load one. */
static int scene_apply(struct scene *s)
{
	int r = 0;

	step_each (step, &s->plan, STEP_PREPARE)
		if (r == 0 && step->kind != &cgroup_devices_kind)
			r = step_apply(step, &s->run, &s->err);
	return r;
}

static int scene_undo(struct scene *s)
{
	const struct json *records, *list[32];
	size_t n = 0;
	int r = 0;

	cr_assert_eq(journal_read(&s->arena, s->state_fd, &records, &s->err), 0, "%s", s->err.what);
	json_each (record, records)
		list[n++] = record;
	while (r == 0 && n-- > 0)
		r = cgroup_create_kind.undo(json_find(list[n], "record"), &s->run, &s->err);
	return r;
}

static void scene_close(struct scene *s)
{
	journal_close(s->run.journal);
	run_close(&s->run);
	close_fd(s->state_fd);
	plan_free(&s->plan);
	arena_free(&s->arena);
	(void)remove_tree(AT_FDCWD, state_root);
}

static bool is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

static pid_t child_in(int cgroup_fd)
{
	const struct clone_request request = {.cgroup_fd = cgroup_fd, .exit_signal = SIGCHLD};
	pid_t pid = sys_clone(&request);

	if (pid == 0) {
		for (;;)
			(void)pause();
	}
	cr_assert_gt(pid, 0, "clone into the cgroup: %s", strerror(-pid));
	return pid;
}

Test(cgroup_apply, make_fill_and_undo)
{
	struct scene s = {};
	struct stat inner;
	pid_t *pids, pid;
	size_t count;
	int status;

	scene_open(&s, "ns", "fill");
	cr_assert_eq(scene_apply(&s), 0, "%s", s.err.what);
	cr_expect(is_there(s.run.init_cgroup_path), "%s", s.run.init_cgroup_path);
	cr_assert_eq(fstat(s.run.init_cgroup_fd, &inner), 0);

	pid = child_in(s.run.init_cgroup_fd);
	cr_assert_eq(cgroup_pids(&s.arena, s.run.cgroup_fd, &pids, &count, &s.err), 0);
	cr_expect_eq(count, 1, "%zu processes", count);
	cr_expect_eq(pids[0], pid);

	cr_expect_eq(cgroup_freeze(s.run.cgroup_fd, true, &s.err), 0, "%s", s.err.what);
	cr_expect(cgroup_is_frozen(s.run.cgroup_path));
	cr_expect_eq(cgroup_freeze(s.run.cgroup_fd, false, &s.err), 0, "%s", s.err.what);
	cr_expect_not(cgroup_is_frozen(s.run.cgroup_path));

	cr_expect_eq(scene_undo(&s), 0, "%s", s.err.what);
	cr_expect_eq(waitpid(pid, &status, 0), pid);
	cr_expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "killed by undo");
	cr_expect_not(is_there(s.run.cgroup_path), "the cgroup is gone");
	*strrchr(s.run.cgroup_path, '/') = '\0';
	cr_expect_not(is_there(s.run.cgroup_path), "so is the folder that was made for it");
	cr_expect_eq(scene_undo(&s), 0, "undo twice: %s", s.err.what);
	scene_close(&s);
}

Test(cgroup_apply, in_use)
{
	struct scene first = {}, second = {};
	pid_t pid;

	scene_open(&first, NULL, "used");
	cr_assert_eq(scene_apply(&first), 0, "%s", first.err.what);
	pid = child_in(first.run.init_cgroup_fd);
	scene_open(&second, NULL, "used");
	cr_expect_eq(scene_apply(&second), -EBUSY, "somebody is there");
	cr_expect(strstr(second.err.what, "is not empty") != NULL, "%s", second.err.what);
	cr_expect_eq(kill(pid, 0), 0, "it still lives");

	cr_expect_eq(scene_undo(&first), 0, "%s", first.err.what);
	cr_expect_eq(waitpid(pid, NULL, 0), pid);
	scene_close(&second);
	scene_close(&first);
}

Test(cgroup_apply, undo_leaves_others_alone)
{
	static const char *const records[] = {
		"{\"directory\": \"/sys/fs/cgroup\", \"inode\": 1}",
		"{\"directory\": \"/sys/fs/cgroup/unified\", \"inode\": 1}",
		"{\"directory\": \"/\", \"inode\": 2}",
		"{\"directory\": \"/sys/fs/cgroup/a/../b\", \"inode\": 2}",
		"{\"directory\": \"/sys/fs/cgroup/a/..\", \"inode\": 2}",
		"{\"directory\": \"/sys/fs/cgroup/.\", \"inode\": 2}",
		"{\"directory\": \"/sys/fs/cgroup//\", \"inode\": 2}",
		"{\"directory\": \"//sys/fs/cgroup\", \"inode\": 2}",
		"{\"directory\": \"sys/fs/cgroup/a\", \"inode\": 2}",
	};

	for (size_t i = 0; i < ARRAY_SIZE(records); i++) {
		cleanup_(arena_free) struct arena arena = {};
		const struct json *record;
		struct err err = {};

		cr_assert_eq(
			json_read(&arena, "record", records[i], strlen(records[i]), &record, &err),
			0);
		cr_expect_eq(cgroup_create_kind.undo(record, NULL, &err), -EPERM, "%s", records[i]);
	}
}

Test(cgroup_apply, devices)
{
	struct scene s = {};
	const struct step *filter = NULL;
	pid_t pid;
	int r, status;

	scene_open(&s, NULL, "devices");
	cr_assert_eq(scene_apply(&s), 0, "%s", s.err.what);
	step_each (step, &s.plan, STEP_PREPARE)
		if (step->kind == &cgroup_devices_kind)
			filter = step;
	cr_assert_not_null(filter, "no rules: everything is denied");
	r = step_apply(filter, &s.run, &s.err);
	if (r == 0) {
		const struct clone_request request = {.cgroup_fd = s.run.init_cgroup_fd,
						      .exit_signal = SIGCHLD};

		pid = sys_clone(&request);
		if (pid == 0) {
			bool null = open("/dev/null", O_RDWR | O_CLOEXEC) >= 0;
			bool kmsg = open("/dev/kmsg", O_RDONLY | O_CLOEXEC) >= 0;

			_exit(null && !kmsg ? 0 : 1);
		}
		cr_expect_eq(waitpid(pid, &status, 0), pid);
		cr_expect_eq(status, 0, "null can be opened, kmsg can't");
	}
	cr_expect_eq(scene_undo(&s), 0, "%s", s.err.what);
	scene_close(&s);
	if (r < 0)
		cr_skip_test("device filters can't be loaded here");
}

/* A filter of somebody else's, as a service manager puts one on its scope, that allows all. */
static int attach_other(int cgroup_fd)
{
	static const struct bpf_insn allow[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 1},
		{.code = BPF_JMP | BPF_EXIT},
	};
	union bpf_attr load = {
		.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
		.license = (uint64_t)(uintptr_t) "GPL",
		.prog_name = "sd_devices",
		.insns = (uint64_t)(uintptr_t)allow,
		.insn_cnt = ARRAY_SIZE(allow),
	};
	cleanup_close int fd = sys_bpf(BPF_PROG_LOAD, &load, sizeof(load));
	union bpf_attr attach = {
		.target_fd = (uint32_t)cgroup_fd,
		.attach_bpf_fd = (uint32_t)fd,
		.attach_type = BPF_CGROUP_DEVICE,
		.attach_flags = BPF_F_ALLOW_MULTI,
	};

	return fd < 0 ? fd : sys_bpf(BPF_PROG_ATTACH, &attach, sizeof(attach));
}

static uint32_t filter_ids(int cgroup_fd, uint32_t ids[4])
{
	union bpf_attr query = {
		.query.target_fd = (uint32_t)cgroup_fd,
		.query.attach_type = BPF_CGROUP_DEVICE,
		.query.prog_ids = (uint64_t)(uintptr_t)ids,
		.query.prog_cnt = 4,
	};

	return sys_bpf(BPF_PROG_QUERY, &query, sizeof(query)) < 0 ? 0 : query.query.prog_cnt;
}

Test(cgroup_apply, devices_beside_others)
{
	struct scene s = {};
	struct device_rule rule = {true, 'c', 1, 11, DEVICE_READ};
	struct cgroup_devices_step before = {.step.kind = &cgroup_devices_kind}, after = before;
	uint32_t ids[4] = {}, now[4] = {};
	int r;

	after.policy = (struct device_policy){.count = 1, .rules = &rule};
	scene_open(&s, NULL, "devices-others");
	cr_assert_eq(scene_apply(&s), 0, "%s", s.err.what);
	r = attach_other(s.run.cgroup_fd);
	if (r == 0) {
		cr_expect_eq(devices_find(s.run.cgroup_fd), -ENOENT, "none is ours");
		cr_expect_eq(devices_change(&before.step, &after.step, &s.run, &s.err), -ENOENT);
		err_clear(&s.err);
		cr_expect_eq(devices_apply(&before.step, &s.run, &s.err), 0, "%s", s.err.what);
		cr_expect_eq(filter_ids(s.run.cgroup_fd, ids), 2);
		cr_expect_eq(devices_change(&before.step, &after.step, &s.run, &s.err), 0, "%s",
			     s.err.what);
		cr_expect_eq(filter_ids(s.run.cgroup_fd, now), 2, "one in the other's place");
		cr_expect_eq(now[0], ids[0], "the other's stays");
		cr_expect_neq(now[1], ids[1], "ours is a new one");
	}
	cr_expect_eq(scene_undo(&s), 0, "%s", s.err.what);
	scene_close(&s);
	if (r < 0)
		cr_skip_test("device filters can't be loaded here");
}
