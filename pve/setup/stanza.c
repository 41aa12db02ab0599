#include "pve/setup/ifupdown.h"

#include "lib/text.h"
#include "pve/setup/parts.h"

#include <string.h>

enum { FIRST_CIDR_DEBIAN = 10, FIRST_CIDR_ALPINE = 3013 };

struct ifupdown_style ifupdown_style(const struct setup *setup)
{
	bool alpine = strcmp(setup->ostype, "alpine") == 0;
	bool debian = strcmp(setup->ostype, "debian") == 0;
	unsigned int version = setup_version(setup);

	return (struct ifupdown_style){
		.manual6 = alpine,
		.netmask = !(alpine && version >= FIRST_CIDR_ALPINE) &&
			   !(debian && version >= FIRST_CIDR_DEBIAN),
	};
}

static void add_address(struct text *text, const char *cidr, enum ip_family family,
			struct ifupdown_style style)
{
	const char *slash = strchr(cidr, '/');
	cleanup_(arena_free) struct arena arena = {};

	if (!style.netmask) {
		text_addf(text, "\taddress %s\n", cidr);
		return;
	}
	text_addf(text, "\taddress %.*s\n", (int)(slash - cidr), cidr);
	text_addf(text, "\tnetmask %s\n", family == IP4 ? setup_netmask(&arena, cidr) : slash + 1);
}

static void add_gateway(struct text *text, const char *name, const struct setup_ip *ip)
{
	const char *gateway = ip->gateway;

	if (!ip->off_link) {
		text_addf(text, "\tgateway %s\n", gateway);
		return;
	}
	text_add(text, "# --- BEGIN PVE ---\n");
	text_addf(text, "\tpost-up ip route add %s dev %s\n", gateway, name);
	text_addf(text, "\tpost-up ip route add default via %s dev %s\n", gateway, name);
	text_addf(text, "\tpre-down ip route del default via %s dev %s\n", gateway, name);
	text_addf(text, "\tpre-down ip route del %s dev %s\n", gateway, name);
	text_add(text, "# --- END PVE ---\n");
}

static const char *method(struct setup_ip ip, enum ip_family family, struct ifupdown_style style)
{
	if (ip.cidr)
		return "static";
	if (family == IP6 && style.manual6)
		return "manual";
	return ip.dhcp ? "dhcp" : ip.slaac ? "auto" : "manual";
}

void ifupdown_stanza(struct text *text, const struct pve_net *net, enum ip_family family,
		     struct ifupdown_style style, const char *kept)
{
	const struct setup_ip ip = setup_ip(net, family);

	text_addf(text, "iface %s %s %s\n", net->name, family == IP4 ? "inet" : "inet6",
		  method(ip, family, style));
	if (ip.cidr)
		add_address(text, ip.cidr, family, style);
	if (ip.gateway)
		add_gateway(text, net->name, &ip);
	text_addf(text, "%s\n", kept);
}
