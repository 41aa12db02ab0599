#include "seccomp/filter.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/msg.h"
#include "lib/own.h"
#include "lib/plan.h"
#include "lib/run.h"
#include "lib/text.h"
#include "oci/spec.h"
#include "seccomp/blame.h"
#include "seccomp/cache.h"
#include "seccomp/explain.h"
#include "seccomp/paths.h"

#include <criterion/criterion.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const socket_names[] = {"socket"}, *const umount_names[] = {"umount2"},
			 *const plain_names[] = {"read",       "write", "close",        "openat",
						 "exit_group", "futex", "no_such_call", "clone3"},
			 *const clone_names[] = {"clone", "personality"},
			 *const keyctl_names[] = {"keyctl", "bpf"};

#define NAMES(list)                                                                                \
	{                                                                                          \
		ARRAY_SIZE(list), (const char **)(list)                                            \
	}

static struct oci_seccomp_arg umount_arg = {1, 1, 1, "SCMP_CMP_MASKED_EQ"};
static struct oci_seccomp_arg socket_arg = {0, 38, 0, "SCMP_CMP_EQ"};
static struct oci_seccomp_arg two_args[] = {{0, 5, 0, "SCMP_CMP_GT"}, {1, 9, 0, "SCMP_CMP_LE"}};
static struct oci_seccomp_arg same_arg[] = {{0, 8, 0, "SCMP_CMP_EQ"}, {0, 16, 0, "SCMP_CMP_GE"}};

/* What Proxmox gives an unprivileged container, in its shape. */
static struct oci_seccomp_rule deny_rules[] = {
	{NAMES(umount_names), "SCMP_ACT_ERRNO", {true, 13}, {1, &umount_arg}},
	{NAMES(keyctl_names), "SCMP_ACT_ERRNO", {true, 38}, {}},
	{NAMES(socket_names), "SCMP_ACT_ERRNO", {true, 97}, {1, &socket_arg}},
	{NAMES(plain_names), "SCMP_ACT_ALLOW", {}, {}},
};

/* What engines have: a list of what is allowed. */
static struct oci_seccomp_rule allow_rules[] = {
	{NAMES(plain_names), "SCMP_ACT_ALLOW", {}, {}},
	{NAMES(clone_names), "SCMP_ACT_ALLOW", {}, {2, two_args}},
	{NAMES(socket_names), "SCMP_ACT_ALLOW", {}, {2, same_arg}},
	{NAMES(keyctl_names), "SCMP_ACT_TRAP", {}, {}},
};

static const struct filter_container container = {"id", "/bundle", "creating"};

static const struct oci_seccomp profiles[] = {
	{.default_action = "SCMP_ACT_ALLOW", .syscalls = {ARRAY_SIZE(deny_rules), deny_rules}},
	{.default_action = "SCMP_ACT_ERRNO", .syscalls = {ARRAY_SIZE(allow_rules), allow_rules}},
	{.default_action = "SCMP_ACT_ERRNO",
	 .default_errno_ret = {true, 38},
	 .syscalls = {ARRAY_SIZE(allow_rules), allow_rules}},
	{.default_action = "SCMP_ACT_KILL_PROCESS",
	 .syscalls = {ARRAY_SIZE(allow_rules), allow_rules}},
};

static const uint64_t some_args[][FILTER_ARGS] = {
	{},      {1, 1}, {38, 0}, {38, 1}, {5, 9},         {6, 9},
	{6, 10}, {8, 0}, {15, 3}, {16, 2}, {~0ULL, ~0ULL}, {0x100000026, 0x100000001},
};

static void compare_program(size_t row, const struct profile *profile,
			    const struct program *program)
{
	for (int number = 0; number < 600; number++) {
		for (size_t i = 0; i < ARRAY_SIZE(some_args); i++) {
			struct seccomp_data data = {.nr = number, .arch = seccomp_arch_native()};
			struct explanation said = explain_call(profile, number, some_args[i]);
			uint32_t done;

			memcpy(data.args, some_args[i], sizeof(data.args));
			done = program_run(program, &data);
			cr_assert_eq(done, said.action,
				     "profile %zu, call %d, arguments %zu: 0x%x, explained as 0x%x",
				     row, number, i, done, said.action);
		}
	}
}

/* compare_fn - one profile, the program that was made of it, and somebody else's opinion */
typedef void compare_fn(size_t row, const struct profile *profile, const struct program *program);

static void for_each_program(compare_fn *compare)
{
	for (size_t i = 0; i < ARRAY_SIZE(profiles); i++) {
		cleanup_(arena_free) struct arena arena = {};
		struct profile profile;
		struct program program;
		struct err err = {};

		cr_assert_eq(profile_make(&arena, &profiles[i], &profile, &err), 0, "%s", err.what);
		cr_assert_eq(filter_compile(&arena, &profile, &program, &err), 0, "%s", err.what);
		compare(i, &profile, &program);
	}
}

Test(seccomp_filter, compiled_as_explained)
{
	for_each_program(compare_program);
}

/* Makes a call under a filter, NULL: under none. Return: its errno, 0, or minus the signal. */
static int call_under(const struct program *program, long number, const uint64_t *args)
{
	const struct sock_fprog loaded = {program ? (unsigned short)program->count : 0,
					  program ? program->insns : NULL};
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (program && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
				prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &loaded) < 0))
			_exit(255);
		status = syscall(number, args[0], args[1], args[2], args[3], args[4], args[5]) == -1
				 ? errno
				 : 0;
		/* A sanitizer's _exit() makes calls that the filter knows nothing of. */
		(void)syscall(SYS_exit_group, status);
	}
	cr_assert_gt(pid, 0);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* What the kernel does with a call is what was said of it. */
static void compare_kernel(size_t row, const struct profile *profile, const struct program *program)
{
	static const char *const calls[] = {"personality", "socket", "keyctl",
					    "umount2",     "bpf",    "getppid"};

	for (size_t i = 0; i < ARRAY_SIZE(calls) * ARRAY_SIZE(some_args); i++) {
		const char *name = calls[i % ARRAY_SIZE(calls)];
		const uint64_t *args = some_args[i / ARRAY_SIZE(calls)];
		int number = seccomp_syscall_resolve_name(name);
		struct explanation said = explain_call(profile, number, args);
		uint32_t kind = said.action & 0xffff0000;
		int want = call_under(NULL, number, args);

		if (kind == SCMP_ACT_ERRNO(0))
			want = (int)(said.action & 0xffff);
		else if (kind != SCMP_ACT_ALLOW) /* TRAP too: nobody has a handler */
			want = -SIGSYS;
		cr_assert_eq(call_under(program, number, args), want,
			     "profile %zu, %s, arguments %zu: explained as 0x%x", row, name,
			     i / ARRAY_SIZE(calls), said.action);
	}
}

Test(seccomp_filter, the_kernel_agrees)
{
	for_each_program(compare_kernel);
}

Test(seccomp_filter, explained)
{
	static const struct {
		size_t profile;
		const char *call;
		uint64_t args[FILTER_ARGS];
		const char *text;
	} rows[] = {
		{0, "umount2", {0, 3}, "ERRNO EACCES: rule on umount2 where arg1 & 0x1 == 0x1"},
		{0, "umount2", {0, 2}, "ALLOW: no rule matches, the default"},
		{0, "keyctl", {}, "ERRNO ENOSYS: rule on keyctl"},
		{1, "clone", {6, 9}, "ALLOW: rule on clone where arg0 > 5 and arg1 <= 9"},
		{1, "clone", {5, 9}, "ERRNO EPERM: no rule matches, the default"},
		{1, "socket", {20}, "ALLOW: rule on socket where arg0 >= 16"},
		{1, "bpf", {}, "TRAP: rule on bpf"},
		{1, "cachestat", {}, "ERRNO ENOSYS: newer than every call that the profile names"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		cleanup_(text_free) struct text text = {};
		struct profile profile;
		struct explanation said;
		struct err err = {};
		int number = seccomp_syscall_resolve_name(rows[i].call);

		if (strcmp(rows[i].call, "cachestat") == 0)
			number = 451; /* younger than Debian 12's libseccomp */
		cr_assert_eq(profile_make(&arena, &profiles[rows[i].profile], &profile, &err), 0);
		said = explain_call(&profile, number, rows[i].args);
		explain_text(&said, &text);
		cr_expect_str_eq(text_str(&text), rows[i].text, "%s: %s", rows[i].call,
				 text_str(&text));
	}
}

Test(seccomp_filter, refused)
{
	static const char *const write_names[] = {"write"}, *const two_lines[] = {"a 0\nread"};
	static struct oci_seccomp_arg wrong_op = {0, 1, 0, "EQ"},
				      wrong_index = {6, 1, 0, "SCMP_CMP_EQ"};
	static struct oci_seccomp_rule
		nameless = {.action = "SCMP_ACT_ALLOW"},
		unknown = {NAMES(write_names), "ALLOW", {}, {}},
		strange = {NAMES(two_lines), "SCMP_ACT_KILL", {}, {}},
		numbered = {NAMES(write_names), "SCMP_ACT_KILL", {true, 1}, {}},
		notify_write = {NAMES(write_names), "SCMP_ACT_NOTIFY", {}, {}},
		op = {NAMES(write_names), "SCMP_ACT_KILL", {}, {1, &wrong_op}},
		index = {NAMES(write_names), "SCMP_ACT_KILL", {}, {1, &wrong_index}};
	static const char *words[] = {"nonsense"},
			  *killable[] = {"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"};
	const struct {
		struct oci_seccomp seccomp;
		const char *what;
	} rows[] = {
		{{.default_action = "ALLOW"},
		 "linux.seccomp.defaultAction: \"ALLOW\" is not an action"},
		{{.default_action = "SCMP_ACT_NOTIFY"},
		 "linux.seccomp.defaultAction: SCMP_ACT_NOTIFY can't be the default"},
		{{.default_action = "SCMP_ACT_ALLOW", .default_errno_ret = {true, 1}},
		 "linux.seccomp.defaultAction: SCMP_ACT_ALLOW takes no errno"},
		{{.default_action = "SCMP_ACT_ALLOW", .architectures = {1, words}},
		 "linux.seccomp.architectures[0]: \"nonsense\" is not known"},
		{{.default_action = "SCMP_ACT_ALLOW", .flags_set = true, .flags = {1, words}},
		 "linux.seccomp.flags[0]: \"nonsense\" is not known"},
		{{.default_action = "SCMP_ACT_ALLOW", .syscalls = {1, &nameless}},
		 "linux.seccomp.syscalls[0]: no names"},
		{{.default_action = "SCMP_ACT_ALLOW", .syscalls = {1, &unknown}},
		 "linux.seccomp.syscalls[0]: \"ALLOW\" is not an action"},
		{{.default_action = "SCMP_ACT_ALLOW", .syscalls = {1, &strange}},
		 "linux.seccomp.syscalls[0]: \"a 0\nread\" is no name of a system call"},
		{{.default_action = "SCMP_ACT_ALLOW", .syscalls = {1, &numbered}},
		 "linux.seccomp.syscalls[0]: SCMP_ACT_KILL takes no errno"},
		{{.default_action = "SCMP_ACT_ALLOW", .syscalls = {1, &notify_write}},
		 "linux.seccomp.syscalls[0]: SCMP_ACT_NOTIFY can't be used for write"},
		{{.default_action = "SCMP_ACT_ALLOW", .syscalls = {1, &op}},
		 "linux.seccomp.syscalls[0]: \"EQ\" is not an operator"},
		{{.default_action = "SCMP_ACT_ALLOW", .syscalls = {1, &index}},
		 "linux.seccomp.syscalls[0]: a system call has no argument 6"},
		{{.default_action = "SCMP_ACT_ALLOW", .flags = {1, killable}},
		 "linux.seccomp.flags: SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV is for rules with "
		 "SCMP_ACT_NOTIFY"},
		{{.default_action = "SCMP_ACT_ALLOW", .listener_metadata = "x"},
		 "linux.seccomp.listenerMetadata makes no sense without listenerPath"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		struct profile profile;
		struct err err = {};

		cr_expect_eq(profile_make(&arena, &rows[i].seccomp, &profile, &err), -EINVAL, "%s",
			     rows[i].what);
		cr_expect_str_eq(err.what, rows[i].what);
	}
}

static void remove_cache(const char *root)
{
	char command[128];

	(void)snprintf(command, sizeof(command), "rm -rf %s", root);
	cr_assert_eq(system(command), 0);
}

Test(seccomp_cache, only_the_whole_key)
{
	char root[] = "/tmp/pctrun-cache-XXXXXX", command[128];
	struct sock_filter allow = {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
	const struct program one = {1, &allow};
	cleanup_(arena_free) struct arena arena = {};
	struct program program = {};

	cr_assert_not_null(mkdtemp(root));
	cr_expect_eq(cache_find(&arena, root, "key", &program), -ENOENT, "nothing yet");
	cr_assert_eq(cache_add(root, "key", &one), 0);
	cr_assert_eq(cache_find(&arena, root, "key", &program), 0, "what was added");
	cr_expect_eq(program.count, 1);
	cr_expect_eq(program.insns[0].k, SECCOMP_RET_ALLOW);
	cr_expect_eq(cache_find(&arena, root, "other key", &program), -ENOENT, "another key");
	(void)snprintf(command, sizeof(command), "chmod 644 %s/.cache/seccomp/*", root);
	cr_assert_eq(system(command), 0);
	cr_expect_eq(cache_find(&arena, root, "key", &program), -ENOENT,
		     "a file that others may read is not ours");
	remove_cache(root);
}

Test(seccomp_cache, oldest_go)
{
	char root[] = "/tmp/pctrun-cache-XXXXXX", key[16];
	struct sock_filter allow = {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
	const struct program one = {1, &allow};
	cleanup_(arena_free) struct arena arena = {};
	struct program program;
	int found = 0;

	cr_assert_not_null(mkdtemp(root));
	for (int i = 0; i < CACHE_FILES_MAX + 5; i++) {
		(void)snprintf(key, sizeof(key), "key %d", i);
		cr_expect_eq(cache_add(root, key, &one), 0);
	}
	for (int i = 0; i < CACHE_FILES_MAX + 5; i++) {
		(void)snprintf(key, sizeof(key), "key %d", i);
		found += cache_find(&arena, root, key, &program) == 0;
	}
	cr_expect_eq(found, CACHE_FILES_MAX, "%d are left", found);
	remove_cache(root);
}

Test(seccomp_filter, loaded)
{
	static const char *const denied[] = {"getppid"};
	static struct oci_seccomp_rule rule = {NAMES(denied), "SCMP_ACT_ERRNO", {true, 42}, {}};
	struct oci_seccomp seccomp = {.default_action = "SCMP_ACT_ALLOW", .syscalls = {1, &rule}};
	const struct host host = {.machine = "test", .kernel = "test"};
	const struct oci_spec spec = {.oci_version = "1.2.0", .linux.seccomp = &seccomp};
	cleanup_(plan_free) struct plan plan = {.host = &host};
	cleanup_(run_close) struct run run;
	struct err err = {};
	int status;
	pid_t pid;

	run_init(&run);
	cr_assert_eq(filter_plan(&plan, &spec, false, &container, &err), 0, "%s", err.what);
	cr_assert_eq(run_slots(&run, plan.slots), 0);
	cr_assert_eq(step_apply(plan.first[STEP_PREPARE], &run, &err), 0, "%s", err.what);
	pid = fork();
	if (pid == 0) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
		    step_apply(plan.first[STEP_EXEC], &run, &err) < 0)
			_exit(1);
		_exit(syscall(SYS_getppid) == -1 && errno == 42 ? 0 : 2);
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_expect_eq(status, 0, "the call is denied with its errno: status 0x%x", status);
}

Test(seccomp_filter, listener)
{
	static const char *const asked[] = {"getppid"};
	static struct oci_seccomp_rule rule = {NAMES(asked), "SCMP_ACT_NOTIFY", {}, {}};
	char path[] = "/tmp/pctrun-listener-XXXXXX", text[4096] = "";
	struct oci_seccomp seccomp = {.default_action = "SCMP_ACT_ALLOW",
				      .listener_path = path,
				      .listener_metadata = "data",
				      .syscalls = {1, &rule}};
	const struct host host = {.machine = "test", .kernel = "test"};
	struct oci_pair annotation = {"a\"b", "c"};
	const struct oci_spec spec = {
		.oci_version = "1.2.0", .annotations = {1, &annotation}, .linux.seccomp = &seccomp};
	cleanup_(plan_free) struct plan plan = {.host = &host};
	cleanup_(run_close) struct run run;
	cleanup_close int listen_fd = -EBADF, agent_fd = -EBADF;
	struct err err = {};
	size_t count = 0;
	int fds[MSG_FDS_MAX];
	pid_t pid;

	close_fd(mkstemp(path));
	(void)unlink(path);
	listen_fd = unix_listen(path, SOCK_STREAM, 0600);
	cr_assert_geq(listen_fd, 0);
	run_init(&run);
	cr_assert_eq(filter_plan(&plan, &spec, false, &container, &err), 0, "%s", err.what);
	cr_assert_eq(run_slots(&run, plan.slots), 0);
	step_each (step, &plan, STEP_PREPARE)
		cr_assert_eq(step_apply(step, &run, &err), 0, "%s", err.what);
	run.pid = 4711;
	step_each (step, &plan, STEP_ATTACH)
		cr_assert_eq(step_apply(step, &run, &err), 0, "%s", err.what);
	pid = fork();
	if (pid == 0) {
		(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		_exit(step_apply(plan.first[STEP_EXEC], &run, &err) < 0);
	}
	agent_fd = accept(listen_fd, NULL, NULL);
	cr_assert_gt(msg_receive(agent_fd, text, sizeof(text) - 1, fds, &count), 0);
	cr_expect_eq(count, 1, "the notify descriptor comes along");
	cr_expect_str_eq(text, "{\"ociVersion\":\"1.2.0\",\"fds\":[\"seccompFd\"],\"pid\":4711,"
			       "\"metadata\":\"data\",\"state\":{\"ociVersion\":\"1.2.0\","
			       "\"id\":\"id\",\"status\":\"creating\",\"pid\":4711,"
			       "\"bundle\":\"/bundle\",\"annotations\":{\"a\\\"b\":\"c\"}}}");
	for (size_t i = 0; i < count; i++)
		close_fd(fds[i]);
	cr_expect_eq(waitpid(pid, NULL, 0), pid);
	(void)unlink(path);
}

/* A process that ended without a word may have been kept from one; a step's own word stands. */
Test(seccomp_filter, blame)
{
	static const struct {
		struct err err;
		const char *what, *origin;
	} rows[] = {
		{{.num = EPIPE, .plain = true, .what = "it ended"},
		 "seccomp 3 rules, else ERRNO: it ended",
		 "linux.seccomp"},
		{{.num = EPIPE, .what = "tty /dev/pts/0: send it", .number = 4},
		 "tty /dev/pts/0: send it",
		 ""},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(plan_free) struct plan plan = {};
		struct filter_step *filter =
			plan_step(&plan, &filter_kind, STEP_EXEC, sizeof(*filter), "linux.seccomp");
		struct err err = rows[i].err;
		struct run run;

		run_init(&run);
		filter->rules = 3;
		filter->fallback = "ERRNO";
		filter_blame(&plan, &run, &err);
		cr_expect_str_eq(err.what, rows[i].what, "row %zu", i);
		cr_expect_str_eq(err.origin, rows[i].origin, "row %zu", i);
		cr_expect_eq(*err.hint != 0, i == 0, "row %zu: %s", i, err.hint);
	}
}
