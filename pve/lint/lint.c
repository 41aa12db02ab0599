#include "pve/lint/lint.h"

#include "lib/list.h"
#include "pve/lint/parts.h"
#include "pve/lxc/config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct lint {
	const char *name, *about;
	void (*run)(const struct linting *l);
	bool conflict;  /* two lines can't both have what they ask for */
	bool collision; /* two containers can't */
} lints[] = {
	{"idmap", "holes in the id map, with the lines that close them", lint_idmap},
	{"cgroup-v1", "keys of cgroup version 1, with their form for version 2", lint_cgroup_v1},
	{"overridden", "options that a raw line takes over from", lint_overridden,
	 .conflict = true},
	{"twice", "keys, devices, mount points and addresses that two lines have", lint_twice,
	 .conflict = true},
	{"others", "addresses that another container asks for at the same bridge", lint_others,
	 .collision = true},
	{"no-effect", "options that change nothing here", lint_no_effect},
	{"owner", "bind mounts whose owner the container can't see", lint_owner},
	{"systemd", "systemd in a container that doesn't let it", lint_systemd},
};

const char *lint_where(const struct linting *l, const struct pve_entry *entry)
{
	return conf_origin(l->arena, l->conf, entry);
}

const struct pve_entry *lint_raw(const struct linting *l, const char *key)
{
	const struct pve_entry *found = NULL;

	entry_each(entry, &l->conf->main.raw)
	{
		const char *now = lxc_key_rename(l->arena, entry->key);

		if (now && strcmp(now, key) == 0)
			found = entry;
	}
	return found;
}

void lint_find(const struct linting *l, const struct pve_entry *entry, const char *fix,
	       const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	*list_push(l->arena, l->findings) = (struct lint_finding){
		.lint = l->lint->name,
		.text = arena_strdup(l->arena, text),
		.fix = fix,
		.origin = lint_where(l, entry),
	};
}

static bool is_any(const struct lint *lint)
{
	return true;
}

static bool is_conflict(const struct lint *lint)
{
	return lint->conflict;
}

static bool is_collision(const struct lint *lint)
{
	return lint->collision;
}

static void run_lints(struct linting l, bool (*wanted)(const struct lint *lint))
{
	for (size_t i = 0; i < ARRAY_SIZE(lints); i++) {
		l.lint = &lints[i];
		if (wanted(l.lint))
			l.lint->run(&l);
	}
}

/* Nobody could look: no lint may take what isn't known for what isn't there. */
static const struct pve_facts no_facts = {.apparmor = true};

void lint_config(const struct pve_conf *conf, const struct pve_facts *facts,
		 const struct lint_claims *claims, struct lint_findings *findings)
{
	const struct linting l = {.arena = findings->arena,
				  .conf = conf,
				  .facts = facts ? facts : &no_facts,
				  .claims = claims,
				  .findings = findings};

	run_lints(l, is_any);
}

void lint_collisions(const struct pve_conf *conf, const struct lint_claims *claims,
		     struct lint_findings *findings)
{
	const struct linting l = {
		.arena = findings->arena, .conf = conf, .claims = claims, .findings = findings};

	run_lints(l, is_collision);
}

void lint_conflicts(const struct pve_conf *conf, const struct pve_facts *facts,
		    struct lint_findings *findings)
{
	const struct linting l = {
		.arena = findings->arena, .conf = conf, .facts = facts, .findings = findings};

	run_lints(l, is_conflict);
}
