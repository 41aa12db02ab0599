#include "pve/setup/parts.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/setup/net.h"

#include <ctype.h>

#define NET "/etc/conf.d/net"

/* Gentoo's netifrc: one file of shell variables for all interfaces, one service link for each. */

/* "eth0.5" in the name of a variable: "eth0_5". */
static const char *variable(struct arena *arena, const char *name)
{
	char *copy = arena_strdup(arena, name);

	for (char *at = copy; *at; at++)
		if (!isalnum((unsigned char)*at))
			*at = '_';
	return copy;
}

/* "null" brings an interface up without an address. */
static void add_config(struct text *text, const char *name, struct setup_ip ip4,
		       struct setup_ip ip6)
{
	text_addf(text, "config_%s=\"", name);
	if (ip4.dhcp)
		text_add(text, "dhcp\n");
	if (ip4.cidr)
		text_addf(text, "%s\n", ip4.cidr);
	if (ip6.dhcp)
		text_add(text, "dhcpv6\n");
	if (ip6.cidr)
		text_addf(text, "%s\n", ip6.cidr);
	if (!ip4.dhcp && !ip4.cidr && !ip6.dhcp && !ip6.cidr)
		text_add(text, "null\n");
	text_add(text, "\"\n");
}

static void add_routes(struct text *text, const struct pve_net *net, const char *name,
		       struct setup_ip ip4, struct setup_ip ip6)
{
	if (!ip4.gateway && !ip6.gateway)
		return;
	text_addf(text, "routes_%s=\"", name);
	if (ip4.gateway && ip4.off_link)
		text_addf(text, "-host %s dev %s\n", ip4.gateway, net->name);
	if (ip4.gateway)
		text_addf(text, "default gw %s\n", ip4.gateway);
	if (ip6.gateway && ip6.off_link)
		text_addf(text, "-6 %s/128 dev %s\n", ip6.gateway, net->name);
	if (ip6.gateway)
		text_addf(text, "-6 default gw %s dev %s\n", ip6.gateway, net->name);
	text_add(text, "\"\n");
}

static int link_service(const struct setup *setup, const struct pve_net *net, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};

	return guest_link(&guest, arena_printf(&arena, "/etc/init.d/net.%s", net->name), "net.lo",
			  err);
}

static void add_interfaces(struct text *text, const struct setup *setup)
{
	cleanup_(arena_free) struct arena arena = {};
	struct pve_net net = {};

	for (unsigned int i = 0; setup_net(setup, &arena, &i, &net); i++) {
		const struct setup_ip ip4 = setup_ip(&net, IP4), ip6 = setup_ip(&net, IP6);
		const char *name = net.name ? variable(&arena, net.name) : NULL;

		if (!name)
			continue;
		add_config(text, name, ip4, ip6);
		add_routes(text, &net, name, ip4, ip6);
	}
}

int setup_netifrc(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text text = {};
	const char *old = guest_read(&arena, &guest, NET);
	int r = guest_make_dirs(&guest, "/etc/conf.d", err);

	text_add(&text, "modules=\"$modules ifconfig\"\n");
	add_interfaces(&text, setup);
	if (r == 0)
		r = guest_write(&guest, NET,
				guest_section(&arena, old, text_str(&text), GUEST_REPLACE), 0644,
				err);
	if (r == 0)
		r = guest_make_dirs(&guest, "/etc/init.d", err);
	return r < 0 ? r : setup_each_net(setup, link_service, err);
}
