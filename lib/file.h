#pragma once

#include "lib/arena.h"

#include <stdbool.h>
#include <sys/types.h>

struct err;
struct text;

/*
 * Files by directory descriptor and name. Negative errno on failure; those with an err say which
 * file it was. @dir_fd may be AT_FDCWD.
 */

/** file_read() - all of a file; at most @limit bytes (0: 64 MiB), more is -EFBIG.
 * Return: 0; the text, terminated, lives in @arena; @length may be NULL. */
int file_read(struct arena *arena, int dir_fd, const char *path, size_t limit, const char **text,
	      size_t *length, struct err *err);

/** file_line() - the first line of a small file (/proc, /sys, cgroup) into @buffer, without '\n'.
 * Return: its length or a negative errno. */
ssize_t file_line(int dir_fd, const char *path, char *buffer, size_t size);

/** file_write() - one write(2) of @text to an existing file: for /proc, /sys and cgroup files. */
int file_write(int dir_fd, const char *path, const char *text);

/** file_create() - a file that is not there yet (-EEXIST), in a folder that is ours alone. */
int file_create(int dir_fd, const char *path, const char *text, size_t length, mode_t mode);

/**
 * file_replace() - put @text in place of @path, whole or not at all
 *
 * A new file beside it (O_EXCL), fsync when @durable, rename; its mode is @mode.
 */
int file_replace(int dir_fd, const char *path, const char *text, size_t length, mode_t mode,
		 bool durable, struct err *err);

/**
 * file_failed() - say that a file could not be made or written, by its whole name, and what to do
 * where it found no room
 * @dir_fd, @path: as of openat(2)
 * @what: what was tried: "write"
 *
 * Return: @num
 */
int file_failed(int dir_fd, const char *path, int num, struct err *err, const char *what);

/** read_to_end() - what is to be read from @fd until its end, behind what @text has already
 * Return: 0 or a negative errno; what came before a failure is there. */
int read_to_end(int fd, struct text *text);

int write_all(int fd, const void *data, size_t length);

/** make_dirs() - mkdir -p with @mode, in the caller's root, with its rights: never a container's
 * path on the host. Existing directories stay as they are. */
int make_dirs(const char *path, mode_t mode, struct err *err);

/** remove_tree() - unlink everything below and including @path; never follows links or crosses
 * into another mount. An absent @path is fine. */
int remove_tree(int dir_fd, const char *path);
