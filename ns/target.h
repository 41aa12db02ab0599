#pragma once

#include <stdbool.h>

struct err;

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
