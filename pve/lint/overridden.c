#include "pve/lint/parts.h"

#include "lib/text.h"
#include "pve/conf/property.h"
#include "pve/lxc/config.h"
#include "pve/lxc/devices.h"

#include <string.h>

/* One value has two lines; the raw one holds. */
static const struct {
	const char *option, *raw;
} rows[] = {
	{"memory", "lxc.cgroup2.memory.max"},
	{"swap", "lxc.cgroup2.memory.swap.max"},
	{"cores", "lxc.cgroup2.cpuset.cpus"},
	{"cpulimit", "lxc.cgroup2.cpu.max"},
	{"cpuunits", "lxc.cgroup2.cpu.weight"},
	{"hostname", "lxc.uts.name"},
	{"arch", "lxc.arch"},
	{"tty", "lxc.tty.max"},
	{"entrypoint", "lxc.init.cmd"},
};

static bool covers(int64_t number, const struct opt_i64 *rules)
{
	return !rules->set || rules->value < 0 || rules->value == number;
}

/* Is it among what a line like "c 10:229 rwm" or "a" is about? */
static bool is_about(const struct linting *l, const struct pve_entry *line,
		     const struct pve_device_node *node)
{
	struct lxc_device_policy policy = {.allow_by_default = true};
	const struct oci_device_rule *rule;

	if (*line->value == 'a')
		return true;
	if (lxc_device_read(l->arena, false, line->value, "", &policy, NULL) < 0 || !policy.count)
		return false;
	rule = &policy.items[0].rule;
	return rule->type && *rule->type == node->type && covers(node->major, &rule->major) &&
	       covers(node->minor, &rule->minor);
}

/* Raw lines come behind those that devN stands for: the last one about a device holds. */
static const struct pve_entry *find_denial(const struct linting *l,
					   const struct pve_device_node *node)
{
	const struct pve_entry *denial = NULL;

	entry_each(line, &l->conf->main.raw)
	{
		const char *key = lxc_key_rename(l->arena, line->key);

		if (!key || !starts_with(key, "lxc.cgroup2.devices.") || !is_about(l, line, node))
			continue;
		denial = ends_with(key, ".deny") ? line : NULL;
	}
	return denial;
}

static void find_denied_devices(const struct linting *l)
{
	const struct pve_entry *entry, *denial;
	const struct pve_device_node *node;

	for (unsigned int i = 0; (entry = conf_indexed(&l->conf->main, "dev", &i)); i++) {
		struct pve_dev dev = {};

		if (property_read(l->arena, pve_dev_properties, entry->value, &dev, NULL) < 0 ||
		    !dev.path || !(node = pve_facts_device(l->facts, dev.path)) ||
		    !(denial = find_denial(l, node)))
			continue;
		lint_find(l, entry,
			  arena_printf(l->arena, "leave out %s, or that line", entry->key),
			  "%s can't be opened: %s (%s) denies it", dev.path, denial->key,
			  lint_where(l, denial));
	}
}

/* The line that drops @capability; an empty one takes back those before it. NULL: none */
static const struct pve_entry *find_drop(const struct linting *l, const char *capability)
{
	const struct pve_entry *drop = NULL;

	entry_each(line, &l->conf->main.raw)
	{
		const char *key = lxc_key_rename(l->arena, line->key);

		if (!key || strcmp(key, "lxc.cap.drop") != 0)
			continue;
		if (!*line->value)
			drop = NULL;
		else if (line_has_word(line->value, capability))
			drop = line;
	}
	return drop;
}

/* What a filter lets through, the kernel asks a capability for as well. */
static void find_dropped_features(const struct linting *l)
{
	const struct pve_entry *entry = conf_find(&l->conf->main, "features");
	struct pve_features features = {};

	if (!entry ||
	    property_read(l->arena, pve_features_properties, entry->value, &features, NULL) < 0)
		return;
	const struct {
		const char *feature, *capability;
		bool given;
	} needs[] = {
		{"nesting=1", "sys_admin", opt_bool_or(features.nesting, false)},
		{"mount=", "sys_admin", features.mount},
		{"mknod=1", "mknod", opt_bool_or(features.mknod, false)},
	};

	for (size_t i = 0; i < ARRAY_SIZE(needs); i++) {
		const struct pve_entry *drop = find_drop(l, needs[i].capability);

		if (needs[i].given && drop)
			lint_find(l, entry,
				  arena_printf(l->arena, "leave out %s, or %s there",
					       needs[i].feature, needs[i].capability),
				  "%s is of no use without %s, which %s (%s) takes away",
				  needs[i].feature, needs[i].capability, drop->key,
				  lint_where(l, drop));
	}
}

/* What else features have is said by the translation's notices. */
void lint_overridden(const struct linting *l)
{
	find_dropped_features(l);
	find_denied_devices(l);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct pve_entry *option = conf_find(&l->conf->main, rows[i].option);
		const struct pve_entry *raw = lint_raw(l, rows[i].raw);

		if (option && raw)
			lint_find(
				l, option,
				arena_printf(l->arena, "leave out %s or %s", option->key, raw->key),
				"'%s' does not hold: %s (%s) takes its place", option->value,
				raw->key, lint_where(l, raw));
	}
}
