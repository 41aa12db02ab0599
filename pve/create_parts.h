#pragma once

#include "lib/err.h"
#include "pve/conf.h"
#include "pve/create.h"
#include "pve/datacenter.h"
#include "pve/idmap.h"
#include "pve/new_volume.h"

/* What the files that make a container share. */

struct creation {
	const struct create_request *request;
	struct arena arena;
	struct storages storages;
	struct datacenter datacenter;
	struct pve_conf conf;
	struct idmap map; /* the container's; empty: no user namespace */
	const char *archive;
	struct new_volume *volumes; /* in the order in which they are mounted */
	bool taken;                 /* the id is ours: the config is there */
};

/** creation_option() - the last value given for @key. Return: NULL: not given. */
const char *creation_option(const struct creation *creation, const char *key);

/* create_options.c: defaults and given options into the config; volumes but for their ids. */
int creation_read_options(struct creation *creation, struct err *err);

/* create_volumes.c */
int creation_read_volumes(struct creation *creation, struct err *err);
/** creation_make_volumes() - each named in the config file, then made. */
int creation_make_volumes(struct creation *creation, struct err *err);
/** creation_free_volumes() - remove those that were made. */
void creation_free_volumes(struct creation *creation);
