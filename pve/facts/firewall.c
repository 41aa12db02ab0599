#include "pve/facts/firewall.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/helper.h"
#include "lib/own.h"
#include "lib/text.h"
#include "pve/conf/property.h"
#include "pve/facts/parts.h"
#include "pve/firewall/firewall.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* The texts that a container's firewall is made of, where it has one. */

bool firewall_wanted(struct arena *arena, const struct pve_conf *conf)
{
	const struct pve_entry *entry;
	bool wanted = false;

	for (unsigned int i = 0; (entry = conf_indexed(&conf->main, "net", &i)); i++) {
		struct pve_net net = {};

		if (property_read(arena, pve_net_properties, entry->value, &net, NULL) == 0)
			wanted = wanted || opt_bool_or(net.firewall, false);
	}
	return wanted;
}

/* A file that isn't there is no fact. One that can't be read might have had rules. */
static int add_file(const struct gathering *g, const char *name, const char *path)
{
	const char *text;
	size_t length;
	int r = file_read(g->arena, AT_FDCWD, path, 0, &text, &length, NULL);

	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return err_set(g->err, r, "read %s", path);
	if (strlen(text) < length)
		return err_plain(g->err, -EINVAL, "%s: is no text: it has zeros", path);
	facts_add_name(g, &g->facts->files, name, text);
	return 0;
}

static int add_files(const struct gathering *g)
{
	const struct {
		const char *name, *path;
	} files[] = {
		{FACTS_FIREWALL_GUEST,
		 arena_printf(g->arena, "%s/firewall/%s.fw", g->request->etc, g->conf->id)},
		{FACTS_FIREWALL_CLUSTER,
		 arena_printf(g->arena, "%s/firewall/cluster.fw", g->request->etc)},
		{FACTS_FIREWALL_HOST, arena_printf(g->arena, "%s/local/host.fw", g->request->etc)},
		{FACTS_SERVICES, "/etc/services"},
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(files); i++)
		r = add_file(g, files[i].name, files[i].path);
	return r;
}

int firewall_files_read(struct arena *arena, const char *id, const struct pve_names *texts,
			struct firewall_files *files, struct err *err)
{
	const struct {
		const char *text, *name;
		struct firewall_file *file;
	} rows[] = {
		{FACTS_FIREWALL_GUEST, arena_printf(arena, "firewall/%s.fw", id), &files->guest},
		{FACTS_FIREWALL_CLUSTER, "firewall/cluster.fw", &files->cluster},
		{FACTS_FIREWALL_HOST, "host.fw", &files->host},
	};
	int r = 0;

	*files = (struct firewall_files){.services = pve_names_find(texts, FACTS_SERVICES)};
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(rows); i++) {
		const char *text = pve_names_find(texts, rows[i].text);

		if (text)
			r = firewall_file_read(arena, rows[i].name, text, rows[i].file, err);
	}
	return r;
}

/* What is wrong with the files, the translation says. */
static struct firewall_options find_options(const struct gathering *g)
{
	struct firewall_options options = {};
	struct firewall_files files;

	if (firewall_files_read(g->arena, g->conf->id, &g->facts->files, &files, NULL) < 0 ||
	    firewall_options_read(g->arena, &files, &options, NULL) < 0)
		return (struct firewall_options){};
	return options;
}

/* Proxmox has two firewalls; the one by nftables, like ours, needs no bridges. */
static bool needs_bridges(const struct firewall_options *options)
{
	return oci_map_find(&options->origins, "nftables")
		       ? !options->nftables
		       : access("/usr/sbin/pve-firewall", X_OK) == 0;
}

/* Asked by doing: a kernel's name for what it can says little. */
static const char *find_lack(const struct gathering *g)
{
	cleanup_(text_free) struct text answer = {};
	const char *const argv[] = {helper_find(g->arena, "pctrun-nft"), "probe", NULL};
	struct err why = {};

	if (helper_ask(argv, NULL, &answer, &why) == 0)
		return NULL;
	return why.hint[0] ? arena_printf(g->arena, "%s: %s", why.what, why.hint)
			   : arena_strdup(g->arena, why.what);
}

int facts_gather_firewall(const struct gathering *g)
{
	struct firewall_options options;
	int r = 0;

	if (!firewall_wanted(g->arena, g->conf))
		return 0;
	if (g->request->etc)
		r = add_files(g);
	if (r < 0)
		return r;
	options = find_options(g);
	g->facts->firewall_bridges = needs_bridges(&options);
	if (options.enable && options.cluster)
		g->facts->firewall_lacks = find_lack(g);
	return 0;
}
