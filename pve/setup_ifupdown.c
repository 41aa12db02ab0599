#include "pve/setup_parts.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/conf.h"
#include "pve/property.h"

#include <arpa/inet.h>
#include <string.h>

#define INTERFACES "/etc/network/interfaces"

static bool configured(const struct pve_net *net)
{
	return net->name && (net->ip || net->gw || net->ip6 || net->gw6);
}

/* Does "address/prefix" hold @gateway? Both of one family. */
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
	rest = bits % 8;
	return memcmp(own, other, bits / 8) == 0 &&
	       (rest == 0 || (own[bits / 8] ^ other[bits / 8]) >> (8 - rest) == 0);
}

static void add_gateway(struct text *text, const char *name, const char *cidr, const char *gateway)
{
	bool local6 = strncasecmp(gateway, "fe80:", 5) == 0;

	if (local6 || on_link(cidr, gateway)) {
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

static void add_family(struct text *text, const char *name, const char *family, const char *ip,
		       const char *gateway)
{
	bool fixed = ip && strchr(ip, '/');

	if (!ip && !gateway)
		return;
	text_addf(text, "iface %s %s %s\n", name, family, fixed ? "static" : ip ? ip : "manual");
	if (fixed)
		text_addf(text, "\taddress %s\n", ip);
	if (fixed && gateway)
		add_gateway(text, name, ip, gateway);
	text_addc(text, '\n');
}

/* Alpine's ifupdown has no dhcp and no auto for IPv6. */
static const char *address6(const struct setup *setup, const char *ip6)
{
	const char *ostype = setup_option(setup, "ostype");

	return ip6 && ostype && strcmp(ostype, "alpine") == 0 && !strchr(ip6, '/') ? "manual" : ip6;
}

static void add_nets(struct text *text, const struct setup *setup, const struct pve_net *nets,
		     size_t count)
{
	for (size_t i = 0; i < count; i++) {
		text_addf(text, "auto %s\n", nets[i].name);
		add_family(text, nets[i].name, "inet", nets[i].ip, nets[i].gw);
		add_family(text, nets[i].name, "inet6", address6(setup, nets[i].ip6), nets[i].gw6);
	}
}

static bool ours(const char *name, size_t length, const struct pve_net *nets, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(nets[i].name) == length && strncmp(nets[i].name, name, length) == 0)
			return true;
	return false;
}

/* A line that opens a stanza. @skip: it is one of our interfaces', to be left out with what
 * follows. */
static bool opens(const char *line, const struct pve_net *nets, size_t count, bool *skip)
{
	static const char *const words[] = {"iface", "auto", "mapping", "source"};
	size_t length, name_length;
	const char *word = next_word(&line, &length), *name;

	for (size_t i = 0; word && i < ARRAY_SIZE(words); i++) {
		if (!starts_with(word, words[i]))
			continue;
		name = next_word(&line, &name_length);
		*skip = i < 2 && name && ours(name, name_length, nets, count);
		return true;
	}
	return false;
}

/* What the guest has besides our interfaces. */
static void keep_others(struct text *text, char *old, const struct pve_net *nets, size_t count)
{
	bool skip = false;
	char *line;

	while ((line = strsep(&old, "\n"))) {
		(void)opens(line, nets, count, &skip); /* other lines belong to the last one */
		if (!skip && (*line || old))
			text_addf(text, "%s\n", line);
	}
}

static size_t read_nets(struct arena *arena, const struct setup *setup, struct pve_net *nets,
			size_t max)
{
	const struct pve_entry *entry;
	size_t count = 0;

	for (unsigned int i = 0;
	     count < max && (entry = conf_indexed(&setup->conf->main, "net", &i)); i++) {
		nets[count] = (struct pve_net){};
		if (property_read(arena, pve_net_properties, entry->value, &nets[count], NULL) ==
			    0 &&
		    configured(&nets[count]))
			count++;
	}
	return count;
}

int setup_ifupdown(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text text = {};
	struct pve_net nets[32];
	size_t count = read_nets(&arena, setup, nets, ARRAY_SIZE(nets));
	const char *old = guest_read(&arena, &guest, INTERFACES);
	int r;

	if (count == 0)
		return 0;
	if (!old || !strstr(old, "auto lo"))
		text_add(&text, "auto lo\niface lo inet loopback\niface lo inet6 loopback\n\n");
	if (old)
		keep_others(&text, arena_strdup(&arena, old), nets, count);
	add_nets(&text, setup, nets, count);
	r = guest_make_dir(&guest, "/etc/network", 0755, err);
	return r < 0 ? r : guest_write(&guest, INTERFACES, text_str(&text), 0644, err);
}
