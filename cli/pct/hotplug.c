#include "cli/pct/hotplug.h"

#include "cli/pct/pct.h"
#include "lib/arena.h"
#include "lib/err.h"
#include "lib/fault.h"
#include "lib/text.h"
#include "pve/change/change.h"
#include "pve/conf/pending.h"
#include "pve/conf/property.h"
#include "pve/conf/schema.h"
#include "pve/setup/net.h"
#include "pve/setup/setup.h"

/* struct plugging - a container between two configs */
struct plugging {
	struct pct *pct;
	struct pve_conf *conf;
	const struct changes *changes;
	struct pve_section before;  /* of @conf: main as it was              */
	struct pve_section plugged; /* the same as far as the kernel has it  */
};

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

/* A pair that was made anew has no addresses yet. */
static bool is_new(const struct pve_net *from, const struct pve_net *to)
{
	return !same_string(from->name, to->name) || !same_string(from->hwaddr, to->hwaddr);
}

static int readdress_net(struct plugging *plugging, const struct pve_section *before,
			 const char *key, struct err *err)
{
	struct pve_net from, to;
	int r = fault_point("change", err);

	read_net(plugging, before, key, &from);
	read_net(plugging, &plugging->conf->main, key, &to);
	if (!to.name)
		return r;
	if (is_new(&from, &to))
		from = (struct pve_net){};
	for (enum ip_family family = IP4; r == 0 && family <= IP6; family++) {
		const struct setup_ip was = setup_ip(&from, family), is = setup_ip(&to, family);
		const struct container_address change = {to.name, was.cidr, is.cidr, was.gateway,
							 is.gateway};

		r = container_readdress(&plugging->pct->runtime, plugging->conf->id, &change, err);
	}
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

static bool differs(const struct pve_section *one, const struct pve_section *other, const char *key)
{
	const struct pve_entry *a = conf_find(one, key), *b = conf_find(other, key);

	return !same_string(a ? a->value : NULL, b ? b->value : NULL);
}

static int readdress(struct plugging *plugging, const struct pve_section *before, struct err *err)
{
	bool any = false;
	int r = 0;

	for (unsigned int i = 0; r == 0 && i < schema_find("net0")->count; i++) {
		const char *key = arena_printf(plugging->pct->arena, "net%u", i);

		if (!differs(before, &plugging->conf->main, key))
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

	return pct_change(plugging->pct, plugging->conf->id, &translation, err);
}

/* From the main section as it was to what it is in @conf. */
static int plug(struct plugging *plugging, const struct pve_section *before, struct err *err)
{
	int r = change(plugging, err);

	return r < 0 ? r : readdress(plugging, before, err);
}

/* ------------------------------------------------------------- what another one was killed in */

static bool is_live(const char *key)
{
	return change_kind(key) == CHANGE_LIVE || change_kind(key) == CHANGE_NEW;
}

/* What can be had at once never waits in the file, but where one was killed between announcing it
 * there and writing that it is done. */
static bool cut_short(const struct plugging *plugging, const char *key)
{
	const struct pve_conf was = {.main = plugging->before,
				     .pending = plugging->changes->before};

	return is_live(key) && change_can_now(&was, key) && pending_has(&was, key);
}

/* An interface in between is unplugged, to be plugged in anew: nobody knows its addresses. */
static int unplug_halves(struct plugging *plugging, struct err *err)
{
	struct pve_conf *conf = plugging->conf;
	struct pve_section main = conf->main;
	bool any = false;
	int r;

	for (unsigned int i = 0; i < schema_find("net0")->count; i++) {
		const char *key = arena_printf(plugging->pct->arena, "net%u", i);

		if (cut_short(plugging, key)) {
			conf_delete(&plugging->plugged, key);
			any = true;
		}
	}
	if (!any)
		return 0;
	conf->main = plugging->plugged;
	r = change(plugging, err);
	conf->main = main;
	return r;
}

/* ------------------------------------------------------------------------------- all of it */

/* Is there any of them that the kernel has to know of? */
static bool any_live(const struct plugging *plugging)
{
	for (size_t i = 0; i < plugging->changes->count; i++) {
		const char *key = plugging->changes->keys[i];

		if (cut_short(plugging, key) ||
		    (is_live(key) && change_can_now(plugging->conf, key) &&
		     pending_has(plugging->conf, key)))
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

/* Killed after the first writing, what was asked for is pending in the file: the same command
 * again, or the next start, makes it so; --revert takes it back. */
static int apply_live(struct plugging *plugging, struct err *err)
{
	int r = etc_save(&plugging->pct->etc, plugging->conf, err);

	if (r < 0)
		return r;
	r = unplug_halves(plugging, err);
	apply_keys(plugging, true);
	if (r == 0)
		r = plug(plugging, &plugging->plugged, err);
	if (r == 0)
		r = etc_save(&plugging->pct->etc, plugging->conf, err);
	if (r < 0)
		take_back(plugging, true);
	return r;
}

static int apply_quietly(struct plugging *plugging, bool running, struct err *err)
{
	int r;

	apply_keys(plugging, running);
	r = etc_save(&plugging->pct->etc, plugging->conf, err);
	if (r < 0)
		take_back(plugging, false);
	return r;
}

int pct_apply(struct pct *pct, struct pve_conf *conf, const struct changes *changes,
	      struct err *err)
{
	struct plugging plugging = {.pct = pct, .conf = conf, .changes = changes};
	const bool running = pct_running(pct, conf->id);

	plugging.before.name = plugging.plugged.name = conf->main.name;
	conf_section_copy(conf, &plugging.before, &conf->main);
	conf_section_copy(conf, &plugging.plugged, &conf->main);
	return running && any_live(&plugging) ? apply_live(&plugging, err)
					      : apply_quietly(&plugging, running, err);
}
