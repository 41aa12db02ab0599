#include "pve/setup/parts.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/setup/net.h"

#include <string.h>

#define SCRIPTS "/etc/sysconfig/network-scripts"

/* ifcfg files of Red Hat's network scripts, one for each interface, always written anew. */

static void add_ip4(struct text *text, struct setup_ip ip)
{
	cleanup_(arena_free) struct arena arena = {};

	text_addf(text, "BOOTPROTO=%s\n", ip.dhcp ? "dhcp" : "none");
	if (ip.cidr)
		text_addf(text, "IPADDR=%.*s\nNETMASK=%s\n", (int)strcspn(ip.cidr, "/"), ip.cidr,
			  setup_netmask(&arena, ip.cidr));
	if (ip.gateway && !ip.off_link)
		text_addf(text, "GATEWAY=%s\n", ip.gateway);
}

static void add_ip6(struct text *text, struct setup_ip ip)
{
	if (ip.cidr || ip.dhcp || ip.slaac)
		text_add(text, "IPV6INIT=yes\n");
	if (ip.slaac)
		text_add(text, "IPV6_AUTOCONF=yes\n");
	if (ip.dhcp)
		text_add(text, "DHCPV6C=yes\n");
	if (ip.cidr)
		text_addf(text, "IPV6ADDR=%s\nIPV6_AUTOCONF=no\n", ip.cidr);
	if (ip.gateway && !ip.off_link)
		text_addf(text, "IPV6_DEFAULTGW=%s\n", ip.gateway);
}

static void add_dns(struct text *text, const struct setup *setup)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *rest = setup_nameservers(setup, &arena), *server;
	const char *search = setup_search(setup, &arena);
	unsigned int number = 1;
	size_t length;

	for (; (server = next_word(&rest, &length)); number++)
		text_addf(text, "DNS%u=%.*s\n", number, (int)length, server);
	if (*search)
		text_addf(text, "DOMAIN=\"%s\"\n", search);
}

/* A gateway off the link, then the way through it. */
static int write_routes(const struct setup *setup, const char *file, const char *name,
			struct setup_ip ip, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *routes = "";

	if (ip.off_link)
		routes = arena_printf(&arena, "%s dev %s\ndefault via %s dev %s\n", ip.gateway,
				      name, ip.gateway, name);
	return setup_route_file(setup, arena_printf(&arena, SCRIPTS "/%s-%s", file, name), routes,
				err);
}

static int write_interface(const struct setup *setup, const struct pve_net *net, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	const struct setup_ip ip4 = setup_ip(net, IP4), ip6 = setup_ip(net, IP6);
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text text = {};
	int r;

	text_addf(&text, "DEVICE=%s\nONBOOT=yes\nUUID=%s\n", net->name, setup_uuid(&arena, net));
	add_ip4(&text, ip4);
	add_ip6(&text, ip6);
	add_dns(&text, setup);
	r = guest_write(&guest, arena_printf(&arena, SCRIPTS "/ifcfg-%s", net->name),
			text_str(&text), 0644, err);
	if (r == 0)
		r = write_routes(setup, "route", net->name, ip4, err);
	return r < 0 ? r : write_routes(setup, "route6", net->name, ip6, err);
}

int setup_ifcfg(const struct setup *setup, struct err *err)
{
	static const char network[] = "/etc/sysconfig/network";
	const struct guest guest = setup_guest(setup);
	int r = guest_make_dirs(&guest, SCRIPTS, err);

	if (r == 0)
		r = setup_each_net(setup, write_interface, err);
	if (r == 0)
		r = setup_assign(setup, network, "NETWORKING", "yes", err);
	return r < 0 ? r : setup_assign(setup, network, "NETWORKING_IPV6", "yes", err);
}
