#pragma once

#include "lib/step.h"

#include <stdbool.h>

struct plan;
struct run;
struct err;
struct json;

/*
 * The file system of a disk image or block device as a detached mount: loop device, superblock,
 * mount, all without a place in the host's tree. The loop device has LO_FLAGS_AUTOCLEAR: the
 * kernel detaches it from the image with its last user.
 */
struct volume_step {
	struct step step;
	const char *image; /* absolute: a file or a block device           */
	const char *type;  /* NULL: ask the kernel: ext4, xfs, btrfs       */
	const char *data;  /* the file system's options with commas        */
	bool readonly;     /* the device is not written, not even a journal */
	int slot;          /* where the mount goes                         */
};

extern const struct step_kind volume_kind; /* "volume": PREPARE */

/**
 * volume_plan_add() - plan a volume
 * @options: with commas; "fstype=TYPE", "ro" and "noload" are understood, the rest is the file
 * system's
 * Return: the slot where its detached mount will be.
 */
int volume_plan_add(struct plan *plan, const char *image, const char *type, const char *options,
		    bool readonly, const char *origin);

/** volume_same() - is it one image or device? */
bool volume_same(const struct step *one, const struct step *other);

int volume_apply(const struct step *step, struct run *run, struct err *err);
int volume_observe(const struct step *step, struct run *run, struct observation *seen,
		   struct err *err);
/** volume_undo() - detach the loop device that the record names, if it still has that image. */
int volume_undo(const struct json *record, struct run *run, struct err *err);
