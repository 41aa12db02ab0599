#pragma once

struct err;
struct etc;
struct pve_conf;

/**
 * make_template() - a container's volumes become base images, the container a template
 *
 * Killed in between, it is done by the same call: a volume that has its new name already is found.
 * Context: the config's lock is held, the container is not running.
 */
int make_template(struct pve_conf *conf, const struct etc *etc, struct err *err);
