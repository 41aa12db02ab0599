#include "pve/translate/parts.h"

#include "pve/facts/firewall.h"
#include "pve/firewall/firewall.h"

/* The rules of the interfaces that have firewall=1, if cluster and container have it enabled. */

static struct firewall_net *add_nets(struct translation *t, size_t *count)
{
	struct {
		size_t count;
		struct firewall_net *items;
	} nets = {};
	const struct pve_entry *entry;

	for (unsigned int i = 0; (entry = conf_indexed(&t->conf->main, "net", &i)); i++) {
		struct pve_net conf = {};

		if (option_read(t, entry->key, pve_net_properties, &conf) < 0)
			continue; /* translate_net() says so */
		if (!opt_bool_or(conf.firewall, false))
			continue;
		*push(t, &nets) = (struct firewall_net){
			.key = entry->key,
			.host = translate_net_host(t, entry->key),
			.hwaddr = conf.hwaddr ? conf.hwaddr
					      : pve_names_find(&t->facts->hwaddrs, entry->key),
			.ip = conf.ip,
			.ip6 = conf.ip6,
		};
	}
	*count = nets.count;
	return nets.items;
}

/* As with Proxmox's own firewall by nftables: bridges hand packets to no program. */
static void warn_unused(struct translation *t, const struct firewall_options *options)
{
	if (options->ips)
		unenforced(t, "net.firewall.ips", oci_map_find(&options->origins, "ips"),
			   "what is accepted is not handed to a program that prevents intrusions: "
			   "rules of bridges have no queue");
}

/* All else that is passed over stops the start: here nothing is missing that could be had. */
static void advise_of_idle(struct translation *t, const struct firewall_request *request)
{
	struct firewall_idle idle = {};

	firewall_idle_find(t->arena, request, &idle);
	for (size_t i = 0; i < idle.count; i++)
		advise(t, "net.firewall", idle.items[i].origin, "%s", idle.items[i].why);
}

static int add_rules(struct translation *t, const struct firewall_request *request)
{
	struct oci_firewall *firewall = arena_alloc(t->arena, sizeof(*firewall));
	int r = firewall_expand(t->arena, request, firewall, t->err);

	firewall->lacks = t->facts->firewall_lacks;
	if (r < 0)
		return r;
	advise_of_idle(t, request);
	annotate_take(t, ANNOTATION_FIREWALL, oci_firewall_write(firewall));
	note_origin(t, firewall->origin, "annotations[" ANNOTATION_FIREWALL "]");
	return 0;
}

int translate_firewall(struct translation *t)
{
	const char *origin = arena_printf(t->arena, "firewall/%s.fw", t->conf->id);
	struct firewall_options options = {};
	struct firewall_files files;
	struct firewall_request request = {.id = t->conf->id, .files = &files, .options = &options};
	int r;

	request.nets = add_nets(t, &request.net_count);
	if (!request.net_count)
		return 0;
	r = firewall_files_read(t->arena, t->conf->id, &t->facts->files, &files, t->err);
	if (r == 0)
		r = firewall_options_read(t->arena, &files, &options, t->err);
	if (r < 0)
		return fail_from(t, r, origin);
	if (!options.enable || !options.cluster)
		return 0;
	warn_unused(t, &options);
	r = add_rules(t, &request);
	return r < 0 ? fail_from(t, r, origin) : 0;
}
