#include "lib/plan.h"
#include "lib/text.h"
#include "net/dhcp.h"
#include "oci/annotations.h"
#include "oci/ext.h"

#include <ctype.h>

/* What RFC 952 and 1123 let a name have: nothing else gets into the configuration. */
static bool is_hostname(const char *name)
{
	for (const char *at = name; *at; at++)
		if (!isalnum((unsigned char)*at) && *at != '-' && *at != '.')
			return false;
	return *name != '\0';
}

/* A server knows a container again by its hardware address, also after everything else is gone. The
 * host's udev, which dhcpcd asks where it has several interfaces, has never heard of these. */
static const char *make_config(struct plan *plan, const struct oci_spec *spec,
			       const struct oci_net_list *list)
{
	cleanup_(text_free) struct text text = {};

	text_add(&text, "nodev\nduid ll\noption domain_name_servers, domain_name, domain_search\n"
			"option classless_static_routes\n");
	if (spec->hostname && is_hostname(spec->hostname))
		text_addf(&text, "hostname %s\n", spec->hostname);
	for (size_t i = 0; i < list->count; i++) {
		const struct oci_net *net = &list->items[i];

		if (net->dhcp || net->dhcp6)
			text_addf(&text, "interface %s\n%s%s", net->name,
				  net->dhcp ? "" : "\tnoipv4\n", net->dhcp6 ? "" : "\tnoipv6\n");
	}
	return arena_strdup(&plan->arena, text_str(&text));
}

static struct dhcp_interface asking(struct plan *plan, const struct oci_net *net)
{
	return (struct dhcp_interface){
		.name = net->name,
		.where = arena_printf(&plan->arena, "%s, VLAN %u", net->bridge ?: "no bridge",
				      net->tag),
		.ipv4 = net->dhcp,
		.ipv6 = net->dhcp6,
	};
}

void dhcp_plan(struct plan *plan, const struct oci_spec *spec, const struct oci_net_list *list)
{
	struct dhcp_interface *interfaces =
		arena_array(&plan->arena, list->count + 1, sizeof(*interfaces));
	const char *origin = NULL;
	struct dhcp_step *dhcp;
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct oci_net *net = &list->items[i];

		if (!net->dhcp && !net->dhcp6)
			continue;
		interfaces[count++] = asking(plan, net);
		origin = origin ? origin : net->origin;
	}
	if (!count)
		return;
	dhcp = plan_step(plan, &dhcp_kind, STEP_ATTACH, sizeof(*dhcp),
			 origin ? origin : plan_origin(plan, "annotations"));
	dhcp->interfaces = interfaces;
	dhcp->count = count;
	dhcp->config = make_config(plan, spec, list);
}
