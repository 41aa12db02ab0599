#include "lib/arena.h"
#include "lib/text.h"
#include "oci/ext.h"
#include "pve/firewall_parts.h"
#include "pve/list.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

static bool bit(const struct network *network, unsigned int index)
{
	return network->bytes[index / 8] >> (7 - index % 8) & 1;
}

static void set_bit(struct network *network, unsigned int index, bool value)
{
	uint8_t mask = (uint8_t)(1 << (7 - index % 8));

	network->bytes[index / 8] = (uint8_t)(value ? network->bytes[index / 8] | mask
						    : network->bytes[index / 8] & ~mask);
}

int network_read(const char *text, struct network *network)
{
	char address[INET6_ADDRSTRLEN];
	size_t length = strcspn(text, "/");

	if (length >= sizeof(address))
		return -EINVAL;
	memcpy(address, text, length);
	address[length] = '\0';
	*network = (struct network){.bits = oci_address_bits(address)};
	network->prefix = network->bits;
	if (!network->bits ||
	    (text[length] && parse_u32(text + length + 1, &network->prefix) < 0) ||
	    network->prefix > network->bits)
		return -EINVAL;
	(void)inet_pton(network->bits == 32 ? AF_INET : AF_INET6, address, network->bytes);
	for (unsigned int i = network->prefix; i < network->bits; i++)
		set_bit(network, i, false);
	return 0;
}

const char *network_write(struct arena *arena, const struct network *network)
{
	char text[INET6_ADDRSTRLEN];

	(void)inet_ntop(network->bits == 32 ? AF_INET : AF_INET6, network->bytes, text,
			sizeof(text));
	return network->prefix == network->bits
		       ? arena_strdup(arena, text)
		       : arena_printf(arena, "%s/%u", text, network->prefix);
}

/* Is all of @inner in @outer? */
static bool within(const struct network *inner, const struct network *outer)
{
	if (inner->bits != outer->bits || inner->prefix < outer->prefix)
		return false;
	for (unsigned int i = 0; i < outer->prefix; i++)
		if (bit(inner, i) != bit(outer, i))
			return false;
	return true;
}

void networks_add(struct arena *arena, struct networks *networks, const struct network *network)
{
	for (size_t i = 0; i < networks->count; i++)
		if (within(network, &networks->items[i]))
			return;
	*list_push(arena, networks) = *network;
}

/* What is left of @from: at each step down to @network, the half that it is not in. */
static void split(struct arena *arena, struct networks *rest, const struct network *from,
		  const struct network *network)
{
	for (unsigned int i = from->prefix; i < network->prefix; i++) {
		struct network half = *network;

		half.prefix = i + 1;
		for (unsigned int j = half.prefix; j < half.bits; j++)
			set_bit(&half, j, false);
		set_bit(&half, i, !bit(network, i));
		*list_push(arena, rest) = half;
	}
}

void networks_remove(struct arena *arena, struct networks *networks, const struct network *network)
{
	struct networks rest = {};

	for (size_t i = 0; i < networks->count; i++) {
		const struct network *item = &networks->items[i];

		if (within(item, network))
			continue;
		if (within(network, item))
			split(arena, &rest, item, network);
		else
			*list_push(arena, &rest) = *item;
	}
	*networks = rest;
}
