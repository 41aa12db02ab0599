#pragma once

#include "net/firewall_table.h"

struct arena;
struct isolation;

/** struct rules - what a network namespace has of nftables, whoever has made it */
struct rules {
	const char *unseen; /* why it can't be read; NULL: it was                              */
	const char *legacy; /* iptables' own tables, which nobody reads: "filter nat"; NULL: none */
	struct tables tables;
};

/** rules_look() - at those of our own network namespace; containers' firewalls of ours, which are
 * for their ports alone, are left out. Lives in @arena. */
const struct rules *rules_look(struct arena *arena);

/** rules_look_inside() - at those of a process' network namespace; lives in @arena */
const struct rules *rules_look_inside(struct arena *arena, const struct isolation *isolation);
