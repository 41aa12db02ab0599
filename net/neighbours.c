#include "net/neighbours.h"

#include "lib/err.h"
#include "lib/fault.h"
#include "net/hwaddr.h"
#include "net/rtnl.h"

#include <linux/neighbour.h>
#include <netlink/route/neighbour.h>
#include <string.h>

/* The others are an administrator's. */
static bool is_learned(struct rtnl_neigh *neighbour)
{
	return !(rtnl_neigh_get_state(neighbour) & NUD_PERMANENT);
}

static bool has_hwaddr(struct rtnl_neigh *neighbour, const char *hwaddr)
{
	struct nl_addr *address = rtnl_neigh_get_lladdr(neighbour);
	char has[HWADDR_TEXT];

	return address && nl_addr_get_len(address) == HWADDR_BYTES &&
	       strcmp(hwaddr_text(nl_addr_get_binary_addr(address), has), hwaddr) == 0;
}

static int forget_all(struct nl_sock *sock, struct nl_cache *neighbours, const char *hwaddr)
{
	int r = 0;

	for (struct nl_object *object = nl_cache_get_first(neighbours); r == 0 && object;
	     object = nl_cache_get_next(object)) {
		struct rtnl_neigh *neighbour = (struct rtnl_neigh *)object;

		if (is_learned(neighbour) && has_hwaddr(neighbour, hwaddr))
			r = rtnl_errno(rtnl_neigh_delete(sock, neighbour, 0));
		if (r == -ENOENT || r == -ENODEV)
			r = 0; /* its time was over, or its link's */
	}
	return r;
}

int neighbours_forget(const char *hwaddr, struct err *err)
{
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	struct nl_cache *neighbours;
	int r = fault_point("neighbours", err);

	if (r == 0)
		r = rtnl_open(&sock, err);
	if (r < 0)
		return r;
	r = rtnl_errno(rtnl_neigh_alloc_cache(sock, &neighbours));
	if (r < 0)
		return err_set(err, r, "list neighbours");
	r = forget_all(sock, neighbours, hwaddr);
	nl_cache_free(neighbours);
	return r < 0 ? err_set(err, r, "forget the neighbour %s", hwaddr) : 0;
}
