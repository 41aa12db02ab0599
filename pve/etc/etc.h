#pragma once

#include "lib/own.h"
#include "pve/conf/conf.h"
#include "pve/etc/lock.h"

#include <stdbool.h>
#include <stddef.h>

struct err;

/*
 * Where configs live, and how their files are read and replaced. Everything takes the folder from
 * a struct etc that the caller filled once.
 */

struct etc {
	const char *folder;      /* "/etc/pve"                                   */
	const char *lock_folder; /* NULL: LOCK_FOLDER                            */
};

/**
 * etc_find() - the folder: @given (--etc), else $PCTRUN_ETC, else /etc/pve, else /etc/pctrun
 *
 * In a folder that isn't the system's (given, or from the environment) locks are its own too, in
 * its "lock": other programs don't know of these containers. @etc keeps @arena's strings.
 */
void etc_find(struct arena *arena, const char *given, struct etc *etc);

/**
 * etc_lock() - the lock of container @id. @holder: as in struct lock_request
 *
 * What a writer of its config that was killed has left beside it goes.
 */
int etc_lock(const struct etc *etc, const char *id, unsigned int seconds, const struct lock *holder,
	     struct lock *lock, struct err *err);

/** etc_exists() - is there a config file of @id? */
bool etc_exists(const struct etc *etc, const char *id);

/**
 * etc_load() - read lxc/<id>.conf
 * @conf: overwritten; give it to conf_free(), also after an error
 * Return: 0; -ENOENT: there is none.
 */
int etc_load(const struct etc *etc, const char *id, struct pve_conf *conf, struct err *err);

/**
 * etc_save() - write lxc/<id>.conf, whole or not at all
 *
 * Context: the caller holds the config's lock. The file must still have @conf's digest, or not be
 * there when @conf was made with conf_init(); @conf has the new one afterwards.
 * Return: 0; -EBUSY when another writer changed the file since it was read.
 */
int etc_save(const struct etc *etc, struct pve_conf *conf, struct err *err);

/** etc_remove() - remove lxc/<id>.conf; one that is not there is fine. */
int etc_remove(const struct etc *etc, const char *id, struct err *err);

/** etc_list() - the ids that have a config, ascending, in @arena; NULL at the end. */
int etc_list(struct arena *arena, const struct etc *etc, const char ***ids, struct err *err);
