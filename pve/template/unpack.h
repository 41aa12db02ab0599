#pragma once

#include <stdbool.h>
#include <stdint.h>

struct archive_entry;
struct err;
struct idmap;

struct unpack {
	int fd;                                     /* the archive, at its start                  */
	uint64_t total;                             /* its size in bytes                          */
	const struct idmap *map;                    /* ids that files may have; NULL: any         */
	bool ignore_errors;                         /* warn of members that fail, and go on       */
	double bwlimit;                             /* KiB of the archive a second; 0: no limit   */
	void (*warn)(void *data, const char *text); /* or NULL */
	void (*progress)(void *data, uint64_t done, uint64_t total); /* or NULL */
	void *data;
};

/**
 * unpack_archive() - extract into the current directory, see template_extract()
 *
 * Context: a process whose root is the directory.
 */
int unpack_archive(const struct unpack *unpack, struct err *err);

/**
 * unpack_entry() - make a member of the archive one of the new root (unpack_entry.c)
 *
 * Its name, and what it is a hard link to, become relative; attributes that belong to the machine
 * that made the archive go.
 * Return: 1; 0 when it is left out; -EINVAL when its owner is outside of @map.
 */
int unpack_entry(struct archive_entry *entry, const struct idmap *map, struct err *err);

/**
 * unpack_uid(), unpack_gid() - the id of a user or group (unpack_names.c)
 * @id: what the archive says; negative: @name alone
 * Return: @id; or that of @name in the new root's /etc, still @id when it isn't there.
 */
int64_t unpack_uid(void *data, const char *name, int64_t id);
int64_t unpack_gid(void *data, const char *name, int64_t id);
