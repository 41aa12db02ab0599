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

static int readdress_net(struct plugging *plugging, const struct pve_section *before,
			 const char *key, struct err *err)
{
	struct pve_net from, to;
	int r = 0;

	read_net(plugging, before, key, &from);
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

static int readdress(struct plugging *plugging, const struct pve_section *before, struct err *err)
{
	bool any = false;
	int r = 0;

	for (size_t i = 0; r == 0 && i < plugging->changes->count; i++) {
		const char *key = plugging->changes->keys[i];

		if (!is_net(key))
			continue;
		any = true;
		r = readdress_net(plugging, before, key, err);
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

/* From the main section as it was to what it is in @conf. */
static int plug(struct plugging *plugging, const struct pve_section *before, struct err *err)
{
	int r = change(plugging, err);

	return r < 0 ? r : readdress(plugging, before, err);
}

/* ------------------------------------------------------------------------------- all of it */

static bool is_live(const char *key)
{
	return change_kind(key) == CHANGE_LIVE || change_kind(key) == CHANGE_NEW;
}

/* Is there any of them that the kernel has to know of? */
static bool any_live(const struct plugging *plugging)
{
	for (size_t i = 0; i < plugging->changes->count; i++) {
		const char *key = plugging->changes->keys[i];

		if (is_live(key) && change_can_now(plugging->conf, key) &&
		    pending_has(plugging->conf, key))
			return true;
	}
	return false;
}

static void apply_keys(struct plugging *plugging, bool running)
{
	for (size_t i = 0; i < plugging->changes->count; i++)
		if (!running || change_can_now(plugging->conf, plugging->changes->keys[i]))
			pending_apply_key(plugging->conf, plugging->changes->keys[i]);
}

/* Killed from here on, what was asked for is pending in the file: for the next start, or for the
 * same command again. */
static int announce(struct plugging *plugging, struct err *err)
{
	return etc_save(&plugging->pct->etc, plugging->conf, err);
}

/* The first failure is what the reader wants to know. */
static void take_back(struct plugging *plugging, bool live)
{
	struct pve_section after = plugging->conf->main;

	plugging->conf->main = plugging->before;
	plugging->conf->pending = plugging->changes->before;
	if (live)
		(void)plug(plugging, &after, NULL);
	(void)etc_save(&plugging->pct->etc, plugging->conf, NULL);
}

static int apply(struct plugging *plugging, bool running, struct err *err)
{
	const bool live = running && any_live(plugging);
	int r = live ? announce(plugging, err) : 0;

	if (r < 0)
		return r;
	apply_keys(plugging, running);
	if (live)
		r = plug(plugging, &plugging->before, err);
	if (r == 0)
		r = etc_save(&plugging->pct->etc, plugging->conf, err);
	if (r < 0)
		take_back(plugging, live);
	return r;
}

int pct_apply(struct pct *pct, struct pve_conf *conf, const struct changes *changes,
	      struct err *err)
{
	struct plugging plugging = {.pct = pct, .conf = conf, .changes = changes};

	plugging.before.name = conf->main.name;
	conf_section_copy(conf, &plugging.before, &conf->main);
	return apply(&plugging, pct_running(pct, conf->id), err);
}
