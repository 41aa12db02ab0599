#pragma once

#include "lib/err.h"
#include "pve/conf/conf.h"
#include "pve/create/create.h"
#include "pve/etc/datacenter.h"
#include "pve/lxc/idmap.h"
#include "pve/volumes/new.h"

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

/* options.c: defaults and given options into the config; volumes but for their ids. */
int creation_read_options(struct creation *creation, struct err *err);

/* volumes.c */
int creation_read_volumes(struct creation *creation, struct err *err);
/** creation_make_volumes() - each named in the config file, then made. */
int creation_make_volumes(struct creation *creation, struct err *err);
/** creation_free_volumes() - remove those that were made. */
void creation_free_volumes(struct creation *creation);
