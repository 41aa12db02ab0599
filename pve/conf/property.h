#pragma once

#include "lib/own.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;

/*
 * Property strings: "name=eth0,bridge=vmbr0". The tables say which keys there are and where in a
 * struct their values lie; one table reads, checks, and writes.
 */

enum property_type {
	PROPERTY_TEXT,    /* const char *, NULL: not given                              */
	PROPERTY_NUMBER,  /* const char *, a decimal number as written                  */
	PROPERTY_BOOL,    /* struct opt_bool                                            */
	PROPERTY_INTEGER, /* struct opt_i64                                             */
	PROPERTY_SIZE,    /* struct opt_u64, bytes; "8G"                                */
};

struct property {
	const char *name; /* NULL ends the table */
	enum property_type type;
	size_t offset;
	bool required;
	bool default_key; /* a value without a key is its */
	bool limited;     /* @min and @max hold */
	int64_t min, max;
	const char *const *words;         /* allowed ones, NULL at the end */
	bool (*check)(const char *value); /* is it well-formed? */
	const char *check_name;           /* of what @check knows: "mac-addr" */
	const char *example;              /* that @check accepts */
	const char *not_yet; /* why nothing here acts on it, for `pct check`; NULL: it does */
	const char *help;
};

/** struct pve_mount - rootfs or mpN; its raw text is in the entry */
struct pve_mount {
	const char *volume;  /* "/srv" (bind), "/dev/sdb" (device), "local:100/vm-100-disk-0.raw" */
	const char *mp;      /* in the container; NULL for rootfs. May lack the leading slash */
	struct opt_u64 size; /* bytes; informational */
	struct opt_bool acl;
	const char *mountoptions; /* ';' between: "noatime;nodev" */
	const char *idmap;        /* see idmap_mount_read() */
	struct opt_bool ro, quota, replicate, shared, backup, keepattrs;
};

enum pve_mount_kind { PVE_MOUNT_VOLUME, PVE_MOUNT_BIND, PVE_MOUNT_DEVICE };

struct pve_net {
	const char *name; /* in the container */
	const char *type; /* "veth" */
	const char *bridge;
	const char *hwaddr; /* as written, "BC:24:11:0A:0B:0C" */
	struct opt_i64 mtu;
	const char *ip; /* "dhcp", "manual" or CIDR */
	const char *gw;
	const char *ip6; /* also "auto" */
	const char *gw6;
	struct opt_bool firewall;
	struct opt_i64 tag;
	const char *trunks; /* "10;20;30" */
	const char *rate;   /* MiB/s, as written */
	struct opt_bool link_down;
	struct opt_bool host_managed;
};

struct pve_dev {
	const char *path;
	const char *mode;        /* "0660" */
	struct opt_i64 uid, gid; /* in the container */
	struct opt_bool deny_write;
};

struct pve_features {
	const char *mount; /* file system types, ';' or blanks between */
	struct opt_bool nesting, keyctl, fuse, mknod, force_rw_sys;
};

struct pve_startup {
	struct opt_i64 order, up, down; /* up, down: seconds */
};

struct pve_unused {
	const char *volume;
};

/* Room for any of the structs that property strings fill. */
union pve_properties {
	struct pve_mount mount;
	struct pve_net net;
	struct pve_dev dev;
	struct pve_features features;
	struct pve_startup startup;
	struct pve_unused unused;
};

extern const struct property pve_rootfs_properties[]; /* struct pve_mount */
extern const struct property pve_mp_properties[];     /* struct pve_mount */
extern const struct property pve_net_properties[];
extern const struct property pve_dev_properties[];
extern const struct property pve_features_properties[];
extern const struct property pve_startup_properties[];
extern const struct property pve_unused_properties[];

/**
 * property_read() - fill the struct at @into from a property string
 * @table: of the struct's kind
 * @into: zeroed by the caller; strings live in @arena
 *
 * The sub keys' own limits hold here, as when Proxmox reads a file.
 * Return: 0; -EINVAL with the key and what is wrong with it; @into is half filled then.
 */
int property_read(struct arena *arena, const struct property *table, const char *text, void *into,
		  struct err *err);

/**
 * property_write() - the canonical form, in @arena
 *
 * The value of the default key first and bare, then required keys, then others, both sorted;
 * booleans as 1 and 0, sizes with the largest unit that divides them.
 */
const char *property_write(struct arena *arena, const struct property *table, const void *from);

/** property_given() - does the struct at @from have a value for @property? */
bool property_given(const struct property *property, const void *from);

/** pve_mount_kind() - what @volume is: a bind mount's path, a device's, or a storage's volume. */
enum pve_mount_kind pve_mount_kind(const char *volume);

/** opt_bool_or(), opt_i64_or() - the value, or @otherwise when it isn't given. */
static inline bool opt_bool_or(struct opt_bool opt, bool otherwise)
{
	return opt.set ? opt.value : otherwise;
}

static inline int64_t opt_i64_or(struct opt_i64 opt, int64_t otherwise)
{
	return opt.set ? opt.value : otherwise;
}
