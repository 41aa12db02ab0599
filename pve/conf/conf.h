#pragma once

#include "lib/arena.h"
#include "lib/own.h"

#include <stdbool.h>
#include <stddef.h>

struct err;
struct text;

/*
 * <vmid>.conf: read without losing anything, looked up, edited, written as Proxmox writes it.
 * Reading keeps what was said; what a value means is in schema.h and property.h.
 */

/** struct pve_entry - one line: an option, a raw lxc.* line or an environment variable */
struct pve_entry {
	const char *key; /* "memory", "lxc.cap.drop"; of a variable "lxc.environment.runtime" */
	const char
		*value; /* booleans as 0 or 1, integers without leading zeros, others as written */
	unsigned int line;    /* in the file, from 1; 0: set since */
	unsigned int earlier; /* of an option: the line before it with the same key; 0: none */
	struct pve_entry *next;
};

/** struct pve_entries - in the order of the file */
struct pve_entries {
	struct pve_entry *first;
	struct pve_entry *last;
};

#define entry_each(entry, list)                                                                    \
	for (struct pve_entry *entry = (list)->first; entry; entry = entry->next)

/** struct pve_section - the guest as it is, as it shall be, or as it was at a snapshot */
struct pve_section {
	const char *name;  /* "" (main), "pve:pending" or the snapshot's */
	unsigned int line; /* of its header; 0: main, or added since */
	struct {
		const char *at; /* UTF-8; NULL: none. May hold NUL bytes */
		size_t length;
	} description;
	struct pve_entries
		options;          /* a key is there once; also snaptime, parent, delete, unknown */
	struct pve_entries env;   /* value: "NAME=VALUE" */
	struct pve_entries raw;   /* lxc.* lines, several with one key */
	struct pve_section *next; /* of snapshots */
};

enum pve_finding {
	PVE_BAD_LINE,   /* no rule of the grammar fits: the line is dropped          */
	PVE_BAD_VALUE,  /* the schema refuses it: kept as it is                      */
	PVE_BAD_RAW,    /* a raw key that has another way to be said: dropped        */
	PVE_BAD_DELETE, /* `delete` outside of [pve:pending]: dropped                */
	PVE_DEPRECATED, /* an old name of a raw key: kept                            */
};

/** struct pve_warning - what the reader did not like */
struct pve_warning {
	enum pve_finding finding;
	const char *text; /* "unable to parse config: cmode:"         */
	const char *hint; /* what would be right; NULL: @text says it */
	unsigned int line;
	struct pve_warning *next;
};

struct pve_conf {
	struct arena arena; /* owns all strings and entries, also those of conf_set() */
	const char *id;     /* "100" */
	const char *name;   /* what messages call the file: "100.conf" */
	char digest[41];    /* SHA-1 over the file's bytes, lower-case hexadecimal */
	struct pve_section main;
	struct pve_section pending;    /* empty: nothing waits */
	struct pve_section *snapshots; /* in the order of the file */
	struct pve_warning *warnings;  /* in the order of lines */
};

/**
 * conf_read() - read the text of a config file
 * @conf: overwritten; give it to conf_free(), also after an error
 * @id: the container's id; copied. Messages call the file "<id>.conf"
 * @text: @length bytes, line ends as on Unix or Windows
 * @strict: what would be a warning is an error, as for a config from another cluster;
 *	deprecated keys stay warnings
 *
 * Source: the grammar of pve-container's configuration parser, but that `snapstate:` must stand at
 * the start of its line.
 * Return: 0; -EINVAL with name and line when @strict.
 */
int conf_read(struct pve_conf *conf, const char *id, const char *text, size_t length, bool strict,
	      struct err *err);

/** conf_init() - a config without any line, to be filled with conf_set(). */
void conf_init(struct pve_conf *conf, const char *id);

void conf_free(struct pve_conf *conf);
DEFINE_CLEANUP(struct pve_conf, conf_free);

/** conf_find() - the option @key of @section. Return: NULL: not there. */
const struct pve_entry *conf_find(const struct pve_section *section, const char *key);

/** conf_value() - its value, the schema's default without one. Return: NULL: neither. */
const char *conf_value(const struct pve_section *section, const char *key);

/**
 * conf_bool() - a boolean, the schema's default when it isn't there
 * conf_u64() - an integer; @value->set is false when there is neither a line nor a default
 * Return: 0; -EINVAL with the origin when the line has something else (the reader warned).
 */
int conf_bool(const struct pve_conf *conf, const struct pve_section *section, const char *key,
	      bool *value, struct err *err);
int conf_u64(const struct pve_conf *conf, const struct pve_section *section, const char *key,
	     struct opt_u64 *value, struct err *err);

/**
 * conf_indexed() - the next option of a family by index: mp0, mp1, ... mp10
 * @family: "mp", "net", "dev", "unused"
 * @index: in: where to look from; out: the index found
 *
 *	for (unsigned int i = 0; (entry = conf_indexed(section, "mp", &i)); i++)
 *
 * Return: NULL: no more.
 */
const struct pve_entry *conf_indexed(const struct pve_section *section, const char *family,
				     unsigned int *index);

/** conf_unprivileged() - does @section ask for a user namespace: the option, or raw lxc.idmap. */
bool conf_unprivileged(const struct pve_section *section);

/**
 * conf_check_lock() - -EBUSY while a command has, or has left, its lock in the config
 * @but: a lock that doesn't count: "mounted"; NULL: each does
 */
int conf_check_lock(const struct pve_conf *conf, const char *but, struct err *err);

/** conf_check_digest() - -EBUSY where the file is not the one with @digest (NULL: any). */
int conf_check_digest(const struct pve_conf *conf, const char *digest, struct err *err);

/** conf_origin() - who asked: "mp0: in 100.conf, line 7"; in @arena. */
const char *conf_origin(struct arena *arena, const struct pve_conf *conf,
			const struct pve_entry *entry);

/** conf_warning_text() - "vm 110 - ...: cmode:; the value is missing (110.conf, line 29)"; in
 * @arena. */
const char *conf_warning_text(struct arena *arena, const struct pve_conf *conf,
			      const struct pve_warning *warning);

/** conf_snapshot() - the section of a snapshot. Return: NULL: no such one. */
struct pve_section *conf_snapshot(struct pve_conf *conf, const char *name);

/** conf_snapshot_add() - an empty section for @name; one of that name is replaced. */
struct pve_section *conf_snapshot_add(struct pve_conf *conf, const char *name);

/** conf_snapshot_delete() - forget a snapshot's section. Return: whether there was one. */
bool conf_snapshot_delete(struct pve_conf *conf, const char *name);

/**
 * conf_set() - set an option; texts are copied
 * @section: of @conf; the value is stored as it is (check it with schema_check_api() before)
 *
 * `description` and `env` (variables separated by line feeds are not taken: use conf_env_add())
 * are options too; an empty description removes it.
 */
void conf_set(struct pve_conf *conf, struct pve_section *section, const char *key,
	      const char *value);

/** conf_delete() - remove an option, also description and env. Return: whether it was there. */
bool conf_delete(struct pve_section *section, const char *key);

/** conf_raw_add() - a raw line at the end; conf_env_add() - a variable at the end. */
void conf_raw_add(struct pve_conf *conf, struct pve_section *section, const char *key,
		  const char *value);
void conf_env_add(struct pve_conf *conf, struct pve_section *section, const char *variable);

/** conf_section_empty() - would the writer write nothing of it? */
bool conf_section_empty(const struct pve_section *section);

/** conf_section_copy() - all of @from into @to (name and line stay @to's), for snapshots. */
void conf_section_copy(struct pve_conf *conf, struct pve_section *to,
		       const struct pve_section *from);

/**
 * conf_write() - the file's text as Proxmox writes it
 *
 * Description first, options sorted, variables, raw lines; then pending and the snapshots by name.
 * `snapstate` and unusedN of a volume that is in use are left out of main.
 * Return: 0; -EINVAL when a value has a line feed in it.
 */
int conf_write(const struct pve_conf *conf, struct text *out, struct err *err);
