#pragma once

#include "pve/conf/conf.h"
#include "pve/etc/lock.h"

struct err;
struct pct;

/* What start, stop, shutdown and reboot have in common. */

/** struct power - one such command at work on a container, whose config it has locked */
struct power {
	struct pct *pct;
	const char *id;
	struct lock lock;
	struct pve_conf conf;
};

#define POWER_NONE                                                                                 \
	{                                                                                          \
		.lock = LOCK_NONE                                                                  \
	}

/** power_begin() - take the lock, then read the config. @power: POWER_NONE; power_end() it in
 * any case. */
int power_begin(struct power *power, struct pct *pct, const char *id, struct err *err);
void power_end(struct power *power);
DEFINE_CLEANUP(struct power, power_end);

/**
 * power_check_lock() - refuse where the config's `lock` says that somebody is at it
 * @mounted_too: `mounted` is one of those
 */
int power_check_lock(const struct power *power, bool mounted_too, struct err *err);

/** power_hook() - the hookscript's @phase; what goes wrong there is only said. */
void power_hook(struct pct *pct, const struct pve_conf *conf, const char *phase);

/** power_post_stop() - struct runtime's undone: the phase after the end, if the config is there */
void power_post_stop(void *pct, const char *id);
