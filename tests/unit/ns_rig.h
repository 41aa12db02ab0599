#pragma once

#include <stdbool.h>

/*
 * A container of mounts alone, for real: what ns/ plans from a config.json is applied on the
 * host's side and in a process with namespaces of its own, which then looks at what it got.
 * Criterion's processes have two threads, so all of it is in a child.
 */
struct rig {
	const char *mounts;      /* JSON array; NULL: none                         */
	const char *linux_more;  /* members of "linux": "\"maskedPaths\": [...]"    */
	const char *annotations; /* JSON object; NULL: none; %s is the bundle      */
	bool readonly, userns, no_pivot, no_mknod;
	int (*prepare)(int bundle_fd); /* fills the bundle, whose root is "rootfs"; may be NULL */
	const char *(*check)(void);    /* in the container. Return: NULL, or what is wrong      */
};

/**
 * rig_expect() - make the container, look at it, take it away
 * @name: for the messages
 * @want: "": all goes well; else a part of the check's complaint, of the error's text, or of what
 *	the host has more than before
 */
void rig_expect(const struct rig *rig, const char *name, const char *want);

/* Steps of a plan as lines "stage kind description", the bundle's path being /bundle. */
const char *rig_plan(const struct rig *rig);

/* For checks: mountinfo's line for a path; "" where nothing is mounted on it. */
const char *rig_mount_line(const char *path);
bool rig_writable(const char *folder);
