#pragma once

#include "oci/spec.h"

/*
 * Mounts and devices that a Proxmox container needs and the spec has no place for:
 * ANNOTATION_MOUNTS, ANNOTATION_DEVICES and ANNOTATION_ROOTFS_IDMAP. What is read lives in the
 * arena; each _write() gives the annotation's text, the caller's to free.
 */

struct oci_mount_list {
	size_t count;
	struct oci_mount *items;
};

/** struct oci_passed - a device of the host, for a container that can't make its node */
struct oci_passed {
	const char *path;
	const char *type; /* "c", "b" */
	uint32_t major, minor;
	struct opt_u64 mode;
	uint32_t uid, gid;  /* the container's */
	const char *origin; /* NULL: the annotation itself */
};

struct oci_passed_list {
	size_t count;
	struct oci_passed *items;
};

/** struct oci_rootfs_idmap - ids on the file system of the root, and those of the host */
struct oci_rootfs_idmap {
	struct oci_id_mappings uid, gid;
};

/**
 * oci_mounts_read(), oci_passed_read() - what the spec's annotation asks for; none without one
 * Return: 0; -EINVAL naming the annotation, the item and its member.
 */
int oci_mounts_read(struct arena *arena, const struct oci_spec *spec, struct oci_mount_list *list,
		    struct err *err);
int oci_passed_read(struct arena *arena, const struct oci_spec *spec, struct oci_passed_list *list,
		    struct err *err);

/** oci_rootfs_idmap_read() - @text: of the annotation, where that is a map */
int oci_rootfs_idmap_read(struct arena *arena, const char *text, struct oci_rootfs_idmap *idmap,
			  struct err *err);

char *oci_mounts_write(const struct oci_mount_list *list);
char *oci_passed_write(const struct oci_passed_list *list);
char *oci_rootfs_idmap_write(const struct oci_rootfs_idmap *idmap);
