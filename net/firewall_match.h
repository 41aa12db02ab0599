#pragma once

#include "net/firewall_table.h"

#include <stdbool.h>
#include <stddef.h>

struct json;
struct packet;

/* Whether a packet is what a rule asks for. Only firewall_walk.c includes this. */

enum match { MATCH_NO, MATCH_UNKNOWN, MATCH_YES };

/** struct match_scope - where a rule's words mean something */
struct match_scope {
	const struct table *table; /* its sets */
	const char *family;
	size_t *patience; /* what may still be spent: who has made the rules may have made many */
};

/* What a rule, a statement or an element costs; an item that is only passed by costs 1. */
enum { LOOK = 16 };

/** match_packet() - @match: libnftables-json(5)'s: its op, left and right */
enum match match_packet(const struct match_scope *scope, const struct json *match,
			const struct packet *packet);

/** match_map_key() - of an element of a map, whose key @left is looked up in it */
enum match match_map_key(const struct json *left, const struct json *key,
			 const struct packet *packet);

/** match_find() - a set or a map. Return: NULL: there is none, or no patience to find it. */
const struct table_item *match_find(const struct match_scope *scope, enum table_kind kind,
				    const char *name);

/** match_tired() - spend patience. Return: there is none left. */
static inline bool match_tired(const struct match_scope *scope, size_t cost)
{
	*scope->patience -= cost < *scope->patience ? cost : *scope->patience;
	return *scope->patience == 0;
}
