#include "pve/lint_parts.h"

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

/* What features have is said by the translation's notices. */
void lint_overridden(const struct linting *l)
{
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
