#include "lib/sys.h"

#include "lib/own.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

enum { OPEN_RETRIES = 128 };

static int number(long r)
{
	return r < 0 ? -errno : (int)r;
}

pid_t sys_clone(const struct clone_request *request)
{
	struct clone_args args = {
		.flags = request->flags,
		.exit_signal = (uint64_t)request->exit_signal,
	};

	if (request->pid_fd) {
		args.flags |= CLONE_PIDFD;
		args.pidfd = (uint64_t)(uintptr_t)request->pid_fd;
	}
	if (request->cgroup_fd >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)request->cgroup_fd;
	}
	return number(syscall(SYS_clone3, &args, sizeof(args)));
}

int sys_pidfd_open(pid_t pid)
{
	return number(syscall(SYS_pidfd_open, pid, 0));
}

int sys_pidfd_send_signal(int pid_fd, int signal)
{
	return number(syscall(SYS_pidfd_send_signal, pid_fd, signal, NULL, 0));
}

int sys_pivot_root(const char *new_root, const char *put_old)
{
	return number(syscall(SYS_pivot_root, new_root, put_old));
}

int sys_umount(const char *path, int flags)
{
	return number(syscall(SYS_umount2, path, flags));
}

int sys_open_tree(int dir_fd, const char *path, unsigned int flags)
{
	return number(syscall(SYS_open_tree, dir_fd, path, flags | OPEN_TREE_CLOEXEC));
}

int sys_move_mount(int mnt_fd, int target_fd, const char *target)
{
	unsigned int flags = MOVE_MOUNT_F_EMPTY_PATH;

	if (!*target)
		flags |= MOVE_MOUNT_T_EMPTY_PATH;
	return number(syscall(SYS_move_mount, mnt_fd, "", target_fd, target, flags));
}

int sys_fsopen(const char *type)
{
	return number(syscall(SYS_fsopen, type, FSOPEN_CLOEXEC));
}

int sys_fsconfig(int fs_fd, unsigned int command, const char *key, const void *value, int aux)
{
	return number(syscall(SYS_fsconfig, fs_fd, command, key, value, aux));
}

int sys_fsmount(int fs_fd, unsigned int attributes)
{
	return number(syscall(SYS_fsmount, fs_fd, FSMOUNT_CLOEXEC, attributes));
}

int sys_mount_setattr(int dir_fd, const char *path, unsigned int flags, struct mount_attr *attr)
{
	return number(syscall(SYS_mount_setattr, dir_fd, path, flags, attr, sizeof(*attr)));
}

static int open_how(int dir_fd, const char *path, const struct open_how *how)
{
	int r = -EAGAIN;

	for (int i = 0; i < OPEN_RETRIES && (r == -EAGAIN || r == -EINTR); i++)
		r = number(syscall(SYS_openat2, dir_fd, path, how, sizeof(*how)));
	return r;
}

int sys_open_in_root(int root_fd, const char *path, int flags, mode_t mode)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.mode = flags & (O_CREAT | O_TMPFILE) ? mode : 0,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};

	return open_how(root_fd, path, &how);
}

int sys_open_real(int root_fd, const char *path, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};

	return open_how(root_fd, path, &how);
}

int sys_open_beneath(int dir_fd, const char *path, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS |
			   RESOLVE_NO_MAGICLINKS,
	};

	return open_how(dir_fd, path, &how);
}

int sys_memfd_executable(const char *name)
{
	const unsigned int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd = number(memfd_create(name, flags | MFD_EXEC));

	return fd == -EINVAL ? number(memfd_create(name, flags)) : fd;
}

int sys_close_range(unsigned int first, unsigned int last, unsigned int flags)
{
	return number(syscall(SYS_close_range, first, last, flags));
}

int sys_seccomp(unsigned int operation, unsigned int flags, void *args)
{
	return number(syscall(SYS_seccomp, operation, flags, args));
}

int sys_bpf(int command, void *attr, unsigned int size)
{
	return number(syscall(SYS_bpf, command, attr, size));
}

long sys_keyctl(int operation, unsigned long a, unsigned long b, unsigned long c, unsigned long d)
{
	long r = syscall(SYS_keyctl, operation, a, b, c, d);

	return r < 0 ? -errno : r;
}

int sys_capset(uint64_t effective, uint64_t permitted, uint64_t inheritable)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];

	for (int i = 0; i < 2; i++) {
		data[i].effective = (uint32_t)(effective >> (32 * i));
		data[i].permitted = (uint32_t)(permitted >> (32 * i));
		data[i].inheritable = (uint32_t)(inheritable >> (32 * i));
	}
	return number(syscall(SYS_capset, &header, data));
}

int sys_capget(uint64_t *effective, uint64_t *permitted, uint64_t *inheritable)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];
	int r;

	r = number(syscall(SYS_capget, &header, data));
	if (r < 0)
		return r;
	*effective = data[0].effective | (uint64_t)data[1].effective << 32;
	*permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
	*inheritable = data[0].inheritable | (uint64_t)data[1].inheritable << 32;
	return 0;
}

int sys_sched_setattr(pid_t pid, const struct sys_sched_attr *attr)
{
	struct sys_sched_attr sized = *attr;

	sized.size = sizeof(sized);
	return number(syscall(SYS_sched_setattr, pid, &sized, 0));
}

int sys_sched_getattr(pid_t pid, struct sys_sched_attr *attr)
{
	return number(syscall(SYS_sched_getattr, pid, attr, sizeof(*attr), 0));
}

int sys_ioprio_get(int which, int who)
{
	return number(syscall(SYS_ioprio_get, which, who));
}

int sys_ioprio_set(int which, int who, int ioprio)
{
	return number(syscall(SYS_ioprio_set, which, who, ioprio));
}

int sys_set_mempolicy(int mode, const unsigned long *mask, unsigned long max_node)
{
	return number(syscall(SYS_set_mempolicy, mode, mask, max_node));
}

/* The kernel's struct mnt_id_req, first version, and the numbers of the two calls, which are the
 * same on every machine: linux/mount.h. */
struct mount_id_request {
	uint32_t size, spare;
	uint64_t mnt_id, param;
};
enum { NR_STATMOUNT = 457, NR_LISTMOUNT = 458 };

int sys_listmount(uint64_t last, uint64_t *ids, size_t count)
{
	const struct mount_id_request request = {
		.size = sizeof(request), .mnt_id = UINT64_MAX, .param = last};

	return number(syscall(NR_LISTMOUNT, &request, ids, count, 0));
}

int sys_statmount(uint64_t mnt_id, uint64_t mask, struct sys_statmount *buffer, size_t size)
{
	const struct mount_id_request request = {
		.size = sizeof(request), .mnt_id = mnt_id, .param = mask};

	return number(syscall(NR_STATMOUNT, &request, buffer, size, 0));
}

long sys_any_call(uint32_t number_of_it, const uint64_t *args)
{
	long r = syscall(number_of_it, args[0], args[1], args[2], args[3], args[4], args[5]);

	return r < 0 ? -errno : r;
}
