#include "pve/setup/net.h"

#include "lib/arena.h"
#include "lib/sha1.h"
#include "lib/text.h"
#include "pve/conf/conf.h"
#include "pve/setup/parts.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

int setup_route_file(const struct setup *setup, const char *path, const char *routes,
		     struct err *err)
{
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	const char *old = guest_read(&arena, &guest, path);

	if (!*routes && !*guest_outside(&arena, old ? old : ""))
		return guest_remove(&guest, path, err);
	return guest_write(&guest, path, guest_section(&arena, old, routes, GUEST_PREPEND), 0644,
			   err);
}

bool setup_net(const struct setup *setup, struct arena *arena, unsigned int *index,
	       struct pve_net *net)
{
	const struct pve_entry *entry;

	for (; (entry = conf_indexed(&setup->conf->main, "net", index)); (*index)++) {
		*net = (struct pve_net){};
		if (property_read(arena, pve_net_properties, entry->value, net, NULL) == 0)
			return true;
	}
	return false;
}

int setup_each_net(const struct setup *setup,
		   int (*write)(const struct setup *, const struct pve_net *, struct err *),
		   struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	struct pve_net net = {};
	int r = 0;

	for (unsigned int i = 0; r == 0 && setup_net(setup, &arena, &i, &net); i++)
		if (net.name)
			r = write(setup, &net, err);
	return r;
}

/* Is @gateway reached without a route, from the address and prefix @cidr? */
static bool on_link(const char *cidr, const char *gateway)
{
	int family = strchr(cidr, ':') ? AF_INET6 : AF_INET;
	unsigned char own[16] = {}, other[16] = {};
	unsigned int bits = 0, rest;
	char address[INET6_ADDRSTRLEN] = "";
	size_t length = strcspn(cidr, "/");

	if (length >= sizeof(address) || parse_u32(cidr + length + 1, &bits) < 0 || bits > 128)
		return false;
	memcpy(address, cidr, length);
	if (inet_pton(family, address, own) != 1 || inet_pton(family, gateway, other) != 1)
		return false;
	if (family == AF_INET6 && other[0] == 0xfe && (other[1] & 0xc0) == 0x80)
		return true; /* fe80::/10 is on every link */
	rest = bits % 8;
	return memcmp(own, other, bits / 8) == 0 &&
	       (rest == 0 || (own[bits / 8] ^ other[bits / 8]) >> (8 - rest) == 0);
}

struct setup_ip setup_ip(const struct pve_net *net, enum ip_family family)
{
	const char *given = family == IP4 ? net->ip : net->ip6;
	struct setup_ip ip = {};

	if (!given)
		return ip;
	ip.dhcp = strcmp(given, "dhcp") == 0;
	ip.slaac = strcmp(given, "auto") == 0;
	if (!strchr(given, '/'))
		return ip;
	ip.cidr = given;
	ip.gateway = family == IP4 ? net->gw : net->gw6;
	ip.off_link = ip.gateway && !on_link(ip.cidr, ip.gateway);
	return ip;
}

const char *setup_netmask(struct arena *arena, const char *cidr)
{
	unsigned int bits =
		(unsigned int)atoi(strchr(cidr, '/') + 1); /* the schema has checked it */
	struct in_addr mask = {.s_addr = htonl(bits ? ~0U << (32 - (bits > 32 ? 32 : bits)) : 0)};
	char text[INET_ADDRSTRLEN];

	return arena_strdup(arena, inet_ntop(AF_INET, &mask, text, sizeof(text)));
}

const char *setup_uuid(struct arena *arena, const struct pve_net *net)
{
	const char *seed = arena_printf(arena, "pctrun %s %s", net->name, net->hwaddr ?: "");
	char hex[41];

	sha1_hex(seed, strlen(seed), hex);
	hex[12] = '5';
	hex[16] = "89ab"[strtoul((char[]){hex[16], '\0'}, NULL, 16) & 3];
	return arena_printf(arena, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
			    hex + 20);
}
