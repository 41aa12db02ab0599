#include "debug/isolation.h"
#include "debug/parts.h"

#include "lib/file.h"
#include "net/rtnl.h"

#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/route.h>
#include <string.h>
#include <sys/socket.h>

static inline void cache_put(struct nl_cache **cache)
{
	nl_cache_free(*cache); /* passes over NULL */
}
DEFINE_CLEANUP(struct nl_cache *, cache_put);

static const char *addresses_of(struct arena *arena, struct nl_cache *addresses, int index)
{
	const char *all = "";

	for (struct nl_object *item = nl_cache_get_first(addresses); item;
	     item = nl_cache_get_next(item)) {
		struct rtnl_addr *address = (struct rtnl_addr *)item;
		struct nl_addr *local = rtnl_addr_get_local(address);
		char text[80];

		if (!local || rtnl_addr_get_ifindex(address) != index)
			continue;
		all = arena_printf(arena, "%s%s%s", all, *all ? " " : "",
				   nl_addr2str(local, text, sizeof(text)));
	}
	return all;
}

static void add_links(struct isolation *isolation, struct nl_cache *links,
		      struct nl_cache *addresses)
{
	struct arena *arena = &isolation->arena;
	struct isolation_link *found =
		arena_array(arena, (size_t)nl_cache_nitems(links) + 1, sizeof(*found));

	isolation->links = found;
	for (struct nl_object *item = nl_cache_get_first(links); item;
	     item = nl_cache_get_next(item)) {
		struct rtnl_link *link = (struct rtnl_link *)item;
		const char *name = rtnl_link_get_name(link), *kind = rtnl_link_get_type(link);
		const unsigned int flags = rtnl_link_get_flags(link);

		found[isolation->link_count++] = (struct isolation_link){
			.name = arena_strdup(arena, name ? name : ""),
			.kind = arena_strdup(arena, kind ? kind : ""),
			.addresses = addresses_of(arena, addresses, rtnl_link_get_ifindex(link)),
			.up = flags & IFF_UP,
			.loopback = flags & IFF_LOOPBACK,
		};
	}
}

/* Ways out: default routes of the main table that lead anywhere. */
static bool leads_out(struct rtnl_route *route)
{
	struct nl_addr *to = rtnl_route_get_dst(route);

	return rtnl_route_get_table(route) == RT_TABLE_MAIN &&
	       rtnl_route_get_type(route) == RTN_UNICAST && (!to || nl_addr_get_prefixlen(to) == 0);
}

static void add_route(struct isolation *isolation, struct nl_cache *links, struct rtnl_nexthop *hop,
		      struct isolation_route *found)
{
	struct nl_addr *gateway = rtnl_route_nh_get_gateway(hop);
	struct arena *arena = &isolation->arena;
	char text[80], name[IF_NAMESIZE + 1] = "";

	(void)rtnl_link_i2name(links, rtnl_route_nh_get_ifindex(hop), name, sizeof(name));
	*found = (struct isolation_route){
		.link = arena_strdup(arena, name),
		.gateway = gateway ? arena_strdup(arena, nl_addr2str(gateway, text, sizeof(text)))
				   : NULL,
	};
}

static void add_routes(struct isolation *isolation, struct nl_cache *links, struct nl_cache *routes)
{
	struct isolation_route *found;
	size_t count = 0;

	for (struct nl_object *item = nl_cache_get_first(routes); item;
	     item = nl_cache_get_next(item))
		count += (size_t)rtnl_route_get_nnexthops((struct rtnl_route *)item);
	found = arena_array(&isolation->arena, count + 1, sizeof(*found));
	isolation->routes = found;
	for (struct nl_object *item = nl_cache_get_first(routes); item;
	     item = nl_cache_get_next(item)) {
		struct rtnl_route *route = (struct rtnl_route *)item;

		for (int i = 0; leads_out(route) && i < rtnl_route_get_nnexthops(route); i++)
			add_route(isolation, links, rtnl_route_nexthop_n(route, i),
				  &found[isolation->route_count++]);
	}
}

static int look_by_netlink(struct isolation *isolation)
{
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	cleanup_(cache_put) struct nl_cache *links = NULL, *addresses = NULL, *routes = NULL;
	cleanup_close int netns_fd = openat(isolation->pid_dir_fd, "ns/net", O_RDONLY | O_CLOEXEC);
	int r = netns_fd < 0 ? -errno : rtnl_open_in(netns_fd, &sock, NULL);

	if (r < 0)
		return r;
	rtnl_list_once(sock);
	r = rtnl_errno(rtnl_link_alloc_cache(sock, AF_UNSPEC, &links));
	if (r == 0)
		r = rtnl_errno(rtnl_addr_alloc_cache(sock, &addresses));
	if (r == 0)
		r = rtnl_errno(rtnl_route_alloc_cache(sock, AF_UNSPEC, 0, &routes));
	if (r < 0)
		return r;
	add_links(isolation, links, addresses);
	add_routes(isolation, links, routes);
	return 0;
}

/* /proc/PID/net/dev is for everybody: "  eth0: 1296 16 ..."; headings have no colon. */
static int look_by_proc(struct isolation *isolation)
{
	struct arena *arena = &isolation->arena;
	struct isolation_link *found;
	const char *text;
	size_t lines = 1;
	int r = file_read(arena, isolation->pid_dir_fd, "net/dev", 0, &text, NULL, NULL);

	if (r < 0)
		return r;
	for (const char *at = text; *at; at++)
		lines += *at == '\n';
	found = arena_array(arena, lines, sizeof(*found));
	isolation->links = found;
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		const size_t length = strcspn(text, ":\n");
		const char *name = text + strspn(text, " ");

		if (text[length] != ':')
			continue;
		name = arena_strndup(arena, name, (size_t)(text + length - name));
		found[isolation->link_count++] =
			(struct isolation_link){.name = name, .loopback = strcmp(name, "lo") == 0};
	}
	return 0;
}

void look_network(struct isolation *isolation)
{
	int r = look_by_netlink(isolation);

	if (r == 0)
		return;
	isolation_unseen(isolation, "addresses and routes of its network", r);
	r = look_by_proc(isolation);
	if (r < 0)
		isolation_unseen(isolation, "its network interfaces", r);
}
