#include "pve/setup/parts.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/setup/net.h"

#define NETWORK "/etc/systemd/network"

/* systemd.network(5), one file for each interface, always written anew. */

static const char *dhcp_word(bool ip4, bool ip6)
{
	return ip4 && ip6 ? "yes" : ip4 ? "ipv4" : ip6 ? "ipv6" : "no";
}

/* A gateway counts without an address as well: one that DHCP gives. */
static void add_address(struct text *text, const char *cidr, const char *gateway)
{
	if (cidr)
		text_addf(text, "Address = %s\n", cidr);
	if (gateway)
		text_addf(text, "Gateway = %s\n", gateway);
}

static void add_route(struct text *text, struct setup_ip ip, unsigned int bits)
{
	if (ip.off_link)
		text_addf(text, "\n[Route]\nDestination = %s/%u\nScope = link\n", ip.gateway, bits);
}

static int write_network(const struct setup *setup, const struct pve_net *net, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	const struct setup_ip ip4 = setup_ip(net, IP4), ip6 = setup_ip(net, IP6);
	bool hears_routers = (ip6.dhcp || ip6.slaac) && !net->gw6;
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text text = {};

	text_addf(&text, "[Match]\nName = %s\n\n[Network]\n", net->name);
	text_addf(&text, "Description = Interface %s autoconfigured by PVE\n", net->name);
	add_address(&text, ip4.cidr, net->gw);
	add_address(&text, ip6.cidr, net->gw6);
	text_addf(&text, "DHCP = %s\n", dhcp_word(ip4.dhcp, ip6.dhcp));
	text_addf(&text, "IPv6AcceptRA = %s\n", hears_routers ? "true" : "false");
	add_route(&text, ip4, 32);
	add_route(&text, ip6, 128);
	return guest_write(&guest, arena_printf(&arena, NETWORK "/%s.network", net->name),
			   text_str(&text), 0644, err);
}

int setup_networkd(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	int r = guest_make_dirs(&guest, NETWORK, err);

	return r < 0 ? r : setup_each_net(setup, write_network, err);
}
