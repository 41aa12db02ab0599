#include "cgroup/device_filter.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/host.h"
#include "lib/run.h"
#include "lib/sys.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

/*
 * Filters of generated rules on real cgroups, one above the other: what the kernel does when a
 * process in there makes and opens nodes, beside what is said of the filters when they are read
 * back from it. The numbers are for local use (admin-guide/devices.txt): no driver has them.
 */

enum { MAJOR = 240, MAJORS = 4, MINORS = 4, RULES = 8, ROUNDS = 40 };

static const unsigned int accesses[] = {DEVICE_MKNOD, DEVICE_READ, DEVICE_WRITE,
					DEVICE_READ | DEVICE_WRITE};

enum { ASKED = 2 * MAJORS * MINORS * (sizeof(accesses) / sizeof(*accesses)) };

static struct device_request request_of(size_t index)
{
	const size_t access = index % ARRAY_SIZE(accesses), number = index / ARRAY_SIZE(accesses);

	return (struct device_request){
		.type = number & 1 ? 'b' : 'c',
		.major = MAJOR + (unsigned int)(number / 2 % MAJORS),
		.minor = (unsigned int)(number / 2 / MAJORS),
		.access = accesses[access],
	};
}

/* ------------------------------------------------------------------ what the kernel does */

static mode_t type_of(const struct device_request *request)
{
	return request->type == 'b' ? S_IFBLK : S_IFCHR;
}

static void path_of(const struct device_request *request, const char *dir, char path[128])
{
	(void)snprintf(path, 128, "%s/%c%u.%u", dir, request->type, request->major, request->minor);
}

/* All of them, by who may, and where they can be opened. */
static int make_nodes(const char *dir)
{
	struct statvfs fs;

	if (statvfs(dir, &fs) < 0 || fs.f_flag & ST_NODEV)
		return -EACCES;
	for (size_t i = 0; i < ASKED; i++) {
		const struct device_request request = request_of(i);
		char path[128];

		path_of(&request, dir, path);
		if (mknod(path, type_of(&request) | 0666, makedev(request.major, request.minor)) <
			    0 &&
		    errno != EEXIST)
			return -errno;
	}
	return 0;
}

/* Only a filter says EPERM; one that lets it through leaves it to the driver that isn't there. */
static bool does(const struct device_request *request, const char *dir)
{
	const bool reads = request->access & DEVICE_READ, writes = request->access & DEVICE_WRITE;
	char path[128];

	if (request->access == DEVICE_MKNOD) {
		(void)snprintf(path, sizeof(path), "%s/new", dir);
		(void)unlink(path);
		return mknod(path, type_of(request) | 0600,
			     makedev(request->major, request->minor)) == 0;
	}
	path_of(request, dir, path);
	(void)open(path, O_CLOEXEC | O_NONBLOCK | (!writes ? O_RDONLY : reads ? O_RDWR : O_WRONLY));
	return errno != EPERM;
}

/* Return: 0, @answers has them. */
static int ask_kernel(int cgroup_fd, const char *dir, bool *answers)
{
	const struct clone_request clone = {.cgroup_fd = cgroup_fd, .exit_signal = SIGCHLD};
	const pid_t pid = sys_clone(&clone);
	int status;

	if (pid == 0) {
		for (size_t i = 0; i < ASKED; i++) {
			const struct device_request request = request_of(i);

			answers[i] = does(&request, dir);
		}
		_exit(0);
	}
	if (pid < 0)
		return pid;
	return waitpid(pid, &status, 0) == pid && status == 0 ? 0 : -EIO;
}

/* ------------------------------------------------------------------ rules */

/* Reproducible: a linear congruential generator. */
static unsigned int chance(uint32_t *state, unsigned int below)
{
	*state = *state * 1664525 + 1013904223;
	return (*state >> 16) % below;
}

static long chance_number(uint32_t *state, long first, unsigned int count)
{
	const long number = chance(state, count + 1);

	return number == count ? -1 : first + number;
}

static void generate(uint32_t *state, struct device_policy *policy)
{
	policy->allow = chance(state, 2);
	policy->count = chance(state, RULES + 1);
	for (size_t i = 0; i < policy->count; i++)
		policy->rules[i] = (struct device_rule){
			.allow = chance(state, 3) > 0,
			.type = "acb"[chance(state, 3)],
			.major = chance_number(state, MAJOR, MAJORS - 1),
			.minor = chance_number(state, 0, MINORS - 1),
			.access = 1 + chance(state, DEVICE_ALL),
		};
}

/* ------------------------------------------------------------------ both, beside each other */

struct scene {
	struct arena arena;
	struct host host;
	char outer[128], inner[160], dir[64];
	struct run runs[2]; /* of the outer cgroup, the inner one */
	bool *answers;
};

static void scene_open(struct scene *s)
{
	struct err err = {};

	*s = (struct scene){};
	cr_assert_eq(host_probe(&s->arena, &s->host, &err), 0, "%s", err.what);
	if (s->host.uid != 0 || !s->host.cgroup_root)
		cr_skip_test("needs root and cgroup version 2");
	(void)snprintf(s->outer, sizeof(s->outer), "%s/pctrun-devices-%d", s->host.cgroup_root,
		       (int)getpid());
	(void)snprintf(s->inner, sizeof(s->inner), "%s/inner", s->outer);
	(void)strcpy(s->dir, "/tmp/pctrun-devices-XXXXXX");
	cr_assert_not_null(mkdtemp(s->dir));
	cr_assert(mkdir(s->outer, 0755) == 0 && mkdir(s->inner, 0755) == 0, "%s", strerror(errno));
	for (size_t i = 0; i < ARRAY_SIZE(s->runs); i++) {
		run_init(&s->runs[i]);
		s->runs[i].cgroup_fd = open(i ? s->inner : s->outer, O_RDONLY | O_CLOEXEC);
	}
	s->answers = mmap(NULL, ASKED, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	cr_assert_neq(s->answers, MAP_FAILED);
}

static void scene_close(struct scene *s)
{
	char path[128];

	for (size_t i = 0; i < ARRAY_SIZE(s->runs); i++)
		run_close(&s->runs[i]);
	(void)rmdir(s->inner);
	(void)rmdir(s->outer);
	for (size_t i = 0; i < ASKED; i++) {
		const struct device_request request = request_of(i);

		path_of(&request, s->dir, path);
		(void)unlink(path);
	}
	(void)snprintf(path, sizeof(path), "%s/new", s->dir);
	(void)unlink(path);
	(void)rmdir(s->dir);
	arena_free(&s->arena);
}

/* The step's own way to put a policy on a cgroup, or in place of another one, whatever that is. */
static int put(struct run *run, const struct device_policy *policy)
{
	const struct cgroup_devices_step before = {.policy.count = SIZE_MAX},
					 after = {.policy = *policy};
	struct err err = {};

	return devices_find(run->cgroup_fd) == -ENOENT
		       ? devices_apply(&after.step, run, &err)
		       : devices_change(&before.step, &after.step, run, &err);
}

/* Return: how many of the kernel's answers are others than those read from its programs. */
static unsigned int compare(struct scene *s, const struct device_policy policies[2])
{
	cleanup_(arena_free) struct arena arena = {};
	struct device_filters filters;
	unsigned int wrong = 0;

	cr_assert_eq(device_programs_observe(&arena, s->runs[1].cgroup_fd, &filters), 0);
	device_programs_name(s->runs[0].cgroup_fd, "/outer", &filters);
	device_programs_name(s->runs[1].cgroup_fd, "/outer/inner", &filters);
	cr_assert_geq(filters.count, 2, "%zu filters are in effect", filters.count);
	for (size_t i = 0; i < ASKED; i++) {
		const struct device_request request = request_of(i);
		const struct device_verdict verdict = device_filters_ask(&filters, &request);

		wrong += verdict.answer != (s->answers[i] ? DEVICE_ALLOWED : DEVICE_DENIED);
		if (verdict.answer == DEVICE_DENIED && verdict.filter->cgroup) {
			const bool inner = strcmp(verdict.filter->cgroup, "/outer/inner") == 0;

			wrong += devices_allow(&policies[inner], request.type, request.major,
					       request.minor, request.access);
		}
	}
	return wrong;
}

Test(cgroup_device_kernel, generated_rules)
{
	struct device_rule rules[2][RULES];
	struct device_policy policies[2] = {{.rules = rules[0]}, {.rules = rules[1]}};
	unsigned int wrong = 0, rounds;
	uint32_t state = 1;
	struct scene s;
	int r = 0;

	scene_open(&s);
	if (make_nodes(s.dir) < 0) {
		scene_close(&s);
		cr_skip_test("device nodes can't be made here");
	}
	for (rounds = 0; r == 0 && rounds < ROUNDS; rounds++) {
		for (size_t i = 0; r == 0 && i < ARRAY_SIZE(policies); i++) {
			generate(&state, &policies[i]);
			r = put(&s.runs[i], &policies[i]);
		}
		if (r == 0)
			r = ask_kernel(s.runs[1].cgroup_fd, s.dir, s.answers);
		if (r == 0)
			wrong += compare(&s, policies);
	}
	scene_close(&s);
	if (r < 0)
		cr_skip_test("device filters can't be loaded here: %s", strerror(-r));
	cr_expect_eq(wrong, 0, "%u of %u answers are other than the kernel's", wrong,
		     rounds * ASKED);
}
