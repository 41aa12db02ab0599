#pragma once

#include <stdbool.h>
#include <stddef.h>

struct json;
struct packet;
struct table;

/* Whether a packet is what a rule asks for. Only firewall_walk.c includes this. */

enum match { MATCH_NO, MATCH_UNKNOWN, MATCH_YES };

/** struct match_scope - where a rule's words mean something */
struct match_scope {
	const struct table *table; /* its sets */
	const char *family;
	size_t *patience; /* what may still be spent: who has made the rules may have made many */
};

enum { LOOK = 16 }; /* what a rule or an element costs; one that is only passed by costs 1 */

/** match_packet() - @match: libnftables-json(5)'s: its op, left and right */
enum match match_packet(const struct match_scope *scope, const struct json *match,
			const struct packet *packet);

/** match_map_key() - of an element of a map, whose key @left is looked up in it */
enum match match_map_key(const struct match_scope *scope, const struct json *left,
			 const struct json *key, const struct packet *packet);

/** match_tired() - spend patience. Return: there is none left. */
static inline bool match_tired(const struct match_scope *scope, size_t cost)
{
	*scope->patience -= cost < *scope->patience ? cost : *scope->patience;
	return *scope->patience == 0;
}
