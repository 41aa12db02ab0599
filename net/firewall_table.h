#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;
struct json;
struct text;

/*
 * A container's table as the kernel has it: pctrun-nft reads it back as libnftables-json(5) has it,
 * all names as numbers. Who asked for a rule is its comment, which net/firewall_script.c gave it.
 * Those of others are read in the same way.
 */

enum table_kind { TABLE_CHAIN, TABLE_SET, TABLE_MAP, TABLE_RULE };

struct table_item {
	enum table_kind kind;
	const char *family;      /* "bridge"; of what makes the host follow connections "inet" */
	const char *name;        /* of the chain or the set; of a rule its chain's     */
	const char *comment;     /* NULL: none                                         */
	uint64_t handle;         /* as `nft -a` shows it                               */
	const struct json *json; /* all of it                                          */
	const char *text;        /* all of it but the handle: equal where it is equal  */
};

/** struct table - in the kernel's order, which is the rules' own in each chain */
struct table {
	const char *name;
	const char *family; /* NULL: of a container's own, which has one in two families */
	size_t count;
	struct table_item *items;
};

/** table_read() - from what pctrun-nft says, a document in each line; lives in @arena */
int table_read(struct arena *arena, const char *name, const char *text, struct table *table,
	       struct err *err);

/** table_fetch() - what the kernel has now */
int table_fetch(struct arena *arena, const char *name, struct table *table, struct err *err);

/** struct tables - all of a network namespace, whoever has made them */
struct tables {
	size_t count;
	struct table *items;
};

/** tables_ask() - what pctrun-nft says of the caller's. Return: 0; -E2BIG where there is more than
 * anybody would follow; -ENOENT: there is no pctrun-nft. */
int tables_ask(struct text *answer, struct err *err);

/** tables_read() - from what it says; lives in @arena */
int tables_read(struct arena *arena, const char *text, struct tables *tables, struct err *err);

/** table_make() - what it would have of a script; made in a network namespace of its own */
int table_make(struct arena *arena, const char *name, const char *script, struct table *table,
	       struct err *err);

/** table_is_there() - the bridge's, whose rules those of the container are */
bool table_is_there(const struct table *table);

/** table_find() - NULL: there is none. @kind: any but TABLE_RULE */
const struct table_item *table_find(const struct table *table, enum table_kind kind,
				    const char *family, const char *name);

/**
 * table_compare() - what somebody has changed
 * @text: "; " between the differences: the rules that are missing by their origin, those that are
 *        nobody's by their handle, chains and sets by their name
 * Return: how many there are.
 */
size_t table_compare(const struct table *want, const struct table *have, struct text *text);
