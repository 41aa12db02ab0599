#include "pve/conf/net_check.h"

#include "lib/err.h"
#include "lib/own.h"
#include "oci/ext.h"
#include "pve/conf/property.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

static const struct family {
	int number;
	const char *ip, *gw; /* the options' names */
	size_t ip_offset, gw_offset;
} families[] = {
	{AF_INET, "ip", "gw", offsetof(struct pve_net, ip), offsetof(struct pve_net, gw)},
	{AF_INET6, "ip6", "gw6", offsetof(struct pve_net, ip6), offsetof(struct pve_net, gw6)},
};

static const char *option(const struct pve_net *net, size_t offset)
{
	return *(const char *const *)((const char *)net + offset);
}

static bool is_managed(const struct pve_net *net)
{
	return opt_bool_or(net->host_managed, false);
}

/* ------------------------------------------------------------------ addresses */

struct address {
	unsigned char bytes[sizeof(struct in6_addr)];
};

/* "10.0.0.2", or what is before the slash of "10.0.0.2/24". Return: false: "dhcp", ... */
static bool read_address(int family, const char *text, struct address *address)
{
	char buffer[INET6_ADDRSTRLEN] = "";
	const size_t length = strcspn(text, "/");

	*address = (struct address){};
	if (length >= sizeof(buffer))
		return false;
	memcpy(buffer, text, length);
	return inet_pton(family, buffer, address->bytes) == 1;
}

static int check_family(const struct pve_net *net, const struct family *family, struct err *err)
{
	const char *ip = option(net, family->ip_offset), *gw = option(net, family->gw_offset);
	struct address own, way;
	const bool fixed = ip && read_address(family->number, ip, &own);

	if (fixed && oci_address_kind(ip))
		return err_wrong(err, "write an address that is the container's alone",
				 "%s: %s is %s", family->ip, ip, oci_address_kind(ip));
	if (!gw || !read_address(family->number, gw, &way))
		return 0;
	if (oci_address_kind(gw))
		return err_wrong(err, "write the router's address", "%s: %s is %s", family->gw, gw,
				 oci_address_kind(gw));
	if (fixed && memcmp(&own, &way, sizeof(own)) == 0)
		return err_wrong(err, "write the router's address", "%s: %s is the container's own",
				 family->gw, gw);
	return 0;
}

static int check_addresses(const struct pve_net *net, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(families); i++)
		r = check_family(net, &families[i], err);
	return r;
}

/* A gateway needs an address of its family; the link-local one of IPv6 every interface has. */
static int check_managed(const struct pve_net *net, struct err *err)
{
	if (!is_managed(net))
		return 0;
	if (net->ip6 && strcmp(net->ip6, "auto") == 0)
		return err_wrong(err, "leave one of the two out",
				 "ip6=auto and host-managed=1 exclude each other");
	if (net->gw && !(net->ip && strchr(net->ip, '/')))
		return err_wrong(err, "add ip=ADDRESS/BITS", "gw %s needs a static ip", net->gw);
	if (net->gw6 && !(net->ip6 && strchr(net->ip6, '/')) && !oci_address_is_of_link(net->gw6))
		return err_wrong(err, "add ip6=ADDRESS/BITS", "gw6 %s needs a static ip6",
				 net->gw6);
	return 0;
}

/* ------------------------------------------------------------------ the link */

static int check_name(const struct pve_net *net, struct err *err)
{
	const char *hint = "choose another name, like eth0";

	if (strlen(net->name) >= IFNAMSIZ)
		return err_wrong(err, "choose a shorter name",
				 "the interface name %s is longer than %d characters", net->name,
				 IFNAMSIZ - 1);
	if (strcmp(net->name, "lo") == 0)
		return err_wrong(err, hint, "name: each container has a lo already");
	return oci_ifname_check("name", net->name, NULL) < 0
		       ? err_wrong(err, hint, "name: '%s' is no name for an interface", net->name)
		       : 0;
}

static int check_hwaddr(const struct pve_net *net, struct err *err)
{
	if (!net->hwaddr || strcmp(net->hwaddr, "00:00:00:00:00:00") != 0)
		return 0;
	return err_wrong(err, "leave hwaddr out: then one is made", "hwaddr: %s is nobody's",
			 net->hwaddr);
}

static int check_trunks(const struct pve_net *net, struct err *err)
{
	enum { FIRST = 1, LAST = 4094 };

	for (const char *at = net->trunks ?: ""; *at; at += *at == ';') {
		char *end;
		const unsigned long vlan = strtoul(at, &end, 10); /* the table has checked it */

		if (vlan < FIRST || vlan > LAST)
			return err_wrong(err, "write 1 to 4094, with ';' between",
					 "trunks: there is no VLAN %.*s: 1 to %d", (int)(end - at),
					 at, LAST);
		at = end;
	}
	return 0;
}

int net_check(const struct pve_net *net, struct err *err)
{
	static int (*const checks[])(const struct pve_net *, struct err *) = {
		check_name, check_hwaddr, check_trunks, check_addresses, check_managed,
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(checks); i++)
		r = checks[i](net, err);
	return r;
}
