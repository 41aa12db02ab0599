#include "why/attempt.h"

#include "lib/own.h"
#include "lib/sys.h"
#include "seccomp/calls.h"
#include "why/action.h"
#include "why/safe_call.h"
#include "why/says.h"
#include "why/subject.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* ------------------------------------------------------------------ as it is */

/* Devices that nothing happens to when they are opened; minor -1: any. */
static const struct {
	mode_t type;
	int major, minor;
} harmless[] = {
	{S_IFCHR, 1, -1},   {S_IFCHR, 5, 0},    {S_IFCHR, 5, 2},    {S_IFCHR, 136, -1},
	{S_IFCHR, 10, 200}, {S_IFCHR, 10, 229}, {S_IFCHR, 226, -1}, {S_IFBLK, 7, -1},
};

static bool is_harmless(mode_t mode, dev_t device)
{
	for (size_t i = 0; i < ARRAY_SIZE(harmless); i++)
		if ((mode & S_IFMT) == harmless[i].type &&
		    (int)major(device) == harmless[i].major &&
		    (harmless[i].minor < 0 || (int)minor(device) == harmless[i].minor))
			return true;
	return false;
}

bool attempt_whole(const struct subject *subject, const struct action *action)
{
	const struct place *object = object_of(subject);

	switch (action->kind) {
	case ACTION_OPEN:
		return !object || !(S_ISCHR(object->mode) || S_ISBLK(object->mode)) ||
		       is_harmless(object->mode, object->device);
	case ACTION_UNSHARE:
	case ACTION_BIND:
	case ACTION_CONNECT:
	case ACTION_CONNECT_LOCAL:
		return true;
	case ACTION_SYSCALL:
		return call_is_none(action->calls[0].number);
	default:
		return false;
	}
}

const char *attempt_effect(const struct action *action)
{
	switch (action->kind) {
	case ACTION_BIND:
		return "by binding the port for a moment";
	case ACTION_CONNECT:
	case ACTION_CONNECT_LOCAL:
	case ACTION_ACCEPT:
		if (action_is_ping(action))
			return "by a ping";
		return action->socket_type == SOCK_DGRAM
			       ? "by connect(2) of a datagram's socket, which sends nothing"
			       : "by a connection that is closed at once";
	default:
		return NULL;
	}
}

/* What a device's driver says comes last. */
static bool is_drivers_word(int error, const char *path)
{
	struct stat st;

	return (error == ENXIO || error == ENODEV) && stat(path, &st) == 0 &&
	       (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode));
}

static int open_it(const struct action *action)
{
	int flags = (int)action->calls[0].args[2];
	int fd = open(action->path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return is_drivers_word(errno, action->path) ? 0 : errno;
	close_fd(fd);
	return 0;
}

static int bind_it(const struct action *action)
{
	cleanup_close int fd =
		socket(action->address.ss_family, action->socket_type | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return errno;
	return bind(fd, (const struct sockaddr *)&action->address, action->address_size) < 0 ? errno
											     : 0;
}

static int call_it(const struct action_call *call)
{
	long r = sys_any_call(call->number, call->args);

	return r < 0 ? (int)-r : 0;
}

static int make_whole(const struct action *action)
{
	switch (action->kind) {
	case ACTION_OPEN:
		return open_it(action);
	case ACTION_UNSHARE:
		return unshare((int)action->flags) < 0 ? errno : 0;
	case ACTION_BIND:
		return bind_it(action);
	case ACTION_CONNECT:
	case ACTION_CONNECT_LOCAL:
		return attempt_connect(action);
	case ACTION_SYSCALL:
		return call_it(&action->calls[0]);
	default:
		return EINVAL;
	}
}

/* ------------------------------------------------------------------ caught */

int attempt_catch(const struct action_call *call, int mark)
{
	struct sock_filter insns[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call->number, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)mark),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = {ARRAY_SIZE(insns), insns};

	return sys_seccomp(SECCOMP_SET_MODE_FILTER, 0, (void *)&program);
}

static int make_caught(const struct action_call *call, int mark)
{
	int error = call_it(call);

	return error == mark ? 0 : error;
}

/* ------------------------------------------------------------------ substitutes */

const char *attempt_substitute(const struct action *action)
{
	switch (action->kind) {
	case ACTION_OPEN:
		return "by access(2), as opening it may do something";
	case ACTION_EXEC:
		return "by an execve that is stopped before the first instruction";
	case ACTION_CREATE:
		return "by a file without a name, which is gone at once";
	case ACTION_REMOVE:
		return "by rmdir(2), which takes no file";
	case ACTION_MOUNT:
		return "by a mount that is attached nowhere";
	case ACTION_KILL:
		return "by signal 0";
	case ACTION_SYSCALL:
		return safe_call_find(action->calls[0].name) ? "with arguments that make no sense"
							     : NULL;
	default:
		return NULL;
	}
}

static int ask(const struct action *action)
{
	return faccessat(AT_FDCWD, action->path, (int)action->access, AT_EACCESS) < 0 ? errno : 0;
}

/* A file system that has no nameless files is asked for the folder's rights alone. */
static int create_nameless(const struct action *action)
{
	cleanup_close int folder_fd = open(action->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	cleanup_close int fd = -EBADF;
	struct stat st;

	if (folder_fd < 0)
		return errno;
	if (fstatat(folder_fd, action->name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return EEXIST;
	if (errno != ENOENT)
		return errno;
	fd = openat(folder_fd, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	if (fd >= 0)
		return 0;
	return errno == EOPNOTSUPP ? ask(action) : errno;
}

/* It is no folder: all that could be denied comes before the kernel minds. */
static int remove_as_folder(const struct action *action)
{
	cleanup_close int folder_fd = open(action->path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (folder_fd < 0)
		return errno;
	if (unlinkat(folder_fd, action->name, AT_REMOVEDIR) == 0)
		return 0;
	return errno == ENOTDIR ? 0 : errno;
}

/* The kernel stops who is traced when the program is in place. */
static int stop_at_exec(const struct action *action)
{
	char *const argv[] = {(char *)action->path, NULL};
	char *const envp[] = {NULL};

	(void)execve(action->path, argv, envp);
	return errno;
}

bool attempt_traced(const struct attempt *attempt, const struct action *action)
{
	return attempt->part == ATTEMPT_SUBSTITUTE && action->kind == ACTION_EXEC;
}

/* What is wrong with options or a missing device comes after all that could be denied. */
static int past_rights(int error)
{
	return error == EINVAL || error == ENOTBLK || error == ENOENT || error == EFAULT ||
			       error == ENOEXEC
		       ? 0
		       : error;
}

static int mount_detached(const struct action *action)
{
	cleanup_close int fs_fd = sys_fsopen(action->fstype), mnt_fd = -EBADF;
	int r;

	if (fs_fd < 0)
		return -fs_fd;
	(void)sys_fsconfig(fs_fd, FSCONFIG_SET_STRING, "source", "none", 0); /* some want one */
	r = sys_fsconfig(fs_fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	if (r < 0)
		return past_rights(-r);
	mnt_fd = sys_fsmount(fs_fd, 0);
	return mnt_fd < 0 ? -mnt_fd : 0;
}

static int make_substitute(const struct action *action)
{
	long r;

	switch (action->kind) {
	case ACTION_OPEN:
		return ask(action);
	case ACTION_EXEC:
		return stop_at_exec(action);
	case ACTION_CREATE:
		return create_nameless(action);
	case ACTION_REMOVE:
		return remove_as_folder(action);
	case ACTION_MOUNT:
		return mount_detached(action);
	case ACTION_KILL:
		return kill(action->target, 0) < 0 ? errno : 0;
	case ACTION_SYSCALL:
		r = safe_call_make(&action->calls[0]);
		return r < 0 ? past_rights((int)-r) : 0;
	default:
		return EINVAL;
	}
}

int attempt_make(const struct attempt *attempt, const struct action *action)
{
	switch (attempt->part) {
	case ATTEMPT_WHOLE:
		return make_whole(action);
	case ATTEMPT_CAUGHT:
		return make_caught(&action->calls[0], attempt->mark);
	case ATTEMPT_SUBSTITUTE:
		return make_substitute(action);
	}
	return EINVAL;
}
