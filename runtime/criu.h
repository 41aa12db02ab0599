#pragma once

#include "lib/text.h"

#include <limits.h>
#include <stdint.h>
#include <sys/types.h>

struct err;
struct host;

/*
 * CRIU, criu(8): the program that writes processes to images and makes them again. It is run as
 * `criu swrk` for one request over a socket: unlike its options and scripts this hands a terminal
 * back, lets a restored process be our child, and stops at points where we have something to do.
 * A request is a message of CRIU's rpc.proto.
 */

/* Fields of its options, by the names and numbers of criu_opts there. */
enum criu_option {
	CRIU_IMAGES_DIR_FD = 1,
	CRIU_PID = 2,
	CRIU_LEAVE_RUNNING = 3,
	CRIU_EXT_UNIX_SK = 4,
	CRIU_TCP_ESTABLISHED = 5,
	CRIU_EVASIVE_DEVICES = 6,
	CRIU_SHELL_JOB = 7,
	CRIU_FILE_LOCKS = 8,
	CRIU_LOG_LEVEL = 9,
	CRIU_LOG_FILE = 10,
	CRIU_NOTIFY_SCRIPTS = 12,
	CRIU_ROOT = 13,
	CRIU_PARENT_IMG = 14,
	CRIU_TRACK_MEM = 15,
	CRIU_AUTO_DEDUP = 16,
	CRIU_WORK_DIR_FD = 17,
	CRIU_LINK_REMAP = 18,
	CRIU_CG_ROOT = 25,
	CRIU_RST_SIBLING = 26,
	CRIU_INHERIT_FD = 27,
	CRIU_MANAGE_CGROUPS_MODE = 34,
	CRIU_EXTERNAL = 37,
	CRIU_EMPTY_NS = 38,
	CRIU_FREEZE_CGROUP = 44,
	CRIU_TCP_SKIP_IN_FLIGHT = 46,
	CRIU_STATUS_FD = 49,
	CRIU_ORPHAN_PTS_MASTER = 50,
	CRIU_CONFIG_FILE = 51,
	CRIU_TCP_CLOSE = 52,
	CRIU_LSM_PROFILE = 53,
	CRIU_LSM_MOUNT_CONTEXT = 63,
};

enum criu_request { CRIU_DUMP = 1, CRIU_RESTORE = 2, CRIU_PRE_DUMP = 4 };

/** struct criu_notice - CRIU has come to a point, and waits there for us */
struct criu_notice {
	const char *name; /* "setup-namespaces", "post-restore": criu(8), --action-script */
	pid_t pid;        /* the restored first process, where there is one               */
	int fd;           /* of "orphan-pts-master": the terminal; borrowed               */
};

enum { CRIU_MADE_FDS = 2 };

/** struct criu - one run of it; criu_init() begins */
struct criu {
	char path[PATH_MAX]; /* of the program: criu_find()              */
	struct text options; /* of its request                           */
	const int *kept_fds; /* what it inherits, under the same numbers */
	size_t kept_count;
	bool own_stdio; /* 0, 1 and 2 are not the caller's: it wants no terminal of it */

	/* In its process, before it is executed: may leave descriptors in @made_fds, which are the
	 * caller's too after criu_start(). NULL: nothing. */
	int (*enter)(void *data, struct err *err);
	int made_fds[CRIU_MADE_FDS];
	/* In ours; a failure makes CRIU give up. NULL: there are none. */
	int (*notice)(void *data, const struct criu_notice *notice, struct err *err);
	void *data;

	int socket_fd;
	pid_t pid;
	bool failed; /* by its own doing: its log has more about it */
};

void criu_init(struct criu *criu);

/** criu_find() - where the program is, and whether the caller may use it
 * @program: a path, or a name in PATH; NULL: criu
 * Return: 0; -ENOENT with what to install; -EPERM for an ordinary user. */
int criu_find(struct criu *criu, const char *program, const struct host *host, struct err *err);

/* One more of @criu->options. */
void criu_set(struct criu *criu, enum criu_option option, int64_t value);
void criu_set_text(struct criu *criu, enum criu_option option, const char *value);
/** criu_inherit() - what @key was in the image is @fd of @criu->kept_fds */
void criu_inherit(struct criu *criu, const char *key, int fd);
/** criu_set_cgroup_root() - where cgroups are instead of where they were: "/lxc/100" */
void criu_set_cgroup_root(struct criu *criu, const char *path);
/** criu_external() - "mnt[/data]:/data": a thing that is not in the image */
void criu_external(struct criu *criu, const char *type, const char *id, const char *value);

/** criu_start() - its process, as far as @criu->enter; a child of the caller */
int criu_start(struct criu *criu, struct err *err);

/**
 * criu_ask() - the one request of a criu that was started, and all until it is answered
 *
 * Return: 0; a notice's own error; -EIO "CRIU failed" and the like, with @criu->failed.
 */
int criu_ask(struct criu *criu, enum criu_request request, struct err *err);

/** criu_end() - it has nothing more to do; waits for its end */
void criu_end(struct criu *criu);
DEFINE_CLEANUP(struct criu, criu_end);
