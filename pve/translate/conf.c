#include "lib/printable.h"
#include "lib/utf8.h"
#include "pve/translate/parts.h"

#include <string.h>
#include <strings.h>

const char *option_text(const struct translation *t, const char *key)
{
	const struct pve_entry *entry = conf_find(&t->conf->main, key);

	return entry ? entry->value : NULL;
}

const char *option_origin(const struct translation *t, const char *key)
{
	const struct pve_entry *entry = conf_find(&t->conf->main, key);

	return entry ? conf_origin(t->arena, t->conf, entry) : "Proxmox default";
}

/* What the reader could not make 0 or 1 of is as Perl has it: true. */
bool option_bool(const struct translation *t, const char *key, bool otherwise)
{
	const char *value = option_text(t, key);

	return value ? strcmp(value, "0") != 0 : otherwise;
}

int option_u64(struct translation *t, const char *key, uint64_t otherwise, uint64_t *value)
{
	const char *text = option_text(t, key);

	*value = otherwise;
	if (!text || parse_u64(text, value) == 0)
		return 0;
	return fail_wrong(t, option_origin(t, key), "write a number in digits alone",
			  "'%s' is no whole number", text);
}

int option_read(struct translation *t, const char *key, const struct property *table, void *into)
{
	const char *text = option_text(t, key);
	int r;

	if (!text)
		return 0;
	r = property_read(t->arena, table, text, into, t->err);
	return r < 0 ? fail_from(t, r, option_origin(t, key)) : 1;
}

static int check_entries(struct translation *t, const struct pve_entries *entries)
{
	const struct pve_entry *entry = entries->first;

	while (entry && utf8_valid(entry->value))
		entry = entry->next;
	return !entry ? 0
		      : fail_wrong(t, conf_origin(t->arena, t->conf, entry),
				   "a bundle is JSON, which has nothing else: rename it",
				   "'%s' is no UTF-8", printable(t->arena, entry->value));
}

int check_texts(struct translation *t)
{
	const struct pve_section *main = &t->conf->main;
	int r = check_entries(t, &main->options);

	if (r == 0)
		r = check_entries(t, &main->env);
	return r < 0 ? r : check_entries(t, &main->raw);
}

static void note_use(struct translation *t, const char *key, const char *origin)
{
	const struct lxc_key *found = lxc_key_find(key);

	if (found->use == LXC_ADVISORY)
		advise(t, key, origin, "%s is passed over: %s", key, found->why);
	if (found->use == LXC_UNENFORCED)
		unenforced(t, key, origin, "%s is not acted on: %s", key, found->why);
}

/* One raw line under today's name, or none where cgroup v2 has nothing like it. */
static void add_raw(struct translation *t, const struct pve_entry *entry, struct lxc_config *raw)
{
	const char *origin = conf_origin(t->arena, t->conf, entry);
	const char *key = lxc_key_rename(t->arena, entry->key);

	if (!key) {
		unenforced(t, entry->key, origin, "%s is not acted on: cgroup v2 has no such file",
			   entry->key);
		return;
	}
	if (strcmp(key, entry->key) != 0)
		advise(t, entry->key, origin, "%s is now called %s", entry->key, key);
	note_use(t, key, origin);
	lxc_config_add(raw, key, entry->value, origin);
}

void raw_lines(struct translation *t, struct lxc_config *raw)
{
	entry_each(entry, &t->conf->main.raw) add_raw(t, entry, raw);
}

void environment_lines(struct translation *t)
{
	entry_each(entry, &t->conf->main.env)
		lxc_config_add(&t->lxc, "lxc.environment.runtime", entry->value,
			       conf_origin(t->arena, t->conf, entry));
}
