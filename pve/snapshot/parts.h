#pragma once

#include "pve/conf/conf.h"
#include "pve/snapshot/snapshot.h"
#include "pve/storage/storage.h"

/* What creating, deleting and rolling back share. */

struct snapping {
	const struct snapshot_request *request;
	struct pve_conf *conf;
	struct storages storages;
	size_t done; /* volumes that have the snapshot */
};

/** snapping_begin() - read which storages there are. */
int snapping_begin(struct snapping *snapping, struct err *err);
int snapping_save(struct snapping *snapping, struct err *err);

/** snapping_find() - the section that the request names. */
int snapping_find(struct snapping *snapping, struct pve_section **section, struct err *err);

/** snapping_check_template() - refuse with @text where the container is one. */
int snapping_check_template(const struct pve_conf *conf, const char *text, struct err *err);

/** snapping_keep() - for snapshot_volumes(): name it as unusedN unless it is in use. @data: conf */
int snapping_keep(void *data, const char *volume, struct err *err);
