#pragma once

#include "lib/err.h"
#include "why/jump.h"

#include <linux/limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct isolation;

/*
 * A path as a process would walk it: each folder on the way with what decides about searching it,
 * and what is at its end. Looked at with all rights, so that it can be said who has none.
 */

enum { LOOKUP_PLACES = 64, LOOKUP_NAME = 4096 };

/** struct place - one inode on the way. Ids are as the caller sees them. */
struct place {
	char path[LOOKUP_NAME]; /* in there; of the file system, not printable */
	mode_t mode;
	uint32_t uid, gid;
	dev_t device; /* of a device node                        */
	dev_t on;     /* that its inode is on                    */
	uint64_t inode;
	uint64_t fs; /* *_MAGIC of linux/magic.h                */
	int mount;   /* id, as mountinfo has it                 */
	bool immutable, append_only;
	size_t acl_size; /* of system.posix_acl_access; 0: none     */
	const unsigned char *acl;
};

/** place_takes_none() - a folder of a file system that the kernel alone makes files in: none comes
 * there by the calls that do it elsewhere, whoever asks */
bool place_takes_none(const struct place *folder);

/** place_keeps_all() - none goes there either */
bool place_keeps_all(const struct place *folder);

struct lookup {
	int error;              /* 0; what nobody could get past: -ENOENT, -ENOTDIR, -ELOOP... */
	size_t count;           /* folders, and without an error the object, which is the last */
	char name[LOOKUP_NAME]; /* with an error: of what is not there, or can't be passed */
	struct place places[LOOKUP_PLACES];
	int entry_error;    /* why @entry is empty; 0: it was asked for, and is there   */
	struct place entry; /* what the last folder has by that name; a link is not followed */
	struct jump jump;   /* the last one on the way                                  */
	struct err program; /* why it would be none: see program_foresee() */
	char root_mount[2 * LOOKUP_NAME]; /* mountinfo's line of a root that is no mount, as the
					     root of its mount namespace has it; "": not seen */
	unsigned char acls[LOOKUP_PLACES][XATTR_SIZE_MAX]; /* of @places; memory where it is used */
};

struct lookup_request {
	const char *path;
	const char *entry; /* of the folder that it leads to; NULL: none is looked for */
	bool executed;     /* look into a regular file: nothing else is opened for reading */
};

/**
 * lookup_path() - walk a path in the root and the mount namespace of a process
 * @self: its number in its own pid namespace
 * @lookup: lookup_free() it
 *
 * Links are followed as they lead in there. A child process does it.
 */
int lookup_path(const struct isolation *isolation, pid_t self, const struct lookup_request *request,
		const struct lookup **lookup, struct err *err);
void lookup_free(const struct lookup *lookup);
