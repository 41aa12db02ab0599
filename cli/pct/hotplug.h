#pragma once

struct changes;
struct err;
struct pct;
struct pve_conf;

/**
 * pct_apply() - what is pending for the keys of @changes becomes the present state
 *
 * All of it where the container is stopped; of one that runs what it can have now, the rest stays
 * pending. The config file says so in the end; meanwhile what a running container gets is pending
 * there.
 * On failure container, file and @conf are as before, but that @conf's pending section is empty of
 * what @changes recorded.
 */
int pct_apply(struct pct *pct, struct pve_conf *conf, const struct changes *changes,
	      struct err *err);
