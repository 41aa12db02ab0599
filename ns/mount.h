#pragma once

#include "lib/own.h"
#include "lib/step.h"
#include "ns/target.h"
#include "ns/userns.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;
struct oci_mount;
struct oci_spec;
struct plan;
struct run;
struct text;

/*
 * Mounts of the spec. A mount is two steps: its source is made a detached tree (mount.source, at
 * plan_source_stage()), which the container's side moves into place (mount, ENTER). So no path of
 * the host is resolved once anything is mounted for the container. New file systems are made on the
 * container's side alone, as they belong to its namespaces.
 */

/* What a mount's option words come to. Bits are mount_setattr(2)'s MOUNT_ATTR_*. */
struct mount_opts {
	uint64_t set, clear;                         /* this mount only                   */
	uint64_t set_recursive, clear_recursive;     /* and all below it: "rro"           */
	uint64_t propagation, propagation_recursive; /* MS_SHARED and kin; 0: as planned */
	uint32_t flags;                              /* enum mount_flag                   */
	const char *data;                            /* the file system's own, with commas; "" */
};

enum mount_flag {
	MOUNT_BIND = 1 << 0,
	MOUNT_RECURSIVE = 1 << 1, /* rbind */
	MOUNT_IDMAP = 1 << 2,
	MOUNT_IDMAP_RECURSIVE = 1 << 3,
	MOUNT_REMOUNT = 1 << 4,
	MOUNT_LOOP = 1 << 5,         /* source is a disk image             */
	MOUNT_COPY_UP = 1 << 6,      /* tmpcopyup                          */
	MOUNT_SRC_NOFOLLOW = 1 << 7, /* bind the symbolic link itself      */
	MOUNT_RELATIVE = 1 << 8,     /* the source is a path of the container */
	/* What only annotations and LXC's fstab say, never the kernel. */
	MOUNT_OPTIONAL = 1 << 9,
	MOUNT_CREATE_FILE = 1 << 10,
	MOUNT_CREATE_DIR = 1 << 11,
	MOUNT_KEEP_ATTRS = 1 << 12,
	MOUNT_NO_SYMLINKS = 1 << 13,
};

/**
 * mount_opts_add() - take one more word into @opts; later words win
 * @data: collects the words that are the file system's
 */
void mount_opts_add(struct mount_opts *opts, const char *word, struct text *data);

/** mount_opts_word() - the words that mount_opts_add() knows, one after the other from 0.
 * Return: NULL: that was the last. */
const char *mount_opts_word(size_t index);

/** mount_opts_describe() - the words that stand for @opts: ", ro,nosuid"; nothing for none. */
void mount_opts_describe(const struct mount_opts *opts, struct text *text);

/** mount_attr_word() - the words of @bits that mountinfo(5) shows, one after the other, or NULL. */
const char *mount_attr_word(uint64_t bits, size_t *index);

/** struct mount_values - one mount of the spec, shared by its steps */
struct mount_values {
	const char *destination; /* absolute, normalised                                    */
	struct target target;    /* the same place                                          */
	const char *type;        /* of a new file system; NULL for a bind                   */
	const char *source;      /* absolute for binds; as written else                     */
	struct mount_opts opts;
	bool proc_allowed;    /* the destination may be inside a procfs                  */
	bool real_directory;  /* no link on the way: proc, sysfs                         */
	bool shared_proc;     /* a procfs of processes that the caller's shows too       */
	bool cgroup_fallback; /* a cgroup file system: bind the host's read-only if refused */
	const char *cgroup_root;
	uint64_t propagation; /* for all of a bind where no word says another: MS_PRIVATE */
	const char *context;  /* SELinux label of a new file system; NULL: none          */
	bool idmapped;
	bool own_map;   /* @uid, @gid; else the container's map                    */
	bool map_later; /* with the container's own namespace, as soon as that is mapped */
	struct idmap uid, gid;
	int slot;        /* where the detached tree is; -1: none                    */
	int volume_slot; /* a mounted image to take instead of @source; -1: none    */
	int kept_slot;   /* where it stays open for what goes right below it; -1: nothing does */
};

struct mount_step {
	struct step step;
	struct mount_values *values;
};

extern const struct step_kind mount_source_kind; /* "mount.source": plan_source_stage() */
extern const struct step_kind mount_idmap_kind;  /* "mount.idmap": MAP      */
extern const struct step_kind mount_kind;        /* "mount": ENTER          */

/**
 * mount_plan() - steps for all of mounts[], in its order
 * @bundle: absolute; relative sources of binds start there
 * Return: 0; -EINVAL for what makes no sense: an option that a bind can't have, a place in /proc.
 */
int mount_plan(struct plan *plan, const struct oci_spec *spec, const char *bundle, struct err *err);

/** mount_same() - are both about one place in the container? For steps of one kind. */
bool mount_same(const struct step *one, const struct step *other);

/** mount_finish() - attributes, propagation and id map of a detached tree; host side. */
int mount_finish(struct run *run, int mnt_fd, const struct mount_values *values, struct err *err);

/** mount_idmap() - the id map alone, of a tree that mount_finish() left it out of; host side. */
int mount_idmap(struct run *run, int mnt_fd, const struct mount_values *values, struct err *err);

/** mount_revert() - take it off a running container. Context: its root, in its namespaces. */
int mount_revert(const struct step *step, struct run *run, struct err *err);

/** mount_source_apply() and mount_apply() - see struct step_kind. */
int mount_source_apply(const struct step *step, struct run *run, struct err *err);
int mount_idmap_apply(const struct step *step, struct run *run, struct err *err);
int mount_apply(const struct step *step, struct run *run, struct err *err);
int mount_observe(const struct step *step, struct run *run, struct observation *seen,
		  struct err *err);
