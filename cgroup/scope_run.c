#include "cgroup/scope_run.h"

#include "cgroup/scope.h"
#include "lib/arena.h"
#include "lib/err.h"
#include "lib/own.h"
#include "lib/process.h"
#include "lib/text.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define PROGRAM "pctrun-scope"

/* Beside this program as it was called, else where it is installed, else in PATH. Not by
 * /proc/self/exe: lib/self.h may have made a file of its own of that. */
static const char *find_program(struct arena *arena)
{
	static const char installed[] = PCTRUN_PREFIX "/libexec/" PROGRAM;
	const char *slash = strrchr(program_invocation_name, '/');
	const char *beside;

	if (slash) {
		beside =
			arena_printf(arena, "%.*s/" PROGRAM, (int)(slash - program_invocation_name),
				     program_invocation_name);
		if (access(beside, X_OK) == 0)
			return beside;
	}
	return access(installed, X_OK) == 0 ? installed : PROGRAM;
}

/* ------------------------------------------------------------------ its words */

struct words {
	const char **argv;
	size_t count;
};

static size_t count_properties(const struct scope *scope)
{
	size_t count = 0;

	for (const struct scope_property *p = scope->first; p; p = p->next)
		for (const char *const *word = p->words; *word; word++)
			count++;
	return count;
}

static void add(struct words *words, const char *word)
{
	words->argv[words->count++] = word;
}

/* "pctrun-scope --user DIR VERB UNIT", with room for @more words and a NULL. */
static struct words begin(struct arena *arena, const char *user_dir, const char *verb,
			  const char *unit, size_t more)
{
	struct words words = {.argv = arena_array(arena, more + 6, sizeof(*words.argv))};

	add(&words, find_program(arena));
	if (user_dir) {
		add(&words, "--user");
		add(&words, user_dir);
	}
	add(&words, verb);
	add(&words, unit);
	return words;
}

static void add_properties(struct words *words, const struct scope *scope)
{
	for (const struct scope_property *p = scope->first; p; p = p->next)
		for (const char *const *word = p->words; *word; word++)
			add(words, *word);
}

/* ------------------------------------------------------------------ its answers */

/* A path means that it stays: it has more to do. Everything else ends with it. */
static void read_answer(int fd, struct text *answer)
{
	char buffer[1024];
	ssize_t n;

	while ((n = read(fd, buffer, sizeof(buffer))) != 0) {
		if (n < 0 && errno != EINTR)
			return;
		if (n > 0)
			text_addn(answer, buffer, (size_t)n);
		if (text_str(answer)[0] == '/' && strchr(text_str(answer), '\n'))
			return;
	}
}

/* Two lines: what failed, what to do. */
static int judge(int status, const char *answer, struct err *err)
{
	size_t first = strcspn(answer, "\n");
	const char *hint = answer[first] ? answer + first + 1 : "";

	if (WIFSIGNALED(status))
		return err_plain(err, -EIO, PROGRAM ": ended by signal %d", WTERMSIG(status));
	if (WEXITSTATUS(status) == 0)
		return 0;
	err_plain(err, -WEXITSTATUS(status), "%.*s", (int)first, answer);
	if (strcspn(hint, "\n") > 0)
		err_hint(err, "%.*s", (int)strcspn(hint, "\n"), hint);
	return -WEXITSTATUS(status);
}

static int reap(pid_t pid, const char *answer, struct err *err)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_set(err, -errno, "wait for " PROGRAM);
	return judge(status, answer, err);
}

static int begin_process(const struct words *words, struct keeper *process, struct err *err)
{
	int pair[2], r;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_set(err, -errno, "make a socket for " PROGRAM);
	r = process_start(words->argv, pair[1], &process->pid);
	close_fd(pair[1]);
	if (r == 0) {
		process->socket_fd = pair[0];
		return 0;
	}
	close_fd(pair[0]);
	err_set(err, r, "run %s", words->argv[0]);
	err_hint(err,
		 "it comes with pctrun, for the cgroup manager systemd; cgroupfs needs nothing");
	return r;
}

static int run_to_end(const struct words *words, struct err *err)
{
	cleanup_(text_free) struct text answer = {};
	struct keeper process = {.socket_fd = -EBADF};
	int r;

	r = begin_process(words, &process, err);
	if (r < 0)
		return r;
	read_answer(process.socket_fd, &answer);
	close_fd(process.socket_fd);
	return reap(process.pid, text_str(&answer), err);
}

/* ------------------------------------------------------------------ what it is asked for */

const char *scope_user_dir(const struct scope *scope)
{
	return scope->user ? getenv("XDG_RUNTIME_DIR") : NULL;
}

static int check_user(const struct scope *scope, struct err *err)
{
	if (!scope->user || scope_user_dir(scope))
		return 0;
	err_plain(err, -ENOENT, "start %s: XDG_RUNTIME_DIR isn't set", scope->unit);
	err_hint(err, "it says where the user's systemd is; log in as the user, not by su");
	return -ENOENT;
}

int scope_start(struct arena *arena, const struct scope *scope, const char *description,
		struct keeper *keeper, const char **cgroup, struct err *err)
{
	cleanup_(text_free) struct text answer = {};
	struct words words = begin(arena, scope_user_dir(scope), "start", scope->unit,
				   count_properties(scope) + 3);
	int r = check_user(scope, err);

	if (r < 0)
		return r;
	add(&words, "Description");
	add(&words, "s");
	add(&words, description);
	add_properties(&words, scope);
	r = begin_process(&words, keeper, err);
	if (r < 0)
		return r;
	read_answer(keeper->socket_fd, &answer);
	if (text_str(&answer)[0] == '/') {
		*cgroup = arena_strndup(arena, answer.at, strcspn(answer.at, "\n"));
		return 0;
	}
	close_fd(keeper->socket_fd);
	r = reap(keeper->pid, text_str(&answer), err);
	return r < 0 ? r : err_plain(err, -EIO, "start %s: " PROGRAM " said nothing", scope->unit);
}

int scope_set(const struct scope *scope, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	struct words words =
		begin(&arena, scope_user_dir(scope), "set", scope->unit, count_properties(scope));
	int r = check_user(scope, err);

	if (r < 0)
		return r;
	add_properties(&words, scope);
	return run_to_end(&words, err);
}

int scope_stop(const char *unit, const char *user_dir, const char *description, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	struct words words = begin(&arena, user_dir, "stop", unit, 1);

	add(&words, description);
	return run_to_end(&words, err);
}
