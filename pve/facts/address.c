#include "pve/facts/parts.h"

#include "lib/own.h"
#include "pve/conf/property.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <string.h>
#include <sys/socket.h>

/* Addresses that a container asks for, and that the host has itself on the same wire. */

struct address {
	union {
		struct sockaddr any;
		struct sockaddr_in ip;
		struct sockaddr_in6 ip6;
	};
	socklen_t size;
};

static bool read_address(const char *text, struct address *address)
{
	*address = (struct address){};
	if (inet_pton(AF_INET, text, &address->ip.sin_addr) == 1) {
		address->ip.sin_family = AF_INET;
		address->size = sizeof(address->ip);
	} else if (inet_pton(AF_INET6, text, &address->ip6.sin6_addr) == 1) {
		address->ip6.sin6_family = AF_INET6;
		address->size = sizeof(address->ip6);
	}
	return address->size > 0;
}

/* Asked without a list of all links, which is long where many containers run. */
static bool is_local(const struct address *address)
{
	cleanup_close int fd = socket(address->any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	return fd >= 0 && bind(fd, &address->any, address->size) == 0;
}

static bool same_address(const struct sockaddr *has, const struct address *address)
{
	if (!has || has->sa_family != address->any.sa_family)
		return false;
	if (has->sa_family == AF_INET)
		return ((const struct sockaddr_in *)has)->sin_addr.s_addr ==
		       address->ip.sin_addr.s_addr;
	return memcmp(&((const struct sockaddr_in6 *)has)->sin6_addr, &address->ip6.sin6_addr,
		      sizeof(address->ip6.sin6_addr)) == 0;
}

static bool is_at(const char *link, const struct address *address)
{
	struct ifaddrs *list, *at;

	if (getifaddrs(&list) < 0)
		return false;
	for (at = list; at; at = at->ifa_next)
		if (strcmp(at->ifa_name, link) == 0 && same_address(at->ifa_addr, address))
			break;
	freeifaddrs(list);
	return at != NULL;
}

static void add_address(const struct gathering *g, const char *bridge, const char *ip)
{
	const char *bare = ip ? arena_strndup(g->arena, ip, strcspn(ip, "/")) : "";
	struct address address;

	if (read_address(bare, &address) && is_local(&address) && is_at(bridge, &address))
		facts_add_name(g, &g->facts->addresses, bare, bridge);
}

void facts_add_addresses(const struct gathering *g, const struct pve_net *net)
{
	if (!net->bridge || net->tag.set)
		return; /* in a VLAN it has a wire of its own */
	add_address(g, net->bridge, net->ip);
	add_address(g, net->bridge, net->ip6);
}
