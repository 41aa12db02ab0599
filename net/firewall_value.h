#pragma once

#include <netinet/in.h>
#include <stdint.h>

struct json;
struct packet;

/* What a packet has where a rule asks for it. Only firewall_match.c includes this. */

/**
 * struct value - a field's
 *
 * VALUE_NONE: the packet has no such field, and the kernel's rule doesn't match then, whatever it
 * compares it with.
 */
struct value {
	enum {
		VALUE_UNKNOWN,
		VALUE_NONE,
		VALUE_NUMBER,
		VALUE_ETHER,
		VALUE_HWADDR,
		VALUE_INTERFACE,
		VALUE_ADDRESS
	} kind;
	uint64_t number;
	uint64_t or_else; /* what it may be as well, which can't be told; the same: nothing */
	const char *text;
	int family;
	struct in6_addr address;
};

/**
 * value_of() - what is on the left of a match
 * @left: {"meta": {"key": "iifname"}}, {"payload": {"protocol": "ip", "field": "saddr"}}, ...
 */
struct value value_of(const struct packet *packet, const struct json *left);
