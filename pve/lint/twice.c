#include "pve/lint/parts.h"

#include "lib/list.h"
#include "oci/ext.h"
#include "pve/conf/property.h"
#include "pve/lxc/config.h"
#include "pve/lxc/mount.h"

#include <string.h>
#include <strings.h>

/* What a line takes for itself: a place in the container that it mounts something on, an address.
 */
struct taken {
	const char *what;
	const struct pve_entry *entry;
};

struct all_taken {
	size_t count;
	struct taken *items;
};

static bool same(const char *one, const char *other)
{
	return *one == '/' ? strcmp(one, other) == 0 : strcasecmp(one, other) == 0;
}

static void take(const struct linting *l, struct all_taken *all, const char *what, const char *fix,
		 const struct pve_entry *entry)
{
	for (size_t i = 0; i < all->count; i++)
		if (same(all->items[i].what, what))
			lint_find(l, entry,
				  arena_printf(l->arena, "%s of %s and %s", fix,
					       all->items[i].entry->key, entry->key),
				  "%s is there by another line already (%s)", what,
				  lint_where(l, all->items[i].entry));
	*list_push(l->arena, all) = (struct taken){what, entry};
}

static bool is_below(const char *path, const char *folder)
{
	const size_t length = strlen(folder);

	return strncmp(path, folder, length) == 0 && path[length] == '/';
}

/* The later covers the earlier, and what is below it. */
static void add(const struct linting *l, struct all_taken *all, const char *path,
		const struct pve_entry *entry)
{
	const char *whole = *path == '/' ? path : arena_printf(l->arena, "/%s", path);

	for (size_t i = 0; i < all->count; i++)
		if (is_below(all->items[i].what, whole))
			lint_find(l, entry,
				  arena_printf(l->arena,
					       "give %s the higher number, or another mp=",
					       all->items[i].entry->key),
				  "%s hides what is mounted before it on %s (%s)", whole,
				  all->items[i].what, lint_where(l, all->items[i].entry));
	take(l, all, whole, "leave out one", entry);
}

/* Who is asked for it answers now from one, now from the other. */
static void add_interfaces(const struct linting *l, struct all_taken *all)
{
	const char *fix = "give another one to one";
	const struct pve_entry *entry;

	for (unsigned int i = 0; (entry = conf_indexed(&l->conf->main, "net", &i)); i++) {
		struct pve_net net = {};

		if (property_read(l->arena, pve_net_properties, entry->value, &net, NULL) < 0)
			continue;
		const char *const words[] = {net.hwaddr, net.ip, net.ip6};

		for (size_t j = 0; j < ARRAY_SIZE(words); j++)
			if (words[j] && strpbrk(words[j], ":/") &&
			    !oci_address_is_of_link(words[j]))
				take(l, all,
				     arena_strndup(l->arena, words[j], strcspn(words[j], "/")), fix,
				     entry);
	}
}

static void add_options(const struct linting *l, struct all_taken *all)
{
	const struct pve_entry *entry;

	for (unsigned int i = 0; (entry = conf_indexed(&l->conf->main, "mp", &i)); i++) {
		struct pve_mount mount = {};

		if (property_read(l->arena, pve_mp_properties, entry->value, &mount, NULL) == 0)
			add(l, all, mount.mp, entry);
	}
	for (unsigned int i = 0; (entry = conf_indexed(&l->conf->main, "dev", &i)); i++) {
		struct pve_dev dev = {};

		if (property_read(l->arena, pve_dev_properties, entry->value, &dev, NULL) == 0 &&
		    dev.path)
			add(l, all, dev.path, entry);
	}
}

/* As in Proxmox the last one holds. */
static void find_keys(const struct linting *l)
{
	entry_each(entry, &l->conf->main.options) if (entry->earlier) lint_find(
		l, entry, "leave out one of the two",
		"%s is in line %u already, which does not hold", entry->key, entry->earlier);
}

void lint_twice(const struct linting *l)
{
	struct all_taken all = {};

	find_keys(l);
	add_options(l, &all);
	add_interfaces(l, &all);
	entry_each(entry, &l->conf->main.raw)
	{
		struct lxc_mount mount;

		if (strcmp(entry->key, "lxc.mount.entry") == 0 &&
		    lxc_mount_read(l->arena, entry->value, &mount, NULL) == 0)
			add(l, &all, mount.mount.destination, entry);
	}
}
