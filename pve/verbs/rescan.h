#pragma once

#include <stdbool.h>

struct err;
struct pve_conf;
struct storages;

/**
 * rescan_conf() - let a config say what is on the storages
 * @say: called with a line for each change
 * @changed: whether there was one; the file is the caller's to write
 *
 * Volumes of the container that neither rootfs, mpN nor unusedN name become unusedN; the size= of
 * the others becomes what they have. Volumes that only snapshots name count as unnamed, as in
 * Proxmox.
 * Return: 0; -ENOSPC: too many unused volumes.
 */
int rescan_conf(struct pve_conf *conf, const struct storages *storages,
		void (*say)(void *data, const char *line), void *data, bool *changed,
		struct err *err);
