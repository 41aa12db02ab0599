#pragma once

#include "pve/etc.h"

struct err;

/**
 * destroy_container() - remove a container's volumes and its config
 *
 * Context: it does not run; the caller holds no lock. Volumes of others that it only uses stay.
 * Return: 0; -EBUSY when it is locked, -EPERM when it is protected.
 */
int destroy_container(const struct etc *etc, const char *id, struct err *err);

/**
 * destroy_volumes() - remove the volumes of rootfs, mpN and unusedN that are the container's own
 * Context: the caller holds the config's lock.
 */
int destroy_volumes(const struct etc *etc, const struct pve_conf *conf, struct err *err);
