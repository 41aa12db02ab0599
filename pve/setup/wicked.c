#include "pve/setup/parts.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/setup/net.h"

#define NETWORK "/etc/sysconfig/network"

/* SUSE's ifcfg(5) and ifroute(5), read by wicked; one of each for each interface, written anew. */

static const char *boot_protocol(bool ip4, bool ip6)
{
	return ip4 && ip6 ? "dhcp" : ip4 ? "dhcp4" : ip6 ? "dhcp6" : "static";
}

static void add_interface(struct text *text, struct setup_ip ip4, struct setup_ip ip6)
{
	bool any = ip4.dhcp || ip4.cidr || ip6.dhcp || ip6.cidr;
	bool both = ip4.cidr && ip6.cidr;

	text_addf(text, "STARTMODE=%s\n", any ? "onboot" : "manual");
	text_addf(text, "BOOTPROTO=%s\n", boot_protocol(ip4.dhcp, ip6.dhcp));
	if (ip4.cidr)
		text_addf(text, "IPADDR%s=%s\n", both ? "_1" : "", ip4.cidr);
	if (ip6.cidr)
		text_addf(text, "IPADDR%s=%s\n", both ? "_2" : "", ip6.cidr);
}

static void add_routes(struct text *text, const char *name, struct setup_ip ip4,
		       struct setup_ip ip6)
{
	if (ip4.off_link)
		text_addf(text, "%s 0.0.0.0 255.255.255.255 %s\n", ip4.gateway, name);
	if (ip4.gateway)
		text_addf(text, "default %s 0.0.0.0 %s\n", ip4.gateway, name);
	if (ip6.off_link)
		text_addf(text, "%s/128 - - %s\n", ip6.gateway, name);
	if (ip6.gateway)
		text_addf(text, "default %s - %s\n", ip6.gateway, name);
}

/* Router advertisements alone are the kernel's: no file says so. */
static int write_interface(const struct setup *setup, const struct pve_net *net, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	const struct setup_ip ip4 = setup_ip(net, IP4), ip6 = setup_ip(net, IP6);
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text text = {};
	cleanup_(text_free) struct text routes = {};
	int r;

	if (ip6.slaac && !ip4.cidr && !ip4.dhcp)
		return 0;
	add_interface(&text, ip4, ip6);
	add_routes(&routes, net->name, ip4, ip6);
	r = guest_write(&guest, arena_printf(&arena, NETWORK "/ifcfg-%s", net->name),
			text_str(&text), 0644, err);
	return r < 0 ? r
		     : setup_route_file(setup,
					arena_printf(&arena, NETWORK "/ifroute-%s", net->name),
					text_str(&routes), err);
}

int setup_wicked(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	int r = guest_make_dirs(&guest, NETWORK, err);

	return r < 0 ? r : setup_each_net(setup, write_interface, err);
}
