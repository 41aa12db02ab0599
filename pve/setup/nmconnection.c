#include "pve/setup/parts.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/setup/net.h"

#include <string.h>

#define CONNECTIONS "/etc/NetworkManager/system-connections"

/* NetworkManager's key files (nm-settings-keyfile(5)), one for each interface, written anew. */

/* The name servers of one family, each ended by a semicolon. */
static void add_servers(struct text *text, const char *servers, enum ip_family family)
{
	const char *rest = servers, *server;
	bool any = false;
	size_t length;

	while ((server = next_word(&rest, &length))) {
		if ((memchr(server, ':', length) ? IP6 : IP4) != family)
			continue;
		text_addf(text, "%s%.*s;", any ? "" : "dns=", (int)length, server);
		any = true;
	}
	if (any)
		text_addc(text, '\n');
}

static void add_search(struct text *text, const char *search)
{
	const char *rest = search, *domain;
	size_t length;

	if (*search)
		text_add(text, "dns-search=");
	while ((domain = next_word(&rest, &length)))
		text_addf(text, "%.*s;", (int)length, domain);
	if (*search)
		text_addc(text, '\n');
}

static void add_static(struct text *text, struct setup_ip ip, unsigned int bits)
{
	text_addf(text, "method=manual\naddress1=%s\n", ip.cidr);
	if (ip.gateway)
		text_addf(text, "gateway=%s\n", ip.gateway);
	if (ip.off_link)
		text_addf(text, "route1=%s/%u\n", ip.gateway, bits);
}

static void add_family(struct text *text, const struct setup *setup, struct setup_ip ip,
		       enum ip_family family)
{
	cleanup_(arena_free) struct arena arena = {};

	text_addf(text, "\n[%s]\n", family == IP4 ? "ipv4" : "ipv6");
	if (ip.cidr)
		add_static(text, ip, family == IP4 ? 32 : 128);
	else
		text_addf(text, "method=%s\n", ip.dhcp || ip.slaac ? "auto" : "disabled");
	if (!ip.cidr && !ip.dhcp && !ip.slaac)
		return;
	add_servers(text, setup_nameservers(setup, &arena), family);
	add_search(text, setup_search(setup, &arena));
}

static int write_connection(const struct setup *setup, const struct pve_net *net, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text text = {};

	text_addf(&text, "[connection]\nid=%s\nuuid=%s\n", net->name, setup_uuid(&arena, net));
	text_addf(&text, "type=ethernet\ninterface-name=%s\n", net->name);
	add_family(&text, setup, setup_ip(net, IP4), IP4);
	add_family(&text, setup, setup_ip(net, IP6), IP6);
	return guest_write(&guest, arena_printf(&arena, CONNECTIONS "/%s.nmconnection", net->name),
			   text_str(&text), 0600, err);
}

int setup_nmconnection(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	int r = guest_make_dirs(&guest, CONNECTIONS, err);

	return r < 0 ? r : setup_each_net(setup, write_connection, err);
}
