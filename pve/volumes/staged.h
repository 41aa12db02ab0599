#pragma once

#include <stdbool.h>
#include <stddef.h>

struct err;
struct idmap;
struct new_volume;

/*
 * The volumes of a container, put together below one folder as the container will have them.
 * In the mount namespace of the caller, which nobody else sees.
 */

struct staged_volume {
	const struct new_volume *volume;
	/* Detached mounts, each to be attached once: */
	int shown_fd; /* through the volume's idmap, as the container has it */
	int plain_fd; /* with the ids that are on the volume                 */
};

enum { STAGED_MAX = 257 }; /* rootfs, mp0 to mp255 */

struct staged {
	const char *place;       /* the folder */
	const struct idmap *map; /* the container's; NULL: the host's ids */
	bool once;               /* shown alone, read-only where their option says so */
	size_t count;
	struct staged_volume items[STAGED_MAX];
};

/** mounts_stage() - make the detached mounts; @staged's place and map are the caller's. */
int mounts_stage(struct staged *staged, const struct new_volume *volumes, struct err *err);

/**
 * mounts_join() - attach them: rootfs on the folder, the others below it, in their order
 * @shown: as the container has them; else plain, after it was done with @shown
 *
 * With @shown a mount point that is missing is made, the container's root its owner. No symbolic
 * link on a volume is followed.
 * Return: the folder, a descriptor.
 */
int mounts_join(struct staged *staged, bool shown, struct err *err);

/** mounts_forget() - close what was not attached. */
void mounts_forget(struct staged *staged);

/** mounts_leave() - take all off the folder again. */
int mounts_leave(const struct staged *staged, struct err *err);
