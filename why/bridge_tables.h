#pragma once

#include "net/firewall_table.h"

struct arena;
struct around;

/** struct bridge_tables - rules on the host's bridges that belong to no container of ours */
struct bridge_tables {
	const char *unseen; /* why they can't be read; NULL: they were */
	size_t count;
	const struct table *tables;
};

/** bridge_tables_look() - at those that a packet of the interface may meet. Return: NULL: none, as
 * it is no port of a bridge, or this kernel or set-up knows none; lives in @arena. */
const struct bridge_tables *bridge_tables_look(struct arena *arena, const struct around *around);
