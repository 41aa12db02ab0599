#include "pve/setup_ifupdown.h"

#include "lib/text.h"
#include "pve/property.h"
#include "pve/setup_parts.h"

#include <arpa/inet.h>
#include <stdlib.h>
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

static bool is_fixed(const char *ip)
{
	return ip && strchr(ip, '/');
}

static void add_address(struct text *text, const char *cidr, enum ip_family family,
			struct ifupdown_style style)
{
	const char *slash = strchr(cidr, '/');
	unsigned int bits = (unsigned int)atoi(slash + 1); /* the schema has checked it */
	struct in_addr mask = {.s_addr = htonl(bits ? ~0U << (32 - (bits > 32 ? 32 : bits)) : 0)};

	if (!style.netmask) {
		text_addf(text, "\taddress %s\n", cidr);
		return;
	}
	text_addf(text, "\taddress %.*s\n", (int)(slash - cidr), cidr);
	if (family == IP4)
		text_addf(text, "\tnetmask %s\n", inet_ntoa(mask));
	else
		text_addf(text, "\tnetmask %u\n", bits);
}

static void add_gateway(struct text *text, const struct pve_net *net, const char *cidr,
			const char *gateway)
{
	if (setup_on_link(cidr, gateway)) {
		text_addf(text, "\tgateway %s\n", gateway);
		return;
	}
	text_add(text, "# --- BEGIN PVE ---\n");
	text_addf(text, "\tpost-up ip route add %s dev %s\n", gateway, net->name);
	text_addf(text, "\tpost-up ip route add default via %s dev %s\n", gateway, net->name);
	text_addf(text, "\tpre-down ip route del default via %s dev %s\n", gateway, net->name);
	text_addf(text, "\tpre-down ip route del %s dev %s\n", gateway, net->name);
	text_add(text, "# --- END PVE ---\n");
}

void ifupdown_stanza(struct text *text, const struct pve_net *net, enum ip_family family,
		     struct ifupdown_style style, const char *kept)
{
	const char *ip = family == IP4 ? net->ip : net->ip6;
	const char *gateway = family == IP4 ? net->gw : net->gw6;
	const char *word = family == IP4 ? "inet" : "inet6";
	const char *method = is_fixed(ip) ? "static" : ip ? ip : "manual";

	if (family == IP6 && style.manual6 && !is_fixed(ip))
		method = "manual";
	text_addf(text, "iface %s %s %s\n", net->name, word, method);
	if (is_fixed(ip))
		add_address(text, ip, family, style);
	if (is_fixed(ip) && gateway)
		add_gateway(text, net, ip, gateway);
	text_addf(text, "%s\n", kept);
}
