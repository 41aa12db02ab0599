#pragma once

#include <stdbool.h>
#include <stdint.h>

struct err;
struct etc;
struct pve_conf;
struct pve_section;

/*
 * Snapshots of a container: its config as a section of the file, its volumes as the storages have
 * them. The file says what is going on before it begins (lock, snapstate); what a crash leaves is
 * removed by `pct unlock` and a forced deletion, or done by the same rollback again.
 */

struct snapshot_request {
	const struct etc *etc;
	const char *name;
	const char *description; /* NULL: none */
	int64_t now;             /* seconds since 1970 */
	bool force;              /* a deletion: volumes that can't be deleted are only warned of */
	/* Around the moment itself, for a container that runs; NULL: it doesn't. */
	int (*freeze)(void *data, struct err *err);
	int (*thaw)(void *data, struct err *err);
	void *data;
	void (*warn)(void *data, const char *text);
};

/* Context for all: the config's lock is held; @conf and the file have the result. */

/** snapshot_create() - on failure there is none, and what there was is as before. */
int snapshot_create(struct pve_conf *conf, const struct snapshot_request *request, struct err *err);

/** snapshot_delete() - the snapshot's children become its parent's. */
int snapshot_delete(struct pve_conf *conf, const struct snapshot_request *request, struct err *err);

/** snapshot_check_rollback() - can there be one? Before anybody stops the container. */
int snapshot_check_rollback(struct pve_conf *conf, const struct snapshot_request *request,
			    struct err *err);

/** snapshot_rollback() - config and volumes as they were. Context: it is not running. */
int snapshot_rollback(struct pve_conf *conf, const struct snapshot_request *request,
		      struct err *err);

/**
 * snapshot_volumes() - call @each for the volumes of rootfs and mpN of a section, in their order
 * Return: 0; what @each returned first that was negative; -EINVAL for a line that is none.
 */
int snapshot_volumes(struct pve_conf *conf, const struct pve_section *section,
		     int (*each)(void *data, const char *volume, struct err *err), void *data,
		     struct err *err);
