#pragma once

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct criu;
struct err;
struct plan;
struct run;

/*
 * The mounts of a container as CRIU has to know them. What the container made or has for itself is
 * in the images; of what is bound into it from the host only the name is, which is its place in the
 * plan: a restore has the sources from its own bundle.
 */

/** struct criu_mount - a place where the plan mounts something */
struct criu_mount {
	const char *path; /* absolute, normalised                                               */
	int slot;         /* of the detached tree that goes there; -1: the container's own      */
	bool recursive;   /* with all that is mounted below it                                  */
	bool file_only;   /* a mask: that of a directory is a file system of the container's own */
};

/** criu_mounts_of() - all of @plan, in its order; in @arena. Return: how many. */
size_t criu_mounts_of(struct arena *arena, const struct plan *plan,
		      const struct criu_mount **mounts);

/** criu_mounts_leave() - for a checkpoint: which of the mounts that a container sees aren't its own
 * @look: its first process */
int criu_mounts_leave(struct criu *criu, const struct plan *plan, const struct run *look,
		      struct err *err);

/**
 * criu_mounts_stage() - for a restore: give CRIU what the images leave out
 * @folder: a place that is covered by a tmpfs, which nobody else sees and which ends with CRIU
 *
 * The detached trees of @run become folder/root and folder/SLOT. Where the root has no mount points
 * yet they are made. Context: in CRIU's process, before it is executed.
 */
int criu_mounts_stage(const struct plan *plan, struct run *run, const char *folder,
		      struct err *err);

/** criu_mounts_give() - and say which is which. Context: host side, once that is done
 * @criu: has been started; @folder: as for criu_mounts_stage() */
int criu_mounts_give(struct criu *criu, const struct plan *plan, const struct run *run,
		     const char *folder, struct err *err);
