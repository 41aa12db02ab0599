#include "pve/lint_parts.h"
#include "pve/lxc_config.h"
#include "pve/lxc_mount.h"
#include "pve/property.h"

#include <string.h>

/* A place in the container that a line mounts something on. */
struct place {
	const char *path; /* absolute */
	const struct pve_entry *entry;
};

struct places {
	size_t count;
	struct place *items;
};

/* The later covers the earlier. */
static void add(const struct linting *l, struct places *places, const char *path,
		const struct pve_entry *entry)
{
	const char *absolute = *path == '/' ? path : arena_printf(l->arena, "/%s", path);

	for (size_t i = 0; i < places->count; i++)
		if (strcmp(places->items[i].path, absolute) == 0)
			lint_find(l, entry,
				  arena_printf(l->arena, "leave out one of %s and %s",
					       places->items[i].entry->key, entry->key),
				  "%s is there by another line already (%s)", absolute,
				  lint_where(l, places->items[i].entry));
	places->items[places->count++] = (struct place){absolute, entry};
}

static void add_options(const struct linting *l, struct places *places)
{
	const struct pve_entry *entry;

	for (unsigned int i = 0; (entry = conf_indexed(&l->conf->main, "mp", &i)); i++) {
		struct pve_mount mount = {};

		if (property_read(l->arena, pve_mp_properties, entry->value, &mount, NULL) == 0)
			add(l, places, mount.mp, entry);
	}
	for (unsigned int i = 0; (entry = conf_indexed(&l->conf->main, "dev", &i)); i++) {
		struct pve_dev dev = {};

		if (property_read(l->arena, pve_dev_properties, entry->value, &dev, NULL) == 0 &&
		    dev.path)
			add(l, places, dev.path, entry);
	}
}

void lint_twice(const struct linting *l)
{
	struct places places = {};
	size_t lines = 0;

	entry_each(entry, &l->conf->main.options) lines++;
	entry_each(entry, &l->conf->main.raw) lines++;
	places.items = arena_array(l->arena, lines, sizeof(*places.items));
	add_options(l, &places);
	entry_each(entry, &l->conf->main.raw)
	{
		struct lxc_mount mount;

		if (strcmp(entry->key, "lxc.mount.entry") == 0 &&
		    lxc_mount_read(l->arena, entry->value, &mount, NULL) == 0)
			add(l, &places, mount.mount.destination, entry);
	}
}
