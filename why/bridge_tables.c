#include "why/bridge_tables.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/text.h"
#include "why/around.h"

#include <unistd.h>

static bool is_port(struct arena *arena, const char *name)
{
	return *name && access(arena_printf(arena, "/sys/class/net/%s/brport", name), F_OK) == 0;
}

/* A container's own are for its ports alone. */
static size_t drop_ours(struct table *tables, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (!starts_with(tables[i].name, "pctrun-"))
			tables[kept++] = tables[i];
	return kept;
}

const struct bridge_tables *bridge_tables_look(struct arena *arena, const struct around *around)
{
	struct bridge_tables *found;
	struct table *tables;
	struct err err = {};
	size_t count;
	int r;

	if (!is_port(arena, around->host_port))
		return NULL;
	found = arena_alloc(arena, sizeof(*found));
	r = tables_fetch(arena, &tables, &count, &err);
	if (r == -ENOENT) /* who has no pctrun-nft asked for no rules */
		return NULL;
	if (r < 0) {
		found->unseen = arena_strdup(arena, err.what);
		return found;
	}
	found->tables = tables;
	found->count = drop_ours(tables, count);
	return found;
}
