#pragma once

#include <linux/mount.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The system calls that glibc does not wrap, or wraps without what we need, and the constants that
 * older kernel headers lack. Each returns what the kernel returns, or a negative errno. They don't
 * know what they work on: the caller says it in its error. Interrupted calls are tried again.
 */

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif
#ifndef CLONE_INTO_CGROUP
#define CLONE_INTO_CGROUP (1ULL << 33)
#endif
#ifndef CLONE_CLEAR_SIGHAND
#define CLONE_CLEAR_SIGHAND (1ULL << 32)
#endif
#ifndef MOUNT_ATTR_NOSYMFOLLOW
#define MOUNT_ATTR_NOSYMFOLLOW 0x00200000
#endif

/** struct clone_request - what sys_clone() asks clone3(2) for */
struct clone_request {
	uint64_t flags; /* CLONE_*; CLONE_PIDFD and CLONE_INTO_CGROUP are added as needed */
	int cgroup_fd;  /* where the child is born, or -EBADF                             */
	int *pid_fd;    /* where a pidfd goes, or NULL                                    */
	int exit_signal;
};

/* clone3(2), Linux 5.7. Return: the pid, 0 in the child. Falls back to nothing. */
pid_t sys_clone(const struct clone_request *request);
int sys_pidfd_open(pid_t pid);
int sys_pidfd_send_signal(int pid_fd, int signal);
int sys_pivot_root(const char *new_root, const char *put_old);
/* glibc's header contradicts <linux/mount.h>: these are its MNT_DETACH and UMOUNT_NOFOLLOW. */
enum { SYS_UMOUNT_DETACH = 2, SYS_UMOUNT_NOFOLLOW = 8 };
int sys_umount(const char *path, int flags);

/* open_tree(2), fsopen(2) and kin: Linux 5.2; mount_setattr(2): 5.12. All descriptors O_CLOEXEC. */
int sys_open_tree(int dir_fd, const char *path, unsigned int flags);
int sys_move_mount(int mnt_fd, int target_fd,
		   const char *target); /* "" as @target: the fd itself */
int sys_fsopen(const char *type);
int sys_fsconfig(int fs_fd, unsigned int command, const char *key, const void *value, int aux);
int sys_fsmount(int fs_fd, unsigned int attributes);
int sys_mount_setattr(int dir_fd, const char *path, unsigned int flags, struct mount_attr *attr);

/**
 * sys_open_in_root() - open @path as if @root_fd were "/": no ".." and no link leads out of it
 *
 * openat2(2) with RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS; O_CLOEXEC is added. A rename that races
 * with the lookup (EAGAIN) is tried again, 128 times at most.
 */
int sys_open_in_root(int root_fd, const char *path, int flags, mode_t mode);

/** sys_open_real() - like it, and a symbolic link anywhere on the way is -ELOOP. */
int sys_open_real(int root_fd, const char *path, int flags);

/** sys_open_beneath() - like it, and refuses every symbolic link and mount crossing (for procfs).
 */
int sys_open_beneath(int dir_fd, const char *path, int flags);

/** sys_memfd_executable() - memfd_create(2) with seals allowed, for what is to be executed: since
 * Linux 6.3 that has to be said. */
int sys_memfd_executable(const char *name);
int sys_close_range(unsigned int first, unsigned int last, unsigned int flags);
int sys_seccomp(unsigned int operation, unsigned int flags, void *args);
int sys_bpf(int command, void *attr, unsigned int size);
long sys_keyctl(int operation, unsigned long a, unsigned long b, unsigned long c, unsigned long d);
int sys_capset(uint64_t effective, uint64_t permitted, uint64_t inheritable);
int sys_capget(uint64_t *effective, uint64_t *permitted, uint64_t *inheritable);

/** struct sys_sched_attr - the kernel's struct sched_attr, as it was first (Linux 3.14) */
struct sys_sched_attr {
	uint32_t size; /* set by the two functions */
	uint32_t policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period; /* nanoseconds */
};
int sys_sched_setattr(pid_t pid, const struct sys_sched_attr *attr);
int sys_sched_getattr(pid_t pid, struct sys_sched_attr *attr);

/* linux/ioprio.h, since Linux 5.15 */
#ifndef IOPRIO_CLASS_SHIFT
#define IOPRIO_CLASS_SHIFT 13
#endif
#define IOPRIO_DATA_MASK   ((1 << IOPRIO_CLASS_SHIFT) - 1)
#define IOPRIO_WHO_PROCESS 1
int sys_ioprio_set(int which, int who, int ioprio);
int sys_ioprio_get(int which, int who);
int sys_set_mempolicy(int mode, const unsigned long *mask, unsigned long max_node);

/** struct sys_statmount - the kernel's struct statmount, Linux 6.15: what we ask it for has names
 */
struct sys_statmount {
	uint32_t size, mnt_opts;
	uint64_t mask;
	uint64_t sb[3]; /* device, magic number, flags and type of the file system */
	uint64_t mnt_id, mnt_parent_id;
	uint32_t mnt_id_old, mnt_parent_id_old;
	uint64_t propagation[5];
	uint32_t mnt_root, mnt_point;
	uint64_t mnt_ns_id;
	uint32_t options[6];
	uint64_t supported_mask;
	uint32_t uidmap_count,
		uidmap; /* so many strings, one behind the other, from str + uidmap */
	uint32_t gidmap_count, gidmap;
	uint64_t spare[43];
	char str[];
};
enum {
	SYS_STATMOUNT_BASIC = 0x2, /* mnt_id_old */
	SYS_STATMOUNT_UIDMAP = 0x2000,
	SYS_STATMOUNT_GIDMAP = 0x4000,
};

/** sys_listmount() - ids of our namespace's mounts behind @last: listmount(2), Linux 6.8
 * Return: how many. */
int sys_listmount(uint64_t last, uint64_t *ids, size_t count);

/** sys_statmount() - what is known of one; @size of @buffer includes room for strings
 * Return: -EOVERFLOW when that is too small. */
int sys_statmount(uint64_t mnt_id, uint64_t mask, struct sys_statmount *buffer, size_t size);

/** sys_any_call() - a system call by its number, with six arguments: for trying filters */
long sys_any_call(uint32_t number, const uint64_t *args);
