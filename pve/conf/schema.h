#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;
struct property;

/*
 * Every option of <vmid>.conf in one const table (schema_table.c): its type, which a file must
 * have, its limits, which only a command has to keep, and what becomes of it.
 */

enum schema_type { SCHEMA_BOOL, SCHEMA_INTEGER, SCHEMA_NUMBER, SCHEMA_TEXT };

/** enum schema_change - what a change does to a container that runs */
enum schema_change {
	CHANGE_PENDING, /* waits for a restart in [pve:pending]     */
	CHANGE_FAST,    /* is written at once, nothing else         */
	CHANGE_LIVE,    /* is applied to the container              */
	CHANGE_NEW,     /* a new one is; a change of one waits      */
	CHANGE_NEVER,   /* can't be set by commands                 */
};

struct schema_key {
	const char *name;   /* of a family without its index: "net" */
	unsigned int count; /* of a family: indices 0 to count - 1; 0: a single key */
	enum schema_type type;
	enum schema_change change;
	bool required; /* can't be deleted */

	/* What a file must keep too: */
	const struct property *properties; /* it is a property string   */
	bool (*format)(const char *value); /* it is well-formed         */
	const char *format_name;           /* what it should be: "dns-name" */

	/* What commands check, and files don't: */
	bool limited; /* @min and @max hold */
	int64_t min, max;
	const char *const *words; /* allowed ones, NULL at the end */
	size_t max_length;        /* bytes; 0: any */
	bool (*pattern)(const char *value);

	const char *default_value; /* when it isn't in the file; NULL: none */
	const char *not_yet;       /* what we don't do about it yet, for `pct check`; NULL: all */
	const char *value_help;    /* "<integer>" */
	const char *help;
};

extern const struct schema_key schema_keys[]; /* ends with a NULL name */

/** schema_find() - the row of a config key: "net3" gives the row of "net". Return: NULL: none. */
const struct schema_key *schema_find(const char *key);

/** schema_default() - what holds without a line. Return: NULL: nothing. */
const char *schema_default(const char *key);

/**
 * schema_check() - check a value as Proxmox does when it reads a file
 * @value: what to store (a boolean as 0 or 1, an integer without leading zeros), or NULL; in
 *	@arena
 * Return: 0; -EINVAL with the reason alone: "unknown setting 'foo'".
 */
int schema_check(struct arena *arena, const char *key, const char *text, const char **value,
		 struct err *err);

/** schema_check_api() - the same, and the limits that hold for commands. */
int schema_check_api(struct arena *arena, const char *key, const char *text, const char **value,
		     struct err *err);
