#pragma once

#include "oci/spec.h"

/*
 * Mounts as LXC's configuration writes them: lxc.mount.entry lines, fstab files and the words of
 * lxc.mount.auto. Pure.
 */

struct lxc_mount {
	struct oci_mount mount;     /* destination is absolute; a bind has the type "bind"  */
	struct oci_strings extras;  /* words for ANNOTATION_MOUNT_EXTRAS                    */
	struct oci_strings ignored; /* options that LXC passes over too                    */
	const char *idmap;          /* the value of idmap=, NULL without                    */
	bool absolute;              /* the target was written with a '/' in front: LXC itself
				     * passes over such an entry                            */
};

/**
 * lxc_mount_read() - decode one line: SOURCE TARGET TYPE OPTIONS [FREQ PASS]
 * @mount: strings live in @arena; written on success only
 * Return: 0; -EINVAL
 */
int lxc_mount_read(struct arena *arena, const char *line, struct lxc_mount *mount, struct err *err);

enum lxc_auto {
	LXC_AUTO_NONE,  /* not mounted */
	LXC_AUTO_MIXED, /* read-only but for the parts that are the container's own */
	LXC_AUTO_RO,
	LXC_AUTO_RW,
};

/* What lxc.mount.auto asks for. */
struct lxc_automount {
	enum lxc_auto proc, sys, cgroup;
	const char *shmounts; /* "shmounts:..." as written; NULL without */
};

/**
 * lxc_automount_read() - what one more lxc.mount.auto line changes
 * @value: blank-separated words: "proc:rw sys:mixed"; "" asks for nothing at all
 * @automount: what earlier lines left; changed on success only
 */
int lxc_automount_read(struct arena *arena, const char *value, struct lxc_automount *automount,
		       struct err *err);
