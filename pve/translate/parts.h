#pragma once

#include "lib/err.h"
#include "lib/json.h"
#include "lib/list.h"
#include "lib/text.h"
#include "oci/annotations.h"
#include "oci/spec.h"
#include "pve/conf/conf.h"
#include "pve/conf/property.h"
#include "pve/facts/facts.h"
#include "pve/lxc/apparmor.h"
#include "pve/lxc/config.h"
#include "pve/lxc/idmap.h"
#include "pve/lxc/mount.h"
#include "pve/translate/translate.h"

/*
 * What the files of the translation share: the state of one, and small helpers. Only
 * the files of this folder include it.
 */

struct oci_net_list;

struct translation {
	struct arena *arena;
	const struct pve_conf *conf;
	const struct pve_facts *facts;
	struct oci_spec *spec;
	struct pve_notices *notices;
	struct pve_features features;
	struct lxc_config lxc;
	bool userns;
	struct idmap idmap; /* the container's; empty without a user namespace      */
	struct lxc_automount automount;
	uint64_t capabilities;    /* what is left of the host's, bit per capability       */
	struct json_out *origins; /* ANNOTATION_ORIGIN, open                              */
	struct json_out *extras;  /* ANNOTATION_MOUNT_EXTRAS, open                        */
	struct err *err;
};

/* ----------------------------------------------------------- the config's options (conf.c) */

/** option_text() - the value of the option @key, NULL if it isn't set. */
const char *option_text(const struct translation *t, const char *key);

/** option_origin() - "memory: in 100.conf, line 4"; "Proxmox default" if it isn't set. */
const char *option_origin(const struct translation *t, const char *key);

/** option_bool() - false for "0", true for all else; @otherwise if it isn't set. */
bool option_bool(const struct translation *t, const char *key, bool otherwise);

/** option_u64() - a number without a fraction. Return: 0; -EINVAL for what is none. */
int option_u64(struct translation *t, const char *key, uint64_t otherwise, uint64_t *value);

/**
 * option_read() - take a property string apart
 * @key: the option
 * @table, @into: as property_read() has them; left alone if the option isn't set
 * Return: 1; 0 if the option isn't set; -EINVAL with the option's origin.
 */
int option_read(struct translation *t, const char *key, const struct property *table, void *into);

/** raw_lines() - all raw lxc.* lines by today's names, and notices for what won't be done. */
void raw_lines(struct translation *t, struct lxc_config *raw);

/** environment_lines() - the variables of env as lxc.environment.runtime lines. */
void environment_lines(struct translation *t);

/* -------------------------------------------------------- writing down (translate.c) */

/** note_origin() - who asked for what stands at a path of the spec. */
void note_origin(struct translation *t, const char *origin, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** annotate() - set an annotation; strings are kept, not copied. */
void annotate(struct translation *t, const char *name, const char *value);

/** annotate_take() - the same with a text that is freed here. */
void annotate_take(struct translation *t, const char *name, char *value);

/** annotate_json() - the same with the array or object that @out has open, unless it is empty;
 * ends @out. */
void annotate_json(struct translation *t, const char *name, struct json_out *out);

/** advise() - say what is passed over though it changes nothing in the isolation. */
void advise(struct translation *t, const char *what, const char *origin, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/** unenforced() - say what was asked for and is not done. */
void unenforced(struct translation *t, const char *what, const char *origin, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/** fail() - end the translation. Return: @num */
int fail(struct translation *t, int num, const char *origin, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/** fail_wrong() - end it for a word that makes no sense. @hint: what would. Return: -EINVAL */
int fail_wrong(struct translation *t, const char *origin, const char *hint, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/** fail_absent() - end it for a line that names a file which isn't there. Return: -ENOENT */
int fail_absent(struct translation *t, const struct lxc_line *line);

/** fail_from() - give the error that a helper made its origin. Return: @num */
int fail_from(struct translation *t, int num, const char *origin);

/* push(t, &spec->mounts): a pointer to a new, zeroed last item. */
#define push(t, list) list_push((t)->arena, list)

/** map_set() - give @name a value; an earlier one of the same name goes. */
void map_set(struct translation *t, struct oci_map *map, const char *name, const char *value);

/** translate_net_host() - the host's end of an interface: "veth100i0" of "net0" */
const char *translate_net_host(struct translation *t, const char *key);

/** joined() - "a,b": the strings with commas between. */
const char *joined(struct arena *arena, const struct oci_strings *strings);

/* -------------------------------------------------- the subjects, in the order of their calls */

int check_texts(struct translation *t);        /* conf.c: UTF-8 throughout                    */
int lines_from_options(struct translation *t); /* lxc.c: the list of LXC lines                */
int translate_identity(struct translation *t); /* userns.c: namespaces, id map                */
int translate_caps(struct translation *t);     /* before the mounts: /proc/sys/net depends on it */
int translate_process(struct translation *t);
int translate_limits(struct translation *t);
int translate_device_rules(struct translation *t);
int translate_devices(struct translation *t);
int translate_volumes(struct translation *t);
int translate_mounts(struct translation *t);
int translate_net(struct translation *t);
int translate_firewall(struct translation *t);
/* raw_net.c: lxc.net.N; @nets: behind those of netN */
int translate_raw_net(struct translation *t, struct oci_net_list *nets);
/* The line that says that the host's network is the container's. Return: NULL: none does. */
const struct lxc_line *raw_net_none(const struct translation *t);
int translate_seccomp(struct translation *t);
int translate_apparmor(struct translation *t);
int translate_hooks(struct translation *t);
int translate_unused(struct translation *t); /* what of the options nothing here acts on      */
