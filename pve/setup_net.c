#include "pve/setup_parts.h"

#include "lib/text.h"
#include "pve/conf.h"
#include "pve/property.h"

#include <arpa/inet.h>
#include <string.h>

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

bool setup_on_link(const char *cidr, const char *gateway)
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
