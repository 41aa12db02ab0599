#pragma once

#include "net/firewall_judge.h"

#include <stddef.h>

/* One chain at a hook, and those that it leads to. Only firewall_judge.c includes this. */

/**
 * walk_base_chain() - its verdict
 * @patience: what may still be spent, in steps
 */
struct table_verdict walk_base_chain(const struct table *table, const struct table_item *chain,
				     const struct packet *packet, size_t *patience);
