#pragma once

#include "lib/own.h"
#include "lib/step.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct arena;
struct err;
struct oci_spec;
struct plan;

/*
 * A container's cgroup in the version 2 tree: made, limited, filtered, frozen, killed, removed.
 * cgroups(7) and the kernel's Documentation/admin-guide/cgroup-v2.rst are the sources.
 *
 * Limits are on the outer cgroup; with an inner one (ANNOTATION_CGROUP_INNER) the processes live
 * there, and the container may be given that one to govern.
 */

/** struct cgroup_place - where a container's cgroup is */
struct cgroup_place {
	const char *mount; /* of cgroup2: "/sys/fs/cgroup"                                  */
	const char *path;  /* "/lxc/100"                                                     */
	const char *inner; /* name of the one for the processes, below it; NULL: none        */
	const char *slice; /* of systemd, which @path is below, wherever that is; NULL: none */
	bool below_own;    /* @path starts at the caller's own cgroup instead of at the mount */
};

/** struct cgroup_create_step - "cgroup.create": sets run->cgroup_fd, init_cgroup_fd and their paths
 */
struct cgroup_create_step {
	struct step step;
	struct cgroup_place place;
	uint32_t needed; /* enum controller: the limits need these            */
	uint32_t wanted; /* turned on where that works: statistics, delegation */
};

/** struct cgroup_owner_step - "cgroup.owner": the inner cgroup becomes the container's to govern */
struct cgroup_owner_step {
	struct step step;
	struct cgroup_place place;
	uid_t uid;
	gid_t gid;      /* (gid_t)-1: stays                          */
	bool group_too; /* the group may write as well: 0775 and 0664 */
};

extern const struct step_kind cgroup_create_kind;
extern const struct step_kind cgroup_owner_kind;
extern const struct step_kind cgroup_limit_kind;   /* limits.h  */
extern const struct step_kind cgroup_devices_kind; /* devices.h */

/**
 * cgroup_plan() - the container's cgroup, its limits, device filter and owner: STEP_PREPARE
 *
 * An absolute linux.cgroupsPath starts at the mount of cgroup2; a relative one there too for root,
 * else at the caller's own cgroup; none at all is /pctrun/ID. Not called where the cgroup manager
 * is "disabled". Controllers that the host lacks become plan_missing().
 * Return: 0; -EINVAL for a path or value that makes no sense.
 */
int cgroup_plan(struct plan *plan, const struct oci_spec *spec, const char *id, struct err *err);

/**
 * cgroup_enable() - turn on controllers for a cgroup that is there already
 * @mount: of cgroup2; @directory: below it
 * @needed: enum controller; each level above gives them to the one below
 */
int cgroup_enable(const char *mount, const char *directory, uint32_t needed, struct err *err);

/** cgroup_pids() - the processes in a cgroup and all below it. @pids lives in @arena. */
int cgroup_pids(struct arena *arena, int cgroup_fd, pid_t **pids, size_t *count, struct err *err);

/** cgroup_kill_all() - SIGKILL to everything in a cgroup and below; returns before they are gone.
 */
int cgroup_kill_all(int cgroup_fd, struct err *err);

/**
 * cgroup_end_all() - the same, and wait until they are gone
 * Return: 0; -ETIMEDOUT where one is not; other errors.
 */
int cgroup_end_all(int cgroup_fd, int timeout_ms, struct err *err);

/**
 * cgroup_freeze() - stop or go on with everything in a cgroup and below
 *
 * Returns when the kernel says that it is so. One that isn't within ten seconds (a traced process,
 * one that waits for a disk) is thawed again: -ETIMEDOUT.
 */
int cgroup_freeze(int cgroup_fd, bool frozen, struct err *err);
bool cgroup_is_frozen(const char *directory);

/** cgroup_wait_empty() - until no process is left below. Return: 0, -ETIMEDOUT, other errors. */
int cgroup_wait_empty(int cgroup_fd, int timeout_ms);

/**
 * cgroup_remove_unused() - remove it where nothing is in it, with the ancestors that we made
 * Return: 0, also when it is gone already; a negative errno without a change, mostly -EBUSY.
 */
int cgroup_remove_unused(const char *path);

/**
 * cgroup_remove_above() - remove those above @path, up to @stays, as long as they are empty
 *
 * For ancestors that a killed runtime made and didn't come to mark as its own.
 */
void cgroup_remove_above(const char *path, const char *stays);

/**
 * cgroup_remove() - remove a cgroup and all below it, deepest first; nobody may live there
 * @path: the directory; an absent one is fine
 *
 * Ancestors that were made by cgroup.create and are empty now go too.
 * Return: 0; -EBUSY when processes are left.
 */
int cgroup_remove(const char *path, struct err *err);

/** cgroup_observe_open() - O_PATH of the cgroup of @place that a process is in
 * @pid_dir_fd: /proc/PID; where it isn't below @place, it is the process' own cgroup
 * Return: the descriptor or a negative errno. */
int cgroup_observe_open(const struct cgroup_place *place, int pid_dir_fd, bool inner);

/** struct cgroup_stat - what a cgroup used up; a value the kernel doesn't show is unset */
struct cgroup_stat {
	struct opt_u64 memory_bytes, memory_max_bytes, swap_bytes; /* max: unset is no limit */
	struct opt_u64 memory_file_bytes;                          /* of memory_bytes: page cache */
	struct opt_u64 cpu_user_usec, cpu_system_usec;
	struct opt_u64 pids;
	struct opt_u64 oom_kills;               /* of memory.events */
	struct opt_u64 read_bytes, write_bytes; /* all devices together */
};

void cgroup_stat(int cgroup_fd, struct cgroup_stat *stat);

/**
 * cgroup_pressure() - how long processes waited for @resource: "cpu", "io", "memory"
 * @some: avg10 in per cent as the kernel has it, in @arena; NULL: the kernel doesn't say
 */
void cgroup_pressure(struct arena *arena, int cgroup_fd, const char *resource, const char **some,
		     const char **full);
