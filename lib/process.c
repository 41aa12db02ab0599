#include "lib/process.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/process_limit.h"
#include "lib/text.h"

#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

#define ALWAYS "/usr/sbin:/sbin:/usr/bin:/bin"

/* Where tools are looked for: also where a person's PATH doesn't lead. */
static void add_path(struct text *text)
{
	const char *path = getenv("PATH");

	text_addf(text, "%s:" ALWAYS, path && *path ? path : "/usr/bin");
}

bool process_has(const char *tool)
{
	cleanup_(text_free) struct text path = {};
	char *rest, *folder;

	add_path(&path);
	rest = path.at;
	while ((folder = strsep(&rest, ":"))) {
		cleanup_(text_free) struct text file = {};

		text_addf(&file, "%s/%s", folder, tool);
		if (*folder == '/' && access(text_str(&file), X_OK) == 0)
			return true;
	}
	return false;
}

/* Tools keep PATH and nothing else that could change what they do or say. */
static int spawn(const char *const argv[], int in_fd, int out_fd, pid_t *pid)
{
	cleanup_(text_free) struct text variable = {};
	posix_spawn_file_actions_t actions;
	int r;

	text_add(&variable, "PATH=");
	add_path(&variable);
	char *environment[] = {variable.at, (char *)"LC_ALL=C", NULL};

	r = posix_spawn_file_actions_init(&actions);
	if (r != 0)
		return -r;
	r = in_fd < 0 ? posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
		      : posix_spawn_file_actions_adddup2(&actions, in_fd, 0);
	if (r == 0)
		r = posix_spawn_file_actions_adddup2(&actions, out_fd, 1);
	if (r == 0)
		r = posix_spawn_file_actions_adddup2(&actions, out_fd, 2);
	if (r == 0)
		r = posix_spawnp(pid, argv[0], &actions, NULL, (char *const *)argv, environment);
	(void)posix_spawn_file_actions_destroy(&actions);
	return -r;
}

int process_start(const char *const argv[], int stdio_fd, pid_t *pid)
{
	return spawn(argv, stdio_fd, stdio_fd, pid);
}

/* "tool: reason", "error: reason": what stands behind the colon; NULL: neither. */
static const char *own_words(const char *line, const char *tool)
{
	const char *const heads[] = {tool, "error"};

	for (size_t i = 0; i < ARRAY_SIZE(heads); i++) {
		const size_t length = strlen(heads[i]);

		if (strncmp(line, heads[i], length) == 0 && strncmp(line + length, ": ", 2) == 0)
			return line + length + 2;
	}
	return NULL;
}

/* Where tools put their reason: the first line that they begin so, else the last one that says
 * something. */
static const char *find_reason(const char *text, const char *tool, size_t *length)
{
	const char *reason = "";

	*length = 0;
	for (const char *at = text; *at; at += strcspn(at, "\n"), at += *at == '\n') {
		const char *own = own_words(at, tool);

		if (strspn(at, " ") == strcspn(at, "\n"))
			continue;
		reason = own ? own : at;
		*length = strcspn(reason, "\n");
		if (own)
			break;
	}
	return reason;
}

static int ended(const char *tool, int status, struct err *err)
{
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	return err_plain(err, -EIO, "%s: ended by signal %d", tool, WTERMSIG(status));
}

int process_status(const char *const argv[], struct text *output, struct err *err)
{
	cleanup_close int read_fd = -EBADF;
	cleanup_close int write_fd = -EBADF;
	cleanup_(text_free) struct text unwanted = {};
	int pipe_fds[2], status, r;
	pid_t pid;

	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return err_set(err, -errno, "make a pipe for %s", argv[0]);
	read_fd = pipe_fds[0];
	write_fd = pipe_fds[1];
	r = spawn(argv, -EBADF, write_fd, &pid);
	write_fd = close_fd(write_fd);
	if (r < 0) {
		err_set(err, r, "run %s", argv[0]);
		if (r == -ENOENT)
			err_hint(err, "install it on the host");
		process_limit(-EBADF, err);
		return r;
	}
	(void)read_to_end(read_fd, output ? output : &unwanted); /* the status says how it ended */
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_set(err, -errno, "wait for %s", argv[0]);
	return ended(argv[0], status, err);
}

int process_failed(const char *tool, int status, const struct text *output, struct err *err)
{
	size_t length;
	const char *reason = find_reason(text_str(output), tool, &length);

	return err_plain(err, -EIO, "%s: exit status %d: %.*s", tool, status, (int)length, reason);
}

int process_run(const char *const argv[], struct text *output, struct err *err)
{
	cleanup_(text_free) struct text own = {};
	struct text *all = output ? output : &own;
	int status = process_status(argv, all, err);

	return status > 0 ? process_failed(argv[0], status, all, err) : status;
}
