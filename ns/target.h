#pragma once

#include "lib/own.h"

#include <stdbool.h>
#include <sys/types.h>

struct err;
struct plan;
struct run;

/*
 * Places below the container's root. Every one is found by a lookup that the kernel keeps inside
 * the root, and used by descriptor from then on: what the guest's tree becomes afterwards does not
 * matter. Descriptors are O_PATH.
 */

enum target_flag {
	TARGET_FILE = 1 << 0,     /* made as an empty file if missing, else as a directory */
	TARGET_REAL = 1 << 1,     /* a symbolic link on the way is -ELOOP                  */
	TARGET_REQUIRED = 1 << 2, /* not made: missing is -ENOENT                          */
};

/**
 * target_open() - find @path below @root_fd, and make what is missing of it
 *
 * Directories are made with 0755, files with 0644, both the caller's. A dangling symbolic link is
 * followed to where it points inside the root, and that is made.
 */
int target_open(int root_fd, const char *path, unsigned int flags, struct err *err);

/**
 * target_parent() - the directory that @path is in, made if missing
 * @name: the last component, inside @path
 */
int target_parent(int root_fd, const char *path, unsigned int flags, const char **name,
		  struct err *err);

/**
 * target_attach() - move the detached tree @mnt_fd onto @target_fd, and see that it got there
 * @path: where @target_fd was found below @root_fd; looked up once more after the move
 */
int target_attach(int root_fd, const char *path, int target_fd, int mnt_fd, struct err *err);

/**
 * struct target - a place of the container, as planned
 *
 * What is right below a file system that an earlier step of the same plan makes (/proc/keys,
 * /dev/null, /dev/pts) is reached from that step's own descriptor: nobody else can have changed a
 * name there, so there is nothing to look up twice. What is deeper in a procfs or sysfs is looked
 * up from its root: that the container hasn't got it is then true wherever the image's /proc is by
 * now. What is right below the container's root is one name, which each call looks up by itself.
 */
struct target {
	const char *path; /* absolute, normalised                                          */
	const char *name; /* its last part, or all from that root on; inside @path         */
	int folder_slot;  /* the root of that file system; -1: only the whole path is known */
	bool top;         /* right below the container's root                              */
};

/** target_plan() - pure; lives in the plan. The steps that make mounts were planned before. */
struct target target_plan(struct plan *plan, const char *path);

/** struct place - a target that was found: @name in @fd, or @fd itself where @name is "" */
struct place {
	int fd;
	const char *name;
	mode_t mode;   /* what is there; 0 where nobody has looked        */
	bool borrowed; /* @fd is the run's                                  */
	bool settled;  /* nobody else can put it elsewhere; then borrowed   */
};

void place_clear(struct place *place);
DEFINE_CLEANUP(struct place, place_clear);

/**
 * place_find() - what is there already
 * Return: 0; -ENOENT, which is no error, where the container hasn't got it; another negative errno.
 */
int place_find(const struct run *run, const struct target *target, struct place *place,
	       struct err *err);

/** place_make() - find it, or make it as target_open() does with @flags */
int place_make(const struct run *run, const struct target *target, unsigned int flags,
	       struct place *place, struct err *err);

/** place_folder() - where to make it: the directory that it is in, as target_parent() finds it */
int place_folder(const struct run *run, const struct target *target, unsigned int flags,
		 struct place *place, struct err *err);

/**
 * place_enter() - go to the folder of a settled place: there mount(2) finds it by its name
 * Return: 0; -EXDEV when it is not settled; another negative errno.
 */
int place_enter(struct run *run, const struct place *place);

/** place_attach() - move the detached tree @mnt_fd there, and see that it got there */
int place_attach(const struct run *run, const struct target *target, const struct place *place,
		 int mnt_fd, struct err *err);
