#include "pve/setup_parts.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/property.h"

#include <string.h>

#define NETWORK "/etc/systemd/network"

/* systemd.network(5), one file for each interface, always written anew. */

static bool is_fixed(const char *ip)
{
	return ip && strchr(ip, '/');
}

static bool is_word(const char *ip, const char *word)
{
	return ip && strcmp(ip, word) == 0;
}

static const char *dhcp_word(const struct pve_net *net)
{
	bool ip4 = is_word(net->ip, "dhcp"), ip6 = is_word(net->ip6, "dhcp");

	return ip4 && ip6 ? "yes" : ip4 ? "ipv4" : ip6 ? "ipv6" : "no";
}

static void add_address(struct text *text, const char *ip, const char *gateway)
{
	if (is_fixed(ip))
		text_addf(text, "Address = %s\n", ip);
	if (gateway)
		text_addf(text, "Gateway = %s\n", gateway);
}

static void add_route(struct text *text, const char *ip, const char *gateway, unsigned int bits)
{
	if (is_fixed(ip) && gateway && !setup_on_link(ip, gateway))
		text_addf(text, "\n[Route]\nDestination = %s/%u\nScope = link\n", gateway, bits);
}

static void add_network(struct text *text, const struct pve_net *net)
{
	bool asks = (is_word(net->ip6, "dhcp") || is_word(net->ip6, "auto")) && !net->gw6;

	text_addf(text, "[Match]\nName = %s\n\n[Network]\n", net->name);
	text_addf(text, "Description = Interface %s autoconfigured by PVE\n", net->name);
	add_address(text, net->ip, net->gw);
	add_address(text, net->ip6, net->gw6);
	text_addf(text, "DHCP = %s\nIPv6AcceptRA = %s\n", dhcp_word(net), asks ? "true" : "false");
	add_route(text, net->ip, net->gw, 32);
	add_route(text, net->ip6, net->gw6, 128);
}

static int write_network(const struct setup *setup, const struct pve_net *net, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text text = {};

	add_network(&text, net);
	return guest_write(&guest, arena_printf(&arena, NETWORK "/%s.network", net->name),
			   text_str(&text), 0644, err);
}

int setup_networkd(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	struct pve_net net = {};
	int r = guest_make_dirs(&guest, NETWORK, err);

	for (unsigned int i = 0; r == 0 && setup_net(setup, &arena, &i, &net); i++)
		if (net.name)
			r = write_network(setup, &net, err);
	return r;
}
