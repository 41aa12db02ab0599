#include "pve/firewall/parts.h"

#include "lib/arena.h"
#include "lib/list.h"
#include "lib/text.h"
#include "oci/ext.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
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

/* ------------------------------------------------------------------ covering */

/* By family and address, what is around others before them; of equals the exception first. */
static int by_address(const void *a, const void *b)
{
	const struct network_entry *one = a, *other = b;
	const struct network *x = &one->network, *y = &other->network;

	if (x->bits != y->bits)
		return x->bits < y->bits ? -1 : 1;
	if (memcmp(x->bytes, y->bytes, sizeof(x->bytes)) != 0)
		return memcmp(x->bytes, y->bytes, sizeof(x->bytes));
	if (x->prefix != y->prefix)
		return x->prefix < y->prefix ? -1 : 1;
	return other->except - one->except;
}

struct covering {
	struct arena *arena;
	const struct network_entry *entries;
	const size_t *excepts; /* how many exceptions are before each */
	struct oci_strings *list;
};

/* @area: all entries from @from to @to are in it. @in: what was said of it already */
static void cover(const struct covering *c, struct network area, size_t from, size_t to, bool in)
{
	const struct network_entry *entries = c->entries;
	size_t excepts, middle;

	if (from < to && entries[from].network.prefix == area.prefix)
		in = !entries[from].except;
	while (from < to && entries[from].network.prefix == area.prefix)
		from++;
	excepts = c->excepts[to] - c->excepts[from];
	if (in && excepts == 0)
		*list_push(c->arena, c->list) = network_write(c->arena, &area);
	if (excepts == (in ? 0 : to - from))
		return; /* nobody says anything else of a part of it */
	middle = from;
	while (middle < to && !bit(&entries[middle].network, area.prefix))
		middle++;
	area.prefix++;
	cover(c, area, from, middle, in);
	set_bit(&area, area.prefix - 1, true);
	cover(c, area, middle, to, in);
}

void networks_cover(struct arena *arena, struct network_entries *entries, struct oci_strings *list)
{
	size_t *excepts = arena_array(arena, entries->count + 1, sizeof(*excepts));
	const struct covering c = {arena, entries->items, excepts, list};
	size_t v6 = 0;

	if (entries->count)
		qsort(entries->items, entries->count, sizeof(*entries->items), by_address);
	for (size_t i = 0; i < entries->count; i++) {
		excepts[i + 1] = excepts[i] + entries->items[i].except;
		v6 += entries->items[i].network.bits == 32;
	}
	cover(&c, (struct network){.bits = 32}, 0, v6, false);
	cover(&c, (struct network){.bits = 128}, v6, entries->count, false);
}
