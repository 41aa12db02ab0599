#pragma once

#include <stdbool.h>

struct arena;
struct err;
struct property;
struct pve_conf;
struct pve_mount;
struct pve_section;

/*
 * The options of a config that are mounts: rootfs and mpN; and what becomes of their volumes when
 * nothing names them any more: unusedN.
 */

/** conf_mount_table() - how the option @key is read and written: rootfs has no mp. */
const struct property *conf_mount_table(const char *key);

/** conf_is_mount() - is @key rootfs or mpN? */
bool conf_is_mount(const char *key);

/** conf_mount_keys() - those that @section has, in the order in which they are mounted, in the
 * config's arena; NULL at the end. */
const char **conf_mount_keys(struct pve_conf *conf, const struct pve_section *section);

/**
 * conf_mount_read() - the option @key of @section
 * Return: 0; -ENOENT: it isn't there; -EINVAL with the config's line.
 */
int conf_mount_read(struct pve_conf *conf, const struct pve_section *section, const char *key,
		    struct pve_mount *mount, struct err *err);

/** conf_mount_set() - write it into @section, in its canonical form. */
void conf_mount_set(struct pve_conf *conf, struct pve_section *section, const char *key,
		    const struct pve_mount *mount);

/** conf_unused_find() - the unusedN that is @volume. Return: NULL: none is. */
const char *conf_unused_find(const struct pve_conf *conf, const char *volume);

/**
 * conf_unused_add() - the lowest free unusedN becomes @volume, unless one is already
 * Return: its key; NULL: all are taken.
 */
const char *conf_unused_add(struct pve_conf *conf, const char *volume);

/** conf_unused_name() - the same for who can't go on without. Return: 0; -ENOSPC. */
int conf_unused_name(struct pve_conf *conf, const char *volume, const char **key, struct err *err);

/** conf_mount_volume() - the storage's volume that the line of @key names, in @arena. Return: NULL:
 * it is no mount, or of something else. */
const char *conf_mount_volume(struct arena *arena, const char *key, const char *value);

/** conf_section_uses() - does @section's rootfs or an mpN of it name @volume? */
bool conf_section_uses(const struct pve_section *section, const char *volume);

/** conf_snapshot_of() - the first snapshot that has @volume. Return: its name; NULL: none has. */
const char *conf_snapshot_of(const struct pve_conf *conf, const char *volume);
