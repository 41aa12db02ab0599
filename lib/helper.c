#include "lib/helper.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/process.h"
#include "lib/text.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* Not by /proc/self/exe: lib/self.h may have made a file of its own of that. */
const char *helper_find(struct arena *arena, const char *name)
{
	const char *slash = strrchr(program_invocation_name, '/');
	const char *installed = arena_printf(arena, PCTRUN_PREFIX "/libexec/%s", name);
	const char *beside;

	if (slash) {
		beside = arena_printf(arena, "%.*s/%s", (int)(slash - program_invocation_name),
				      program_invocation_name, name);
		if (access(beside, X_OK) == 0)
			return beside;
	}
	return access(installed, X_OK) == 0 ? installed : name;
}

int helper_start(const char *const argv[], struct helper *helper, struct err *err)
{
	int pair[2], r;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_set(err, -errno, "make a socket for %s", argv[0]);
	r = process_start(argv, pair[1], &helper->pid);
	close_fd(pair[1]);
	if (r == 0) {
		helper->socket_fd = pair[0];
		return 0;
	}
	close_fd(pair[0]);
	err_set(err, r, "run %s", argv[0]);
	if (r == -ENOENT)
		err_hint(err, "it comes with pctrun, and belongs into " PCTRUN_PREFIX "/libexec");
	return r;
}

/* Two lines: what failed, what to do. */
static int judge(int status, const char *name, const char *answer, struct err *err)
{
	size_t first = strcspn(answer, "\n");
	const char *hint = answer[first] ? answer + first + 1 : "";

	if (WIFSIGNALED(status))
		return err_plain(err, -EIO, "%s: ended by signal %d", name, WTERMSIG(status));
	if (WEXITSTATUS(status) == 0)
		return 0;
	err_plain(err, -WEXITSTATUS(status), "%.*s", (int)first, answer);
	if (strcspn(hint, "\n") > 0)
		err_hint(err, "%.*s", (int)strcspn(hint, "\n"), hint);
	return -WEXITSTATUS(status);
}

int helper_end(const struct helper *helper, const char *name, const char *answer, struct err *err)
{
	int status;

	while (waitpid(helper->pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_set(err, -errno, "wait for %s", name);
	return judge(status, name, answer, err);
}

/* One that reads no further ends with a reason of its own, which is worth more than ours. */
static void send_all(int fd, const char *input)
{
	size_t left = strlen(input);

	while (left > 0) {
		ssize_t n = send(fd, input, left, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return;
		input += n;
		left -= (size_t)n;
	}
}

int helper_ask(const char *const argv[], const char *input, struct text *answer, struct err *err)
{
	const char *slash = strrchr(argv[0], '/');
	struct helper helper = {.socket_fd = -EBADF};
	int r = helper_start(argv, &helper, err);

	if (r < 0)
		return r;
	if (input)
		send_all(helper.socket_fd, input);
	(void)shutdown(helper.socket_fd, SHUT_WR);
	(void)read_to_end(helper.socket_fd, answer); /* its status says how it ended */
	close_fd(helper.socket_fd);
	return helper_end(&helper, slash ? slash + 1 : argv[0], text_str(answer), err);
}
