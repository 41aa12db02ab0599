#include "lib/err.h"
#include "lib/json.h"
#include "lib/run.h"
#include "lib/text.h"
#include "net/address.h"
#include "net/net.h"
#include "net/rtnl.h"

#include <linux/rtnetlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/route.h>
#include <string.h>

static void address_describe(const struct step *step, struct text *text)
{
	const struct address_step *address = container_of(step, struct address_step, step);

	text_addf(text, "%s up", address->name);
	for (size_t i = 0; i < address->address_count; i++)
		text_addf(text, ", %s", address->addresses[i]);
	for (size_t i = 0; i < address->gateway_count; i++)
		text_addf(text, ", via %s", address->gateways[i]);
}

static void address_write(const struct step *step, struct json_out *out)
{
	const struct address_step *address = container_of(step, struct address_step, step);

	json_out_string(out, "name", address->name);
	json_out_strings(out, "addresses", address->addresses, address->address_count);
	json_out_strings(out, "gateways", address->gateways, address->gateway_count);
}

static int add_failed(int r, const char *what, const char *item, const char *twice, struct err *err)
{
	err_set(err, r, "add the %s %s", what, item);
	if (r == -EEXIST)
		err_hint(err, "%s", twice);
	return r;
}

static int set_up(const struct address_step *address, struct nl_sock *sock, int index,
		  struct err *err)
{
	int r;

	for (size_t i = 0; i < address->address_count; i++) {
		r = address_add(sock, index, address->addresses[i]);
		if (r < 0)
			return add_failed(r, "address", address->addresses[i],
					  "the interface has it already: say it once", err);
	}
	r = rtnl_up(sock, index);
	if (r < 0)
		return err_set(err, r, "set it up");
	for (size_t i = 0; i < address->gateway_count; i++) {
		r = route_add_default(sock, index, address->gateways[i]);
		if (r < 0)
			return add_failed(r, "default route by", address->gateways[i],
					  "the container has another one already: leave one out",
					  err);
	}
	return 0;
}

/* Takes nothing back: what it sets up ends with the container's namespace. */
static int address_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct address_step *address = container_of(step, struct address_step, step);
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	unsigned int index = if_nametoindex(address->name);
	int r;

	if (index == 0)
		return err_set(err, -errno, "find %s", address->name);
	r = rtnl_open(&sock, err);
	return r < 0 ? r : set_up(address, sock, (int)index, err);
}

static struct rtnl_addr *find_address(struct nl_cache *cache, int index, const char *text)
{
	cleanup_(addr_put) struct nl_addr *local = address_read(text);

	return local ? rtnl_addr_get(cache, index, local) : NULL;
}

static bool has_address(struct nl_cache *cache, int index, const char *text)
{
	struct rtnl_addr *found = find_address(cache, index, text);
	bool has = found != NULL;

	rtnl_addr_put(found);
	return has;
}

/* Whether nobody else has answered to it: IPv6 asks before it uses one (RFC 4862). */
static bool is_its_own(struct nl_cache *cache, int index, const char *text)
{
	struct rtnl_addr *found = find_address(cache, index, text);
	bool failed = found && rtnl_addr_get_flags(found) & IFA_F_DADFAILED;

	rtnl_addr_put(found);
	return !failed;
}

static bool is_default_by(struct rtnl_route *route, int index, struct nl_addr *gateway)
{
	struct nl_addr *to = rtnl_route_get_dst(route);
	struct rtnl_nexthop *hop =
		rtnl_route_get_nnexthops(route) > 0 ? rtnl_route_nexthop_n(route, 0) : NULL;
	struct nl_addr *by = hop ? rtnl_route_nh_get_gateway(hop) : NULL;

	return by && rtnl_route_nh_get_ifindex(hop) == index &&
	       (!to || nl_addr_get_prefixlen(to) == 0) && nl_addr_cmp(by, gateway) == 0;
}

static bool has_gateway(struct nl_cache *cache, int index, const char *text)
{
	cleanup_(addr_put) struct nl_addr *gateway = address_read(text);

	for (struct nl_object *object = nl_cache_get_first(cache); gateway && object;
	     object = nl_cache_get_next(object))
		if (is_default_by((struct rtnl_route *)object, index, gateway))
			return true;
	return false;
}

/* The first of @items that @has doesn't find. Return: NULL: all are there. */
static const char *first_missing(struct nl_cache *cache, int index, const char **items,
				 size_t count,
				 bool (*has)(struct nl_cache *cache, int index, const char *text))
{
	for (size_t i = 0; i < count; i++)
		if (!has(cache, index, items[i]))
			return items[i];
	return NULL;
}

static int compare(const struct address_step *address, struct nl_sock *sock, int index,
		   struct observation *seen, struct err *err)
{
	struct nl_cache *addresses = NULL, *routes = NULL;
	const char *lost = NULL, *taken = NULL, *way = NULL;
	int r;

	rtnl_list_once(sock);
	r = rtnl_errno(rtnl_addr_alloc_cache(sock, &addresses));
	if (r == 0)
		r = rtnl_errno(rtnl_route_alloc_cache(sock, AF_UNSPEC, 0, &routes));
	if (r == 0) {
		lost = first_missing(addresses, index, address->addresses, address->address_count,
				     has_address);
		taken = first_missing(addresses, index, address->addresses, address->address_count,
				      is_its_own);
		way = first_missing(routes, index, address->gateways, address->gateway_count,
				    has_gateway);
	}
	nl_cache_free(addresses); /* passes over NULL */
	nl_cache_free(routes);
	if (r < 0)
		return err_set(err, r, "list addresses and routes");
	if (taken)
		return observe(seen, OBSERVED_DIFFERS,
			       "%s of %s is somebody else's, too: it isn't used", taken,
			       address->name);
	if (lost || way)
		return observe(seen, OBSERVED_DIFFERS, "%s has no %s %s", address->name,
			       lost ? "address" : "default route by", lost ? lost : way);
	return observe(seen, OBSERVED_HOLDS, "%s is up, %zu addresses, %zu default routes",
		       address->name, address->address_count, address->gateway_count);
}

static int address_observe(const struct step *step, struct run *run, struct observation *seen,
			   struct err *err)
{
	const struct address_step *address = container_of(step, struct address_step, step);
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	struct rtnl_link *link = NULL;
	unsigned int flags;
	int index, r;

	r = rtnl_open_in(run->netns_fd, &sock, err);
	if (r < 0)
		return r;
	if (rtnl_link_get_kernel(sock, 0, address->name, &link) < 0)
		return observe(seen, OBSERVED_DIFFERS, "%s is not there", address->name);
	flags = rtnl_link_get_flags(link);
	index = rtnl_link_get_ifindex(link);
	rtnl_link_put(link);
	if (!(flags & IFF_UP))
		return observe(seen, OBSERVED_DIFFERS, "%s is down", address->name);
	return compare(address, sock, index, seen, err);
}

const struct step_kind address_kind = {
	.name = "net.address",
	.describe = address_describe,
	.write = address_write,
	.apply = address_apply,
	.observe = address_observe,
};
