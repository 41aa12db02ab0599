#include "why/host_way.h"

#include "lib/arena.h"
#include "lib/file.h"
#include "lib/own.h"
#include "net/route.h"
#include "why/action.h"
#include "why/address.h"
#include "why/around.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool says_one(const char *path)
{
	char line[16];

	return file_line(AT_FDCWD, path, line, sizeof(line)) > 0 && strcmp(line, "1") == 0;
}

/* br_netfilter has a switch for all and one for each bridge. Where it isn't, neither counts. */
static bool calls(const char *bridge, const char *family)
{
	char all[96], own[PATH_MAX];

	(void)snprintf(all, sizeof(all), "/proc/sys/net/bridge/bridge-nf-call-%s", family);
	(void)snprintf(own, sizeof(own), "/sys/class/net/%s/bridge/nf_call_%s", bridge, family);
	return access(all, F_OK) == 0 && (says_one(all) || says_one(own));
}

/* Return: whether the port belongs to a bridge; to whom else it may, nobody knows here. */
static bool find_bridge(struct arena *arena, const char *port, struct host_way *way)
{
	const char *link = arena_printf(arena, "/sys/class/net/%s/master", port), *name;
	char target[PATH_MAX];
	ssize_t length = readlink(link, target, sizeof(target) - 1);

	if (length < 0)
		return true;
	target[length] = '\0';
	name = strrchr(target, '/');
	if (access(arena_printf(arena, "/sys/class/net/%s/brport", port), F_OK) < 0 || !name)
		return false;
	way->bridged = true;
	(void)snprintf(way->interface, sizeof(way->interface), "%s", name + 1);
	return true;
}

static void look_at_bridge(struct arena *arena, struct host_way *way)
{
	const char *bridge = way->interface;

	way->tagged =
		says_one(arena_printf(arena, "/sys/class/net/%s/bridge/vlan_filtering", bridge));
	way->calls_ip = calls(bridge, "iptables");
	way->calls_ip6 = calls(bridge, "ip6tables");
	way->calls_arp = calls(bridge, "arptables");
}

static bool is_ours(const struct sockaddr_storage *address)
{
	char name[IFNAMSIZ];

	return address_find(address, name);
}

static bool is_our_gateway(const char *gateway, int family)
{
	struct sockaddr_storage address = {.ss_family = (sa_family_t)family};
	void *to = family == AF_INET6 ? (void *)&((struct sockaddr_in6 *)&address)->sin6_addr
				      : (void *)&((struct sockaddr_in *)&address)->sin_addr;

	return inet_pton(family, gateway, to) == 1 && is_ours(&address);
}

struct host_way host_way_look(const struct around *around, const struct action *action)
{
	cleanup_(arena_free) struct arena arena = {};
	const struct sockaddr_storage *address = &action->address;
	const char *gateway = around->route.gateway;
	struct host_way way = {};
	struct route route;

	if (!around->host_port[0] || around->address_error)
		return way;
	(void)snprintf(way.interface, sizeof(way.interface), "%s", around->host_port);
	way.there = find_bridge(&arena, around->host_port, &way);
	if (way.bridged)
		look_at_bridge(&arena, &way);
	way.end_is_host = is_ours(address);
	way.next_is_host = *gateway ? is_our_gateway(gateway, address->ss_family)
				    : way.end_is_host || !way.bridged;
	if (way.next_is_host && !way.end_is_host &&
	    route_look((const struct sockaddr *)address, &route, NULL) == 0)
		(void)snprintf(way.beyond, sizeof(way.beyond), "%s", route.name);
	return way;
}
