#include "pve/conf/property.h"

#include "lib/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct property *const tables[] = {
	pve_rootfs_properties,   pve_mp_properties,      pve_net_properties,    pve_dev_properties,
	pve_features_properties, pve_startup_properties, pve_unused_properties,
};

static const char *print(struct arena *arena, const struct property *table, const char *text)
{
	union pve_properties subject = {};

	if (property_read(arena, table, text, &subject, NULL) < 0)
		return NULL;
	return property_write(arena, table, &subject);
}

/* The canonical form of what could be read can be read, and is its own canonical form. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *text = arena_strndup(&arena, (const char *)data, size);

	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		const char *once = print(&arena, tables[i], text);
		const char *twice = once ? print(&arena, tables[i], once) : NULL;

		if (once && (!twice || strcmp(once, twice) != 0))
			abort();
	}
	return 0;
}
