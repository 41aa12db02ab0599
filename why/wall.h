#pragma once

#include "net/firewall_table.h"

struct plan;
struct subject;

/* struct wall - the firewall of a container as it is in the kernel */
struct wall {
	const char *id;      /* of the container, as its table is called: "100"                 */
	const char *missing; /* why this host has none of what was asked for; NULL: it has it   */
	const char *unseen;  /* why the table can't be read back; NULL: it was                  */
	const char *changes; /* what somebody has changed by hand; NULL: nothing                */
	struct table table;
};

/** wall_look() - at what a plan's rules have become. Return: NULL: it has none; lives in the
 * plan's arena */
const struct wall *wall_look(struct plan *plan);
