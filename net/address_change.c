#include "net/address.h"

#include "lib/err.h"
#include "lib/text.h"
#include "net/link.h"
#include "net/rtnl.h"

#include <linux/if_addr.h>
#include <netlink/route/addr.h>

static int add(struct nl_sock *sock, int index, const char *cidr)
{
	int r = cidr ? address_add(sock, index, cidr) : 0;

	return r == -EEXIST ? 0 : r;
}

/* With the first address of a subnet its others go, too: the new one, if it is one of those, is
 * there again afterwards. */
static int move_address(struct nl_sock *sock, int index, const char *from, const char *to)
{
	int r = add(sock, index, to);

	if (r == 0 && from)
		(void)address_delete(sock, index, from); /* the container may have done so itself */
	return r < 0 ? r : add(sock, index, to);
}

static int move_gateway(struct nl_sock *sock, int index, const char *from, const char *to)
{
	if (to)
		return route_replace_default(sock, index, to);
	if (from)
		(void)route_delete_default(sock, index, from);
	return 0;
}

static int move(struct nl_sock *sock, int index, const struct address_change *change,
		struct err *err)
{
	int r = 0;

	if (!same_string(change->from, change->to)) {
		r = move_address(sock, index, change->from, change->to);
		if (r < 0)
			return err_set(err, r, "add the address %s", change->to);
	} else if (same_string(change->from_gateway, change->to_gateway)) {
		return 0;
	}
	r = move_gateway(sock, index, change->from_gateway, change->to_gateway);
	return r < 0 ? err_set(err, r, "set the default route by %s", change->to_gateway) : 0;
}

int address_change(int netns_fd, const struct address_change *change, struct err *err)
{
	const struct address_change back = {change->name, change->to, change->from,
					    change->to_gateway, change->from_gateway};
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	cleanup_(link_put) struct rtnl_link *link = NULL;
	int index, r = rtnl_open_in(netns_fd, &sock, err);

	if (r == 0)
		r = link_find(sock, change->name, &link, err);
	if (r < 0)
		return r;
	if (!link)
		return err_plain(err, -ENODEV, "the container has no interface %s", change->name);
	index = rtnl_link_get_ifindex(link);
	r = rtnl_up(sock, index);
	if (r < 0)
		return err_set(err, r, "set %s up", change->name);
	r = move(sock, index, change, err);
	if (r < 0)
		(void)move(sock, index, &back, NULL); /* the first failure is what counts */
	return r;
}

static int delete_leases(struct nl_sock *sock, int index, int family, struct err *err)
{
	struct nl_cache *addresses = NULL;
	int r;

	rtnl_list_once(sock);
	r = rtnl_errno(rtnl_addr_alloc_cache(sock, &addresses));
	if (r < 0)
		return err_set(err, r, "list addresses");
	for (struct nl_object *object = nl_cache_get_first(addresses); object;
	     object = nl_cache_get_next(object)) {
		struct rtnl_addr *address = (struct rtnl_addr *)object;

		if (rtnl_addr_get_ifindex(address) == index &&
		    rtnl_addr_get_family(address) == family &&
		    !(rtnl_addr_get_flags(address) & IFA_F_PERMANENT))
			(void)rtnl_addr_delete(sock, address, 0); /* it may have ended by itself */
	}
	nl_cache_free(addresses);
	return 0;
}

int address_drop_leases(int netns_fd, const char *name, int family, struct err *err)
{
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	cleanup_(link_put) struct rtnl_link *link = NULL;
	int r = rtnl_open_in(netns_fd, &sock, err);

	if (r == 0)
		r = link_find(sock, name, &link, err);
	return r < 0 || !link ? r : delete_leases(sock, rtnl_link_get_ifindex(link), family, err);
}
