#include "cli/pct_hotplug.h"

#include "cli/pct.h"
#include "lib/arena.h"
#include "lib/err.h"
#include "lib/text.h"
#include "pve/change.h"
#include "pve/conf_edit.h"
#include "pve/pending.h"
#include "pve/property.h"
#include "pve/setup.h"

#include <string.h>

/* struct plugging - a container between two configs */
struct plugging {
	struct pct *pct;
	struct pve_conf *conf;
	const struct changes *changes;
	struct pve_section before; /* of @conf: main as it was */
};

static bool is_net(const char *key)
{
	return change_kind(key) == CHANGE_LIVE && starts_with(key, "net");
}

/* -------------------------------------------------------------------------------- addresses */

static void read_net(struct plugging *plugging, const struct pve_section *section, const char *key,
		     struct pve_net *net)
{
	const struct pve_entry *entry = conf_find(section, key);

	*net = (struct pve_net){};
	if (entry &&
	    property_read(plugging->pct->arena, pve_net_properties, entry->value, net, NULL) < 0)
		*net = (struct pve_net){};
}

static const char *fixed(const char *ip)
{
	return ip && strchr(ip, '/') ? ip : NULL;
}

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* A pair that was made anew has no addresses yet. */
static bool is_new(const struct pve_net *from, const struct pve_net *to)
{
	return !same(from->name, to->name) || !same(from->hwaddr, to->hwaddr);
}

static int readdress_net(struct plugging *plugging, const char *key, struct err *err)
{
	struct pve_net from, to;
	int r = 0;

	read_net(plugging, &plugging->before, key, &from);
	read_net(plugging, &plugging->conf->main, key, &to);
	if (!to.name)
		return 0;
	if (is_new(&from, &to))
		from = (struct pve_net){};
	const struct container_address families[] = {
		{to.name, fixed(from.ip), fixed(to.ip), from.gw, to.gw},
		{to.name, fixed(from.ip6), fixed(to.ip6), from.gw6, to.gw6},
	};

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(families); i++)
		r = container_readdress(&plugging->pct->runtime, plugging->conf->id, &families[i],
					err);
	if (r < 0)
		err_origin(err, conf_origin(plugging->pct->arena, plugging->conf,
					    conf_find(&plugging->conf->main, key)));
	return r;
}

/* The guest's own files, for its next boot. */
static int rewrite_network(struct plugging *plugging, struct err *err)
{
	struct setup setup = {.conf = plugging->conf, .warn = pct_warn};
	cleanup_close int root_fd =
		container_root(&plugging->pct->runtime, plugging->conf->id, err);

	if (root_fd < 0)
		return root_fd;
	setup_ask_host(plugging->pct->arena, &setup);
	return setup_running(root_fd, &setup, err);
}

static int readdress(struct plugging *plugging, struct err *err)
{
	bool any = false;
	int r = 0;

	for (size_t i = 0; r == 0 && i < plugging->changes->count; i++) {
		const char *key = plugging->changes->keys[i];

		if (!is_net(key))
			continue;
		any = true;
		r = readdress_net(plugging, key, err);
	}
	return r < 0 || !any ? r : rewrite_network(plugging, err);
}

/* ------------------------------------------------------------------------- limits and links */

static int change(struct plugging *plugging, struct err *err)
{
	struct translation translation = {.conf = *plugging->conf};
	int r = pct_translate_conf(plugging->pct, "/", &translation, err);

	return r < 0 ? r
		     : container_change(&plugging->pct->runtime, plugging->conf->id,
					translation.spec, err);
}

/* The first failure is what the reader wants to know. */
static void change_back(struct plugging *plugging)
{
	struct pve_section after = plugging->conf->main;

	plugging->conf->main = plugging->before;
	(void)change(plugging, NULL);
	plugging->conf->main = after;
}

static bool can_now(const struct plugging *plugging, const char *key)
{
	switch (change_kind(key)) {
	case CHANGE_FAST:
	case CHANGE_LIVE:
		return true;
	case CHANGE_NEW:
		return !conf_find(&plugging->before, key);
	default:
		return false;
	}
}

int hotplug(struct pct *pct, struct pve_conf *conf, const struct changes *changes, struct err *err)
{
	struct plugging plugging = {.pct = pct, .conf = conf, .changes = changes};
	bool live = false;
	int r;

	plugging.before.name = conf->main.name;
	conf_section_copy(conf, &plugging.before, &conf->main);
	for (size_t i = 0; i < changes->count; i++) {
		const char *key = changes->keys[i];

		if (can_now(&plugging, key) && pending_apply_key(conf, key))
			live = live || change_kind(key) != CHANGE_FAST;
	}
	if (!live)
		return 0;
	r = change(&plugging, err);
	if (r < 0)
		return r;
	r = readdress(&plugging, err);
	if (r < 0)
		change_back(&plugging);
	return r;
}
