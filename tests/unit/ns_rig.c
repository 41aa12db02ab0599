#include "tests/unit/ns_rig.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/plan.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "lib/text.h"
#include "ns/dev.h"
#include "ns/mask.h"
#include "ns/root.h"
#include "oci/spec.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { SAID_SIZE = 4096, INSIDE_IDS = 100000, ID_COUNT = 65536 };

static char *said(void)
{
	static char *shared;

	if (!shared)
		shared = mmap(NULL, SAID_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			      -1, 0);
	return shared;
}

static void say(const char *what)
{
	(void)snprintf(said(), SAID_SIZE, "%s", what);
}

static void config(const struct rig *rig, const char *bundle, struct text *text)
{
	text_addf(
		text,
		"{\"ociVersion\": \"1.2.0\", \"root\": {\"path\": \"rootfs\", \"readonly\": %s}, ",
		rig->readonly ? "true" : "false");
	text_addf(text, "\"mounts\": %s, ", rig->mounts ? rig->mounts : "[]");
	if (rig->annotations) {
		const char *mark = strstr(rig->annotations, "BUNDLE");

		text_add(text, "\"annotations\": ");
		text_addn(text, rig->annotations,
			  mark ? (size_t)(mark - rig->annotations) : strlen(rig->annotations));
		text_add(text, mark ? bundle : "");
		text_addf(text, "%s, ", mark ? mark + strlen("BUNDLE") : "");
	}
	text_add(text, "\"linux\": {\"namespaces\": [{\"type\": \"mount\"}, {\"type\": \"pid\"}, "
		       "{\"type\": \"network\"}, {\"type\": \"cgroup\"}");
	if (rig->userns)
		text_addf(text,
			  ", {\"type\": \"user\"}], \"uidMappings\": [{\"containerID\": 0, "
			  "\"hostID\": %d, \"size\": %d}], \"gidMappings\": [{\"containerID\": 0, "
			  "\"hostID\": %d, \"size\": %d}",
			  INSIDE_IDS, ID_COUNT, INSIDE_IDS, ID_COUNT);
	text_addf(text, "]%s%s}}", rig->linux_more ? ", " : "",
		  rig->linux_more ? rig->linux_more : "");
}

static int make_plan(const struct rig *rig, const char *bundle, struct plan *plan, struct err *err)
{
	cleanup_(text_free) struct text text = {};
	struct oci_spec *spec = arena_alloc(&plan->arena, sizeof(*spec));
	int r;

	config(rig, bundle, &text);
	r = oci_spec_read(&plan->arena, "config.json", text_str(&text), text.length, spec, err);
	if (r == 0)
		r = root_plan(plan, spec, bundle, rig->no_pivot, err);
	if (r == 0)
		r = mount_plan(plan, spec, bundle, err);
	if (r == 0)
		r = dev_plan(plan, spec, err);
	if (r == 0)
		r = mask_plan(plan, spec, err);
	if (r == 0)
		r = root_pivot_plan(plan, spec, bundle, rig->no_pivot, err);
	return r;
}

static int apply(struct plan *plan, enum step_stage stage, struct run *run, struct err *err)
{
	int r = 0;

	step_each (step, plan, stage) {
		r = step_apply(step, run, err);
		if (r < 0)
			break;
	}
	return r;
}

static void say_error(const struct err *err)
{
	char line[1024];

	say(err_text(err, line, sizeof(line)));
}

static int inside(const struct rig *rig, struct plan *plan, struct run *run, int barrier)
{
	struct err err = {};
	const char *wrong;
	char byte;

	if (read(barrier, &byte, 1) != 1)
		return 1;
	if (rig->userns && (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0))
		return 1;
	if (apply(plan, STEP_ENTER, run, &err) < 0 || apply(plan, STEP_INSIDE, run, &err) < 0) {
		say_error(&err);
		return 1;
	}
	wrong = rig->check();
	say(wrong ? wrong : "");
	return 0;
}

static void map_ids(struct plan *plan, struct run *run, pid_t pid)
{
	static const char *const files[] = {"uid_map", "gid_map"};
	struct err err = {};
	char path[64], map[64];

	(void)snprintf(map, sizeof(map), "0 %d %d", INSIDE_IDS, ID_COUNT);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		(void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, files[i]);
		if (file_write(AT_FDCWD, path, map) < 0)
			say("can't write an id map");
	}
	(void)snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	run->pid_dir_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (apply(plan, STEP_MAP, run, &err) < 0)
		say_error(&err);
}

static void contain(const struct rig *rig, struct plan *plan, struct run *run)
{
	struct clone_request request = {
		.flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWCGROUP |
			 (rig->userns ? CLONE_NEWUSER : 0),
		.cgroup_fd = -EBADF,
		.exit_signal = SIGCHLD,
	};
	int barrier[2];
	pid_t pid;

	if (pipe2(barrier, O_CLOEXEC) < 0)
		return say("no pipe");
	pid = sys_clone(&request);
	if (pid == 0)
		_exit(inside(rig, plan, run, barrier[0]));
	if (pid < 0)
		return say("can't clone");
	if (rig->userns)
		map_ids(plan, run, pid);
	if (write(barrier[1], "x", 1) != 1 || waitpid(pid, NULL, 0) != pid)
		say("lost the container");
	close_fd(barrier[0]);
	close_fd(barrier[1]);
}

static const char *host_mounts(struct arena *arena)
{
	const char *text = "";

	(void)file_read(arena, AT_FDCWD, "/proc/self/mountinfo", 0, &text, NULL, NULL);
	return text;
}

static struct host host_of(const struct rig *rig, const char *cgroup_root)
{
	return (struct host){.initial_userns = true,
			     .capabilities = rig->no_mknod ? 0 : 1ULL << CAP_MKNOD,
			     .cgroup_root = cgroup_root};
}

static void run_in(const struct rig *rig, const char *bundle)
{
	const struct host host = host_of(rig, "/sys/fs/cgroup/unified");
	cleanup_(plan_free) struct plan plan = {.host = &host};
	struct err err = {};
	struct run run;

	run_init(&run);
	run.host = &host;
	if (make_plan(rig, bundle, &plan, &err) < 0 || run_slots(&run, plan.slots) < 0 ||
	    apply(&plan, STEP_PREPARE, &run, &err) < 0)
		say_error(&err);
	else
		contain(rig, &plan, &run);
	run_close(&run);
}

/* A host of its own whose mounts are all shared, as systemd has them: what leaks is seen. */
static int private_host(void)
{
	struct mount_attr apart = {.propagation = MS_PRIVATE};
	struct mount_attr shared = {.propagation = MS_SHARED};

	if (unshare(CLONE_NEWNS) < 0)
		return -errno;
	if (sys_mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &apart) < 0)
		return -EINVAL;
	return sys_mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &shared);
}

static void in_child(const struct rig *rig)
{
	cleanup_(arena_free) struct arena arena = {};
	char bundle[] = "/tmp/pctrun-unit-XXXXXX";
	cleanup_close int bundle_fd = -EBADF;
	const char *before;

	if (private_host() < 0)
		return say("can't make a mount namespace");
	before = host_mounts(&arena);
	if (!mkdtemp(bundle))
		return say("can't make a bundle");
	bundle_fd = open(bundle, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (mkdirat(bundle_fd, "rootfs", 0755) < 0 || (rig->prepare && rig->prepare(bundle_fd) < 0))
		say("can't fill the bundle");
	else
		run_in(rig, bundle);
	if (strcmp(before, host_mounts(&arena)) != 0)
		say("the host's mounts have changed");
	(void)remove_tree(AT_FDCWD, bundle);
}

static const char *run(const struct rig *rig)
{
	pid_t pid;

	say("the container did not get to its check");
	pid = fork();
	if (pid == 0) {
		in_child(rig);
		_exit(0);
	}
	(void)waitpid(pid, NULL, 0);
	return said();
}

void rig_expect(const struct rig *rig, const char *name, const char *want)
{
	const char *got = run(rig);

	if (*want)
		cr_expect(strstr(got, want), "%s: \"%s\" does not say \"%s\"", name, got, want);
	else
		cr_expect(*got == '\0', "%s: %s", name, got);
}

const char *rig_plan(const struct rig *rig)
{
	const struct host host = host_of(rig, "/sys/fs/cgroup");
	cleanup_(plan_free) struct plan plan = {.host = &host};
	cleanup_(text_free) struct text text = {};
	struct err err = {};

	if (make_plan(rig, "/bundle", &plan, &err) < 0) {
		say_error(&err);
		return said();
	}
	for (int stage = 0; stage < STEP_STAGES; stage++)
		step_each (step, &plan, stage) {
			text_addf(&text, "%d %s ", stage, step->kind->name);
			step->kind->describe(step, &text);
			text_addc(&text, '\n');
		}
	say(text_str(&text));
	return said();
}

const char *rig_mount_line(const char *path)
{
	static char found[1024];
	char *line = NULL;
	size_t size = 0;
	FILE *file = fopen("/proc/self/mountinfo", "re");

	found[0] = '\0';
	while (file && getline(&line, &size, file) > 0) {
		char target[512];

		if (sscanf(line, "%*d %*d %*s %*s %511s", target) == 1 && strcmp(target, path) == 0)
			(void)snprintf(found, sizeof(found), "%s", line);
	}
	free(line);
	if (file)
		(void)fclose(file);
	return found;
}

bool rig_writable(const char *folder)
{
	char path[512];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/.probe", folder);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	close_fd(fd);
	return fd >= 0 && unlink(path) == 0;
}
