#include "why/address.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

static bool is_same(const struct sockaddr *one, const struct sockaddr_storage *other)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)other;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)other;

	if (!one || one->sa_family != other->ss_family)
		return false;
	if (one->sa_family == AF_INET)
		return ((const struct sockaddr_in *)one)->sin_addr.s_addr == v4->sin_addr.s_addr;
	return IN6_ARE_ADDR_EQUAL(&((const struct sockaddr_in6 *)one)->sin6_addr, &v6->sin6_addr);
}

bool address_find(const struct sockaddr_storage *address, char name[IFNAMSIZ])
{
	struct ifaddrs *list = NULL;
	bool found = false;

	if (getifaddrs(&list) < 0)
		return false;
	for (const struct ifaddrs *at = list; at && !found; at = at->ifa_next) {
		found = is_same(at->ifa_addr, address);
		if (found)
			(void)snprintf(name, IFNAMSIZ, "%s", at->ifa_name);
	}
	freeifaddrs(list);
	return found;
}
