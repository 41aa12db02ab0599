#pragma once

#include "runtime/container.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * A running container as files, and a container from them, on this host or another: by CRIU,
 * criu(8), which has to be installed. Both need root.
 */

enum criu_flag {
	CRIU_FLAG_TCP_ESTABLISHED = 1 << 0,    /* connections too                           */
	CRIU_FLAG_TCP_SKIP_IN_FLIGHT = 1 << 1, /* those that are not accepted yet are lost  */
	CRIU_FLAG_TCP_CLOSE = 1 << 2,          /* they are closed                           */
	CRIU_FLAG_EXT_UNIX_SK = 1 << 3,        /* Unix sockets whose other end is outside   */
	CRIU_FLAG_SHELL_JOB = 1 << 4,          /* the terminal is the caller's              */
	CRIU_FLAG_FILE_LOCKS = 1 << 5,
	CRIU_FLAG_LINK_REMAP = 1 << 6, /* open files that were unlinked get a name  */
	CRIU_FLAG_AUTO_DEDUP = 1 << 7, /* what a later image has leaves the earlier */
};

/** struct criu_options - how it is done, both ways; borrowed strings */
struct criu_options {
	const char *image_path;   /* folder of the images; NULL: ./checkpoint              */
	const char *work_path;    /* folder of the log; NULL: that of the images           */
	const char *cgroups_mode; /* "soft" "full" "strict" "ignore": criu(8); NULL: "soft" */
	uint32_t flags;           /* enum criu_flag                                        */
	bool empty_network;       /* the network namespace's contents are somebody else's  */
};

struct checkpoint_options {
	struct criu_options criu;
	const char *parent_path; /* of the images before, seen from the new ones; NULL: none */
	int status_fd;           /* gets a NUL byte once CRIU is ready; -EBADF: none         */
	bool leave_running;
	bool pre_dump; /* memory alone, and it goes on; a later one with @parent_path is short */
};

/**
 * container_checkpoint() - write a running container to images
 *
 * Unless it is left running its processes have ended and it is deleted, so that its id is free for
 * a restore. Where it fails the container goes on, and the error says where CRIU's log is.
 */
int container_checkpoint(const struct runtime *runtime, const char *id,
			 const struct checkpoint_options *options, struct err *err);

struct restore_options {
	struct criu_options criu;
	struct create_options create;  /* bundle, pid file, console socket: as for a create */
	const char *lsm_profile;       /* "selinux:LABEL", "apparmor:NAME"; NULL: as it was */
	const char *lsm_mount_context; /* SELinux label of mounts; NULL: as it was          */
};

/**
 * container_restore() - make a container from images; it runs
 * @pid: its first process, a child of the caller
 *
 * Cgroup, device filter, volumes, binds and masks are those of the bundle, as for a create, all
 * else is in the images. Of the hooks prestart and createRuntime run. On failure nothing is left on
 * the host. Return: 0; -EEXIST for a taken id.
 */
int container_restore(const struct runtime *runtime, const char *id,
		      const struct restore_options *options, pid_t *pid, struct err *err);
