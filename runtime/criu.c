#include "runtime/criu.h"

#include "lib/err.h"
#include "lib/host.h"
#include "lib/msg.h"
#include "lib/protobuf.h"
#include "lib/sys.h"
#include "runtime/sync.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* Fields of criu_req, criu_resp, criu_notify and the messages in criu_opts, as rpc.proto has them.
 */
enum { REQ_TYPE = 1, REQ_OPTS = 2, REQ_NOTIFY_SUCCESS = 3 };
enum { RESP_TYPE = 1, RESP_SUCCESS = 2, RESP_NOTIFY = 5, RESP_ERRNO = 7, RESP_ERRMSG = 9 };
enum { NOTIFY_SCRIPT = 1, NOTIFY_PID = 2 };
enum { INHERIT_KEY = 1, INHERIT_FD = 2 };
enum { CGROUP_ROOT_PATH = 2 };
enum { TYPE_NOTIFY = 6 };
enum { MESSAGE_MAX = 1 << 16, UMASK_DEFAULT = 0022 };

/* Engines leave PATH out of some calls' environment. */
static const char usual_path[] = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin";

/* What CRIU has said: a notice, or the answer. */
struct answer {
	uint64_t type, success;
	int64_t num;       /* why it failed; 0: it doesn't say */
	char message[256]; /* the same in words, ""            */
	char script[64];   /* of a notice                      */
	struct criu_notice notice;
};

void criu_init(struct criu *criu)
{
	*criu = (struct criu){.socket_fd = -EBADF, .made_fds = {-EBADF, -EBADF}};
}

/* It reads and writes memory and namespaces of others: the kernel lets root of the host do that. */
static int check_caller(const struct host *host, struct err *err)
{
	if (host->uid == 0 && host->initial_userns && !host->ordinary)
		return 0;
	err_plain(err, -EPERM, "CRIU works for root of the host alone");
	err_hint(err, "checkpoint and restore containers of root");
	return -EPERM;
}

static bool is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

static bool find_in(const char *folders, const char *name, char *path, size_t size)
{
	while (*folders) {
		const size_t length = strcspn(folders, ":");

		(void)snprintf(path, size, "%.*s/%s", (int)length, folders, name);
		if (folders[0] == '/' && is_program(path))
			return true;
		folders += length + (folders[length] == ':');
	}
	return false;
}

static bool find(const char *name, char *path, size_t size)
{
	const char *folders = getenv("PATH");

	if (!strchr(name, '/'))
		return find_in(folders ? folders : "", name, path, size) ||
		       find_in(usual_path, name, path, size);
	(void)snprintf(path, size, "%s", name);
	return is_program(path);
}

int criu_find(struct criu *criu, const char *program, const struct host *host, struct err *err)
{
	const char *name = program ? program : "criu";
	int r = check_caller(host, err);

	if (r < 0 || find(name, criu->path, sizeof(criu->path)))
		return r;
	err_plain(err, -ENOENT, "%s: there is no such program", name);
	err_hint(err, "CRIU does it: install the package criu");
	return -ENOENT;
}

void criu_set(struct criu *criu, enum criu_option option, int64_t value)
{
	protobuf_add_number(&criu->options, option, value);
}

void criu_set_text(struct criu *criu, enum criu_option option, const char *value)
{
	protobuf_add_string(&criu->options, option, value);
}

void criu_inherit(struct criu *criu, const char *key, int fd)
{
	cleanup_(text_free) struct text inherit = {};

	protobuf_add_string(&inherit, INHERIT_KEY, key);
	protobuf_add_number(&inherit, INHERIT_FD, fd);
	protobuf_add_message(&criu->options, CRIU_INHERIT_FD, &inherit);
}

void criu_set_cgroup_root(struct criu *criu, const char *path)
{
	cleanup_(text_free) struct text root = {};

	protobuf_add_string(&root, CGROUP_ROOT_PATH, path);
	protobuf_add_message(&criu->options, CRIU_CG_ROOT, &root);
}

void criu_external(struct criu *criu, const char *type, const char *id, const char *value)
{
	cleanup_(text_free) struct text external = {};

	text_addf(&external, "%s[%s]%s%s", type, id, value ? ":" : "", value ? value : "");
	criu_set_text(criu, CRIU_EXTERNAL, text_str(&external));
}

static void keep(int fd)
{
	(void)fcntl(fd, F_SETFD, 0);
}

/* CRIU runs ip(8), tar(1) and iptables(8) by their names. Nothing else of the caller's environment
 * can change what it does. */
static void set_environment(void)
{
	cleanup_(text_free) struct text path = {};
	const char *folders = getenv("PATH");

	text_addf(&path, "%s%s%s", folders ? folders : "", folders ? ":" : "", usual_path);
	(void)clearenv();
	(void)setenv("PATH", text_str(&path), 1);
	(void)setenv("LC_ALL", "C", 1);
}

/* Its words are in its log; what it says before it has one would be among ours. */
static void leave_stdio(void)
{
	cleanup_close int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int place = 0; fd >= 0 && place < 3; place++)
		(void)dup2(fd, place);
}

static _Noreturn void become_criu(const struct criu *criu, int socket_fd)
{
	struct err err = {};
	sigset_t none;
	char number[16];

	if (criu->enter && criu->enter(criu->data, &err) < 0) {
		sync_fail(socket_fd, &err);
		_exit(1);
	}
	/* Where nobody is there any more the socket is closed for CRIU too. */
	(void)sync_send(socket_fd, SYNC_READY);
	if (criu->enter)
		(void)msg_send(socket_fd, "", 1, criu->made_fds, CRIU_MADE_FDS);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	if (criu->own_stdio)
		leave_stdio();
	(void)sys_close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
	keep(socket_fd);
	for (size_t i = 0; i < criu->kept_count; i++)
		keep(criu->kept_fds[i]);
	set_environment();
	(void)umask(UMASK_DEFAULT); /* who may read its files is said by their folder's mode */
	(void)snprintf(number, sizeof(number), "%d", socket_fd);
	(void)execl(criu->path, "criu", "swrk", number, (char *)NULL);
	_exit(1);
}

static int receive_made(struct criu *criu, struct err *err)
{
	int fds[MSG_FDS_MAX];
	size_t count = 0;
	char byte;
	ssize_t n = msg_receive(criu->socket_fd, &byte, sizeof(byte), fds, &count);

	for (size_t i = 0; n >= 0 && i < count; i++)
		if (i < CRIU_MADE_FDS)
			criu->made_fds[i] = fds[i];
		else
			close_fd(fds[i]);
	return n == 1 && count == CRIU_MADE_FDS ? 0
						: err_set(err, -EPIPE, "prepare CRIU's process");
}

int criu_start(struct criu *criu, struct err *err)
{
	const struct clone_request request = {.cgroup_fd = -EBADF, .exit_signal = SIGCHLD};
	cleanup_close int theirs = -EBADF;
	int pair[2], r;

	r = msg_pair(pair);
	if (r < 0)
		return err_set(err, r, "make a socket");
	criu->socket_fd = pair[0];
	theirs = pair[1];
	criu->pid = sys_clone(&request);
	if (criu->pid < 0)
		return err_set(err, criu->pid, "clone a process for CRIU");
	if (criu->pid == 0)
		become_criu(criu, theirs);
	theirs = close_fd(theirs);
	r = sync_wait(criu->socket_fd, SYNC_READY, err);
	return r < 0 || !criu->enter ? r : receive_made(criu, err);
}

static void copy_string(char *to, size_t size, const struct protobuf *from)
{
	const size_t length = from->left < size ? from->left : size - 1;

	memcpy(to, from->at ? from->at : "", from->at ? length : 0);
	to[from->at ? length : 0] = '\0';
}

static int read_notice(struct protobuf message, struct answer *answer)
{
	struct protobuf_field field;
	int r;

	while ((r = protobuf_next(&message, &field)) > 0)
		if (field.field == NOTIFY_SCRIPT)
			copy_string(answer->script, sizeof(answer->script), &field.bytes);
		else if (field.field == NOTIFY_PID)
			answer->notice.pid = (pid_t)field.number;
	answer->notice.name = answer->script;
	return r;
}

static int read_answer(struct protobuf message, struct answer *answer)
{
	struct protobuf_field field;
	int r;

	*answer = (struct answer){.notice.fd = -EBADF};
	while ((r = protobuf_next(&message, &field)) > 0) {
		if (field.field == RESP_TYPE)
			answer->type = field.number;
		else if (field.field == RESP_SUCCESS)
			answer->success = field.number;
		else if (field.field == RESP_ERRNO)
			answer->num = (int64_t)field.number;
		else if (field.field == RESP_ERRMSG)
			copy_string(answer->message, sizeof(answer->message), &field.bytes);
		else if (field.field == RESP_NOTIFY && read_notice(field.bytes, answer) < 0)
			return -EBADMSG;
	}
	return r;
}

static int silent(int num, struct err *err)
{
	return err_plain(err, num, "CRIU ended without an answer");
}

static int receive(const struct criu *criu, struct answer *answer, int *fd, struct err *err)
{
	cleanup_free char *buffer = malloc(MESSAGE_MAX);
	int fds[MSG_FDS_MAX], r;
	size_t count = 0;
	ssize_t n;

	if (!buffer)
		return err_set(err, -ENOMEM, "hear CRIU");
	n = msg_receive(criu->socket_fd, buffer, MESSAGE_MAX, fds, &count);
	for (size_t i = 1; n >= 0 && i < count; i++)
		close_fd(fds[i]);
	*fd = n >= 0 && count > 0 ? fds[0] : -EBADF;
	if (n <= 0)
		return silent(n < 0 ? (int)n : -EPIPE, err);
	r = read_answer((struct protobuf){buffer, (size_t)n}, answer);
	answer->notice.fd = *fd;
	answer->notice.name = answer->script;
	return r < 0 ? err_plain(err, r, "CRIU's answer can't be read") : 0;
}

static int say(const struct criu *criu, const struct text *message, struct err *err)
{
	int r = msg_send(criu->socket_fd, text_str(message), message->length, NULL, 0);

	return r < 0 ? silent(r, err) : 0;
}

static int say_noticed(const struct criu *criu, bool well, struct err *err)
{
	cleanup_(text_free) struct text message = {};

	protobuf_add_number(&message, REQ_TYPE, TYPE_NOTIFY);
	protobuf_add_number(&message, REQ_NOTIFY_SUCCESS, well);
	return say(criu, &message, err);
}

/* The first failure is the reason: what CRIU says after ours is only that we have failed. */
static int attend_notices(struct criu *criu, struct answer *answer, struct err *err)
{
	int failed = 0, r = 0;

	while (r == 0) {
		cleanup_close int fd = -EBADF;

		r = receive(criu, answer, &fd, failed < 0 ? NULL : err);
		if (r < 0 || answer->type != TYPE_NOTIFY)
			break;
		if (failed == 0 && criu->notice)
			failed = criu->notice(criu->data, &answer->notice, err);
		r = say_noticed(criu, failed == 0, failed < 0 ? NULL : err);
	}
	criu->failed = failed == 0 && (r < 0 || !answer->success);
	return failed < 0 ? failed : r;
}

int criu_ask(struct criu *criu, enum criu_request request, struct err *err)
{
	cleanup_(text_free) struct text message = {};
	struct answer answer = {};
	int r;

	protobuf_add_number(&message, REQ_TYPE, request);
	protobuf_add_message(&message, REQ_OPTS, &criu->options);
	r = say(criu, &message, err);
	if (r == 0)
		r = attend_notices(criu, &answer, err);
	if (r < 0 || answer.success)
		return r;
	return err_plain(err, -EIO, "CRIU failed%s%s", answer.message[0] ? ": " : "",
			 answer.message);
}

void criu_end(struct criu *criu)
{
	criu->socket_fd = close_fd(criu->socket_fd);
	while (criu->pid > 0 && waitpid(criu->pid, NULL, 0) < 0 && errno == EINTR)
		;
	criu->pid = 0;
	for (size_t i = 0; i < CRIU_MADE_FDS; i++)
		criu->made_fds[i] = close_fd(criu->made_fds[i]);
	text_free(&criu->options);
}
