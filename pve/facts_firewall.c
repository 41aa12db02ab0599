#include "pve/facts_parts.h"

#include "lib/file.h"
#include "lib/helper.h"
#include "lib/own.h"
#include "lib/text.h"
#include "pve/firewall.h"
#include "pve/property.h"

#include <fcntl.h>
#include <string.h>

/* The texts that a container's firewall is made of, where it has one. */

static bool wants_firewall(const struct gathering *g)
{
	const struct pve_entry *entry;
	bool wanted = false;

	for (unsigned int i = 0; (entry = conf_indexed(&g->conf->main, "net", &i)); i++) {
		struct pve_net net = {};

		if (property_read(g->arena, pve_net_properties, entry->value, &net, NULL) == 0)
			wanted = wanted || opt_bool_or(net.firewall, false);
	}
	return wanted;
}

/* A file that isn't there is no fact. */
static void add_file(const struct gathering *g, const char *name, const char *path)
{
	const char *text;

	if (file_read(g->arena, AT_FDCWD, path, 0, &text, NULL, NULL) == 0)
		facts_add_name(g, &g->facts->files, name, text);
}

static void add_files(const struct gathering *g)
{
	const struct {
		const char *name, *path;
	} files[] = {
		{FACTS_FIREWALL_GUEST, arena_printf(g->arena, "firewall/%s.fw", g->conf->id)},
		{FACTS_FIREWALL_CLUSTER, "firewall/cluster.fw"},
		{FACTS_FIREWALL_HOST, "local/host.fw"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		add_file(g, files[i].name,
			 arena_printf(g->arena, "%s/%s", g->request->etc, files[i].path));
	add_file(g, FACTS_SERVICES, "/etc/services");
}

/* What is wrong with the files, the translation says. */
static bool is_enabled(const struct gathering *g)
{
	struct firewall_options options;
	struct firewall_files files;

	return firewall_files_read(g->arena, g->conf->id, &g->facts->files, &files, NULL) == 0 &&
	       firewall_options_read(&files, &options, NULL) == 0 && options.enable;
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
	if (!g->request->etc || !wants_firewall(g))
		return 0;
	add_files(g);
	if (is_enabled(g))
		g->facts->firewall_lacks = find_lack(g);
	return 0;
}
