#pragma once

#include "lib/arena.h"
#include "lib/own.h"
#include "ns/namespace_types.h"
#include "ns/userns.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct device_filters;
struct err;
struct host;
struct mountinfo;

/*
 * What keeps a process apart from the rest of the host, as the kernel shows it: any process,
 * whoever has started it. Plain values, filled once by isolation_look(), which changes nothing in
 * what it looks at. What is said about them is decided from them alone.
 *
 * Nothing is guessed: what could not be seen is in @unseen with the reason. Ids are as the caller
 * sees them. Names (mount points, labels, interfaces) are as the kernel has them, chosen by
 * whoever runs in there: lib/printable.h before they are shown.
 */

/** struct isolation_namespace - one of namespace_types[] */
struct isolation_namespace {
	uint64_t id;    /* inode number, as lsns(8) has it; 0: not seen                       */
	uint64_t owner; /* user namespace that it belongs to; of a user one: its parent;
			   0: not seen, or there is none                                   */
	bool host;      /* the host's: of process 1, or ours where that one can't be seen */
};

enum { NAMESPACE_USER, NAMESPACE_MOUNT, NAMESPACE_PID, NAMESPACE_NET, NAMESPACE_IPC };
enum { NAMESPACE_UTS = NAMESPACE_IPC + 1, NAMESPACE_CGROUP, NAMESPACE_TIME };

/** struct isolation_creds - /proc/PID/status, credentials(7), capabilities(7), seccomp(2) */
struct isolation_creds {
	uint32_t uid[4], gid[4]; /* real, effective, saved, of the file system */
	size_t group_count;
	const uint32_t *groups;
	uint64_t inheritable, permitted, effective, bounding, ambient; /* a bit per capability */
	bool no_new_privs;
	int seccomp_mode;    /* 0: none, 1: strict, 2: filters; -1: not shown */
	int seccomp_filters; /* how many; -1: not shown (before Linux 5.9)    */
	const char *name;
	const char *label; /* of the security module; NULL: none has one    */
};

/** struct isolation_mount - one mount of its mount namespace that it can reach, in mountinfo's
 * order */
struct isolation_mount {
	const struct mountinfo *info;
	bool read_only; /* the mount or its file system */
	bool idmapped;
	bool writable;         /* what is mounted there, by access(2) with its ids; hidden: false */
	bool peer_of_host;     /* what is mounted below it appears on the host, and the other way */
	const char *host_path; /* of the host's root file system: which folder; NULL: of another  */
	struct idmap uid, gid; /* of an id-mapped mount; no ranges: not shown (before Linux 6.15) */
};

/** struct isolation_limit - a cgroup file that says something other than "no limit" */
struct isolation_limit {
	const char *file, *value; /* "memory.max", "536870912" */
};

/** struct isolation_cgroup - one level of the path to its cgroup, the outermost first */
struct isolation_cgroup {
	const char *path; /* "/", "/lxc/100" */
	size_t limit_count;
	const struct isolation_limit *limits;
	int device_filters; /* BPF programs attached here; -1: not seen */
};

/** struct isolation_link - an interface of its network namespace */
struct isolation_link {
	const char *name;
	const char *kind;      /* "veth", "bridge"; "" for hardware and loopback; NULL: not seen */
	const char *addresses; /* "10.0.0.2/24 fe80::1/64"; ""; NULL: not seen                 */
	bool up, loopback;
};

/** struct isolation_route - a default route: a way out */
struct isolation_route {
	const char *gateway; /* NULL: whoever is on the link */
	const char *link;
};

/**
 * struct isolation_file - a file of the kernel's that says or changes something about the whole
 * host, as the process finds it; rows of kernel_files[]
 */
struct isolation_file {
	const struct kernel_file *file;
	bool masked;             /* something else lies over it */
	bool readable, writable; /* only where that matters: kernel_file.reads, writes */
};

/** struct isolation_device - a device node below /dev that is no part of every container's */
struct isolation_device {
	const char *path;
	char type; /* 'c', 'b' */
	unsigned int major, minor;
	bool readable, writable; /* by its mode; the device filters have their own say */
	bool nodev;              /* its mount lets nobody open it                 */
};

/** struct isolation_socket - a socket in its file system that a service of the host listens at */
struct isolation_socket {
	const char *path;
	bool writable;
};

/** struct isolation_calls - system calls of the machine's own architecture that its filters do the
 * same with */
struct isolation_calls {
	const char *outcome; /* "ALLOW", "ERRNO EPERM where arg0 == 38, else ALLOW"  */
	size_t count;
	const char *const *names; /* those without a name: "470 and above"           */
};

/** struct isolation_unseen - what the report is silent about, and why */
struct isolation_unseen {
	const char *what; /* "mounts"               */
	const char *why;  /* "Permission denied"    */
	const struct isolation_unseen *next;
};

struct isolation {
	struct arena arena; /* has all of it */
	pid_t pid;
	int pid_fd, pid_dir_fd; /* of /proc/PID                                            */
	int root_fd;            /* O_PATH of its root; -EBADF: may not be looked at        */
	const struct host *host;
	bool initial_userns; /* it is in the user namespace that the kernel started with: its
				capabilities hold over the whole host. Where it could not be
				seen (isolation_sees()), by its id maps                     */
	struct isolation_namespace namespaces[NAMESPACE_TYPES];
	struct idmap uid_map, gid_map;
	bool setgroups_denied;
	struct isolation_creds creds;
	bool chrooted; /* its root is no mount: chroot(2) alone made it so */
	size_t mount_count;
	struct isolation_mount *mounts;
	const char *cgroup; /* of version 2; NULL: not seen */
	bool cgroup_v1;     /* it has others beside it, whose limits are not looked at */
	size_t cgroup_count;
	struct isolation_cgroup *cgroups;
	const struct device_filters *device_filters; /* in effect; NULL: not seen */
	size_t link_count;
	const struct isolation_link *links;
	size_t route_count;
	const struct isolation_route *routes;
	bool files_seen; /* the three below: what it may do with files */
	size_t file_count;
	const struct isolation_file *files;
	size_t device_count;
	const struct isolation_device *devices;
	size_t socket_count;
	const struct isolation_socket *sockets;
	size_t calls_count; /* by isolation_look_filters() alone */
	struct isolation_calls *calls;
	const struct isolation_unseen *unseen;
};

/**
 * isolation_look() - all that the kernel shows the caller of a process
 * @isolation: isolation_free() it, also after an error
 *
 * Return: 0; -ESRCH where there is no such process, or it has ended meanwhile; -EINVAL for one of
 * the kernel's own. What the caller may not see is no error.
 */
int isolation_look(struct isolation *isolation, pid_t pid, struct err *err);

/**
 * isolation_ended() - has the process ended by now?
 * @failure: with what something that it has could not be looked at: a process that is about to end
 * has lost its namespaces before its pidfd tells, and is waited for. 0: nothing has failed
 *
 * @err then says that it has ended, and nothing else: what was found out of it no longer holds.
 */
bool isolation_ended(const struct isolation *isolation, int failure, struct err *err);

/** isolation_look_filters() - what its system call filters let through, beside all that: it is
 * stopped for the moment that reading them takes (seccomp/stack.h) */
void isolation_look_filters(struct isolation *isolation);
void isolation_free(struct isolation *isolation);
DEFINE_CLEANUP(struct isolation, isolation_free);

/** isolation_unseen() - put something on the list of what could not be seen
 * @num: why, a negative errno */
void isolation_unseen(struct isolation *isolation, const char *what, int num);

/** isolation_sees() - was this namespace (NAMESPACE_*) seen? What isn't is neither the host's nor
 * its own. */
static inline bool isolation_sees(const struct isolation *isolation, size_t type)
{
	return isolation->namespaces[type].id;
}

/** isolation_capable() - does the process have @cap in effect? Over the host only where it is in
 * the initial user namespace. */
static inline bool isolation_capable(const struct isolation *isolation, unsigned int cap)
{
	return isolation->creds.effective >> cap & 1;
}
