#include "pve/verbs/boot_order.h"

#include "lib/arena.h"
#include "pve/conf/conf.h"
#include "pve/conf/property.h"
#include "pve/conf/value.h"
#include "pve/etc/etc.h"

#include <stdlib.h>

static bool is_on(const struct pve_conf *conf, const char *key)
{
	bool on = false;

	return conf_bool(conf, &conf->main, key, &on, NULL) == 0 && on;
}

static void read_startup(struct arena *arena, const struct pve_conf *conf, struct boot_entry *entry)
{
	const struct pve_entry *line = conf_find(&conf->main, "startup");
	struct pve_startup startup = {};

	if (!line || property_read(arena, pve_startup_properties, line->value, &startup, NULL) < 0)
		return;
	entry->order = opt_i64_or(startup.order, BOOT_NO_ORDER);
	entry->up_seconds = (unsigned int)opt_i64_or(startup.up, 0);
	entry->down_seconds = (unsigned int)opt_i64_or(startup.down, 0);
}

static bool read_entry(struct arena *arena, const struct etc *etc, const char *id,
		       struct boot_entry *entry)
{
	cleanup_(conf_free) struct pve_conf conf = {};

	if (etc_load(etc, id, &conf, NULL) < 0 || is_on(&conf, "template"))
		return false;
	*entry = (struct boot_entry){
		.id = id, .order = BOOT_NO_ORDER, .onboot = is_on(&conf, "onboot")};
	read_startup(arena, &conf, entry);
	return true;
}

static int by_order(const void *a, const void *b)
{
	const struct boot_entry *one = a, *other = b;

	if (one->order != other->order)
		return one->order < other->order ? -1 : 1;
	return value_number(one->id) < value_number(other->id) ? -1 : 1;
}

int boot_order(struct arena *arena, const struct etc *etc, struct boot_entry **entries,
	       size_t *count, struct err *err)
{
	const char **ids;
	size_t most = 0;
	int r = etc_list(arena, etc, &ids, err);

	*count = 0;
	if (r < 0)
		return r;
	while (ids[most])
		most++;
	*entries = arena_array(arena, most + 1, sizeof(**entries));
	for (; *ids; ids++)
		*count += read_entry(arena, etc, *ids, &(*entries)[*count]);
	qsort(*entries, *count, sizeof(**entries), by_order);
	return 0;
}
