#pragma once

#include "lib/arena.h"

#include <stdbool.h>
#include <sys/types.h>

struct err;

/*
 * Files of the guest by their path inside it. Looked up below the root's descriptor: a link inside
 * stays inside. A `.pve-ignore.NAME` beside NAME keeps us from changing it.
 */

struct guest {
	int root_fd;
	uid_t uid; /* of what is made */
	gid_t gid;
};

/** guest_read() - a file's text in @arena. Return: NULL: it isn't there or can't be read. */
const char *guest_read(struct arena *arena, const struct guest *guest, const char *path);

/** guest_exists() - is there a file, links followed inside the root? */
bool guest_exists(const struct guest *guest, const char *path);

/** guest_is_file() - is it a regular file itself, not a link? */
bool guest_is_file(const struct guest *guest, const char *path);

/** guest_same() - do both names lead to one file, links followed inside the root? */
bool guest_same(const struct guest *guest, const char *one, const char *other);

/**
 * guest_write() - put @text in place of a file or link, whole or not at all; owner, @mode
 *
 * A file that is like that already is left alone.
 */
int guest_write(const struct guest *guest, const char *path, const char *text, mode_t mode,
		struct err *err);

/** guest_remove() - remove a file or link; one that is not there is fine. */
int guest_remove(const struct guest *guest, const char *path, struct err *err);

/** guest_link() - make @path a symbolic link to @target; whatever it was before. */
int guest_link(const struct guest *guest, const char *path, const char *target, struct err *err);

/** guest_make_dir() - make a directory below one that is there; an existing one is fine. */
int guest_make_dir(const struct guest *guest, const char *path, mode_t mode, struct err *err);

/** guest_make_dirs() - the same for a directory and all above it, mode 0755. */
int guest_make_dirs(const struct guest *guest, const char *path, struct err *err);

/** guest_shell() - the shell of @uid by the text of /etc/passwd, NULL if there is none; in @arena.
 * Return: /bin/sh where it says nothing that is a path. */
const char *guest_shell(struct arena *arena, const char *passwd, unsigned int uid);

/**
 * guest_id() - the number of a user or group
 * @path: "/etc/passwd" or "/etc/group"
 * @name: of one of its lines, or a number
 * Return: 0; -ENOENT.
 */
int guest_id(const struct guest *guest, const char *path, const char *name, unsigned int *id);

/*
 * The lines between "# --- BEGIN PVE ---" and "# --- END PVE ---" are ours, the others the
 * guest's.
 */
enum guest_without {
	GUEST_APPEND,
	GUEST_PREPEND,
	GUEST_REPLACE
}; /* a file that has no section yet */

/** guest_section() - what @old becomes with @data as its section; in @arena. @old may be NULL. */
const char *guest_section(struct arena *arena, const char *old, const char *data,
			  enum guest_without without);

/** guest_outside() - @old without its section; in @arena. */
const char *guest_outside(struct arena *arena, const char *old);
