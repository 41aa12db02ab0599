#pragma once

struct changes;
struct err;
struct pct;
struct pve_conf;

/**
 * hotplug() - of what is pending for the keys of @changes, what a running container can have now
 *
 * Those keys become the present state in @conf, which the caller writes; others stay pending.
 * On failure the container is as before, and @conf of no use.
 */
int hotplug(struct pct *pct, struct pve_conf *conf, const struct changes *changes, struct err *err);
