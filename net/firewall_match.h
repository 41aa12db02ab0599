#pragma once

struct json;
struct packet;
struct table;

/* Whether a packet is what a rule asks for. Only firewall_judge.c includes this. */

enum match { MATCH_NO, MATCH_UNKNOWN, MATCH_YES };

/** match_packet() - @match: libnftables-json(5)'s: its op, left and right */
enum match match_packet(const struct table *table, const struct json *match,
			const struct packet *packet);
