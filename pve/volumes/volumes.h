#pragma once

#include "lib/own.h"
#include "pve/lxc/idmap.h"
#include "pve/volumes/new.h"
#include "pve/volumes/staged.h"

struct err;
struct etc;
struct pve_conf;

/*
 * All that a container mounts, put together on the host as the container has it: to look at
 * (df), to work on (mount, fstrim), to copy.
 */

struct volumes {
	struct pve_conf *conf;
	const char *place;        /* the folder where they go        */
	struct idmap map;         /* the container's                 */
	struct new_volume *first; /* rootfs, mp0 ...            */
};

/** volumes_place() - where Proxmox mounts a container's volumes on the host, in @arena:
 * /var/lib/lxc/<id>/rootfs, or below the etc folder where that is not the system's */
const char *volumes_place(struct arena *arena, const struct etc *etc, const char *id);

/**
 * volumes_read() - find what rootfs and mpN name; in @conf's arena
 * Return: 0; the first that can't be found, with the config's line.
 */
int volumes_read(const struct etc *etc, struct pve_conf *conf, struct volumes *volumes,
		 struct err *err);

/**
 * volumes_mount() - mount them in the mount namespace of the caller
 * Return: a descriptor of the root; on failure nothing is mounted.
 */
int volumes_mount(const struct volumes *volumes, struct err *err);

/**
 * volumes_unmount() - unmount whatever is at and below the place; nothing there is fine
 * Return: 0; -EBUSY: somebody uses it. What is above it is unmounted by then.
 */
int volumes_unmount(const char *place, struct err *err);
