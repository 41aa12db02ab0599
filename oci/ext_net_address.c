#include "lib/err.h"
#include "lib/text.h"
#include "oci/ext.h"

#include <arpa/inet.h>
#include <string.h>

/* The addresses and gateways of an interface, and whether they can be any. */

enum { IPV6_MTU_MIN = 1280 }; /* RFC 8200, 5 */

struct address {
	int family;
	unsigned char bytes[sizeof(struct in6_addr)]; /* as the network has them */
};

/* Those that no interface can have, and nobody be reached by. */
static const struct {
	int family;
	const char *network;
	unsigned int bits;
	const char *what;
} others[] = {
	{AF_INET, "0.0.0.0", 8, "no host's"},   {AF_INET, "127.0.0.0", 8, "lo's own"},
	{AF_INET, "224.0.0.0", 4, "a group's"}, {AF_INET, "255.255.255.255", 32, "everybody's"},
	{AF_INET6, "::", 128, "no host's"},     {AF_INET6, "::1", 128, "lo's own"},
	{AF_INET6, "ff00::", 8, "a group's"},
};

static bool read_address(const char *text, struct address *address)
{
	*address = (struct address){.family = strchr(text, ':') ? AF_INET6 : AF_INET};
	return inet_pton(address->family, text, address->bytes) == 1;
}

static bool is_within(const struct address *address, const char *network, unsigned int bits)
{
	const unsigned int whole = bits / 8, rest = bits % 8;
	struct address other;

	if (!read_address(network, &other) || other.family != address->family ||
	    memcmp(address->bytes, other.bytes, whole) != 0)
		return false;
	return rest == 0 || (address->bytes[whole] ^ other.bytes[whole]) >> (8 - rest) == 0;
}

static const char *find_kind(const struct address *address)
{
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (others[i].family == address->family &&
		    is_within(address, others[i].network, others[i].bits))
			return others[i].what;
	return NULL;
}

/* What is before the slash of "10.0.0.2/24". */
static bool read_bare(const char *text, struct address *address)
{
	const size_t length = strcspn(text, "/");
	char bare[INET6_ADDRSTRLEN] = "";

	if (length >= sizeof(bare))
		return false;
	memcpy(bare, text, length);
	return read_address(bare, address);
}

const char *oci_address_kind(const char *text)
{
	struct address address;

	return read_bare(text, &address) ? find_kind(&address) : NULL;
}

static int check_kind(const char *text, const struct address *address, struct err *err)
{
	const char *kind = find_kind(address);

	return kind ? err_plain(err, -EINVAL, "'%s' is %s", text, kind) : 0;
}

/* "10.0.0.2/24". Return: whether it is one. */
static bool read_prefixed(const char *text, struct address *address)
{
	const char *slash = strchr(text, '/');
	unsigned int prefix;

	return slash && read_bare(text, address) && parse_u32(slash + 1, &prefix) == 0 &&
	       prefix <= (address->family == AF_INET ? 32 : 128);
}

static int check_address(const struct oci_net *net, size_t index, struct err *err)
{
	const char *text = net->addresses.items[index];
	struct address address;

	if (!read_prefixed(text, &address))
		return err_plain(err, -EINVAL, "'%s' is not like 10.0.0.2/24 or fd00::2/64", text);
	if (address.family == AF_INET6 && net->mtu && net->mtu < IPV6_MTU_MIN)
		return err_plain(err, -EINVAL, "'%s' needs an mtu of %d, and it is %u", text,
				 IPV6_MTU_MIN, net->mtu);
	return check_kind(text, &address, err);
}

static int check_gateway(const struct oci_net *net, size_t index, struct err *err)
{
	const char *text = net->gateways.items[index];
	struct address gateway, own;

	if (!read_address(text, &gateway))
		return err_plain(err, -EINVAL, "'%s' is no address", text);
	for (size_t i = 0; i < net->addresses.count; i++)
		if (read_prefixed(net->addresses.items[i], &own) &&
		    memcmp(&own, &gateway, sizeof(own)) == 0)
			return err_plain(err, -EINVAL, "'%s' is the interface's own address", text);
	return check_kind(text, &gateway, err);
}

static int check_each(const struct oci_net *net, const char *member, size_t count,
		      int (*check)(const struct oci_net *net, size_t index, struct err *err),
		      struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		int r = check(net, i, err);

		if (r < 0) {
			err_add(err, "%s[%zu]", member, i);
			return r;
		}
	}
	return 0;
}

int oci_net_addresses_check(const struct oci_net *net, struct err *err)
{
	int r = check_each(net, "addresses", net->addresses.count, check_address, err);

	return r < 0 ? r : check_each(net, "gateways", net->gateways.count, check_gateway, err);
}

bool oci_address_is_of_link(const char *text)
{
	struct address address;

	return read_bare(text, &address) && is_within(&address, "fe80::", 10);
}

const char *oci_net_shared_address(const struct oci_net *one, const struct oci_net *other)
{
	for (size_t i = 0; i < one->addresses.count; i++) {
		for (size_t j = 0; j < other->addresses.count; j++) {
			struct address a, b;

			if (read_prefixed(one->addresses.items[i], &a) &&
			    read_prefixed(other->addresses.items[j], &b) &&
			    memcmp(&a, &b, sizeof(a)) == 0 &&
			    !oci_address_is_of_link(one->addresses.items[i]))
				return one->addresses.items[i];
		}
	}
	return NULL;
}
