#include "lib/err.h"
#include "lib/json.h"
#include "lib/run.h"
#include "lib/text.h"
#include "net/bridge.h"
#include "net/firewall_bridge.h"
#include "net/neighbours.h"
#include "net/rtnl.h"
#include "net/stale.h"
#include "net/veth.h"

#include <netlink/route/link/veth.h>
#include <string.h>

static const struct firewall_bridge_step *firewall_of(const struct step *step)
{
	return container_of(step, struct firewall_bridge_step, step);
}

static const char *address_of(const struct firewall_bridge_step *firewall, enum hwaddr_of of,
			      char text[HWADDR_TEXT])
{
	uint8_t bytes[HWADDR_BYTES];

	hwaddr_derive(firewall->hwaddr, of, bytes);
	return hwaddr_text(bytes, text);
}

static void firewall_describe(const struct step *step, struct text *text)
{
	const struct firewall_bridge_step *firewall = firewall_of(step);

	text_addf(text, "%s: %s, by %s and %s", firewall->name, firewall->bridge, firewall->inner,
		  firewall->outer);
	port_describe(&firewall->port, text);
}

static void firewall_write(const struct step *step, struct json_out *out)
{
	const struct firewall_bridge_step *firewall = firewall_of(step);
	char hwaddr[HWADDR_TEXT];

	json_out_string(out, "name", firewall->name);
	json_out_string(out, "firewall", firewall->bridge);
	json_out_string(out, "firewall_hwaddr", address_of(firewall, HWADDR_BRIDGE, hwaddr));
	json_out_string(out, "inner", firewall->inner);
	json_out_string(out, "outer", firewall->outer);
	json_out_string(out, "outer_hwaddr", address_of(firewall, HWADDR_OUTER, hwaddr));
	json_out_u64(out, "mtu", firewall->mtu);
	port_write(&firewall->port, out);
}

/* ---------------------------------------------------------------------------------- making */

static int describe_end(struct rtnl_link *end, const struct firewall_bridge_step *firewall,
			const char *name, enum hwaddr_of of)
{
	uint8_t bytes[HWADDR_BYTES];

	hwaddr_derive(firewall->hwaddr, of, bytes);
	return link_fill(end, name, bytes, firewall->mtu);
}

static int add_pair(struct nl_sock *sock, const struct firewall_bridge_step *firewall, int bridge,
		    struct err *err)
{
	cleanup_(link_put) struct rtnl_link *outer = rtnl_link_veth_alloc();
	cleanup_(link_put) struct rtnl_link *inner = outer ? rtnl_link_veth_get_peer(outer) : NULL;
	int r = -ENOMEM;

	if (inner && describe_end(outer, firewall, firewall->outer, HWADDR_OUTER) == 0 &&
	    describe_end(inner, firewall, firewall->inner, HWADDR_INNER) == 0) {
		if (bridge)
			rtnl_link_set_master(outer, bridge);
		r = rtnl_errno(rtnl_link_add(sock, outer, NLM_F_CREATE | NLM_F_EXCL));
	}
	if (r < 0)
		return err_set(err, r, "make the pair %s and %s", firewall->inner, firewall->outer);
	link_without_ipv6(firewall->outer);
	link_without_ipv6(firewall->inner);
	return 0;
}

static int set_up(struct nl_sock *sock, const char *name, struct err *err)
{
	int r = rtnl_up(sock, (int)if_nametoindex(name));

	return r < 0 ? err_set(err, r, "set %s up", name) : 0;
}

static int plug(struct nl_sock *sock, const char *name, int bridge, struct err *err)
{
	cleanup_(link_put) struct rtnl_link *link = NULL;
	cleanup_(link_put) struct rtnl_link *wanted = rtnl_link_alloc();
	int r = link_find(sock, name, &link, err);

	if (r < 0)
		return r;
	if (!link || !wanted)
		return err_set(err, link ? -ENOMEM : -ENODEV, "find %s", name);
	rtnl_link_set_master(wanted, bridge);
	r = rtnl_errno(rtnl_link_change(sock, link, wanted, 0));
	return r < 0 ? err_set(err, r, "make %s a port", name) : 0;
}

static int settle(struct nl_sock *sock, const struct firewall_bridge_step *firewall,
		  struct err *err)
{
	return port_settle(sock, (int)if_nametoindex(firewall->outer), NULL, &firewall->port, err);
}

static int join_bridges(struct nl_sock *sock, const struct firewall_bridge_step *firewall,
			int bridge, int outside, struct err *err)
{
	const char *const names[] = {firewall->bridge, firewall->inner, firewall->outer};
	int r = add_pair(sock, firewall, outside, err);

	if (r == 0)
		r = plug(sock, firewall->inner, bridge, err);
	if (r == 0)
		r = settle(sock, firewall, err);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(names); i++)
		r = set_up(sock, names[i], err);
	return r;
}

/* @made: set when there is something to remove */
static int make_all(struct nl_sock *sock, const struct firewall_bridge_step *firewall, bool *made,
		    struct err *err)
{
	cleanup_(port_close) struct port_place place = {.lock_fd = -EBADF};
	uint8_t hwaddr[HWADDR_BYTES];
	int bridge, r = port_open(sock, &firewall->port, &place, err);

	if (r < 0)
		return r;
	hwaddr_derive(firewall->hwaddr, HWADDR_BRIDGE, hwaddr);
	bridge = bridge_add(sock, firewall->bridge, hwaddr, place.index, err);
	*made = bridge >= 0;
	return bridge < 0 ? bridge : join_bridges(sock, firewall, bridge, place.index, err);
}

/* -------------------------------------------------------------------------------- removing */

/* One that is gone, and one of the same name that isn't ours, are fine. */
static int remove_link(struct nl_sock *sock, const char *type, const char *name, const char *hwaddr,
		       struct err *err)
{
	cleanup_(link_put) struct rtnl_link *link = NULL;
	int r = link_find_ours(sock, type, name, hwaddr, &link, err);

	if (r < 0 || !link)
		return r;
	r = rtnl_errno(rtnl_link_delete(sock, link));
	return r < 0 && r != -ENODEV && r != -ENOENT ? err_set(err, r, "remove %s", name) : 0;
}

static int remove_all(struct nl_sock *sock, const struct firewall_bridge_step *firewall,
		      struct err *err)
{
	char outer[HWADDR_TEXT], bridge[HWADDR_TEXT];
	int r = remove_link(sock, "veth", firewall->outer,
			    address_of(firewall, HWADDR_OUTER, outer), err);

	if (r == 0)
		r = remove_link(sock, "bridge", firewall->bridge,
				address_of(firewall, HWADDR_BRIDGE, bridge), err);
	return r < 0 ? r : port_leave(sock, &firewall->port, err);
}

static bool is_there(struct nl_sock *sock, const struct firewall_bridge_step *firewall,
		     struct run *run)
{
	cleanup_(link_put) struct rtnl_link *link = NULL;
	char hwaddr[HWADDR_TEXT];

	return link_find_ours(sock, "bridge", firewall->bridge,
			      address_of(firewall, HWADDR_BRIDGE, hwaddr), &link, NULL) == 0 &&
	       link && name_is_own(run, "firewall", firewall->bridge);
}

/* Where a change was cut short there may be some of it. */
static int make_anew(struct nl_sock *sock, const struct firewall_bridge_step *firewall, bool *made,
		     struct err *err)
{
	int r = remove_all(sock, firewall, err);

	return r < 0 ? r : make_all(sock, firewall, made, err);
}

static int firewall_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct firewall_bridge_step *firewall = firewall_of(step);
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	bool made = false;
	int r = rtnl_open(&sock, err);

	if (r < 0)
		return r;
	r = make_all(sock, firewall, &made, err);
	if (r == -EEXIST && !made && is_there(sock, firewall, run))
		r = make_anew(sock, firewall, &made, err);
	if (r < 0 && made)
		(void)remove_all(sock, firewall, NULL); /* the first failure is what counts */
	else if (r < 0)
		(void)port_leave(sock, &firewall->port, NULL);
	if (r == -EEXIST && !made)
		name_note_taken(step, run, "firewall", firewall->bridge);
	return r;
}

static int firewall_undo(const struct json *record, struct run *run, struct err *err)
{
	const char *bridge = json_string(record, "firewall");
	const char *bridge_hwaddr = json_string(record, "firewall_hwaddr");
	const char *outer = json_string(record, "outer");
	const char *outer_hwaddr = json_string(record, "outer_hwaddr");
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	int r;

	if (bridge && name_is_taken(run, "firewall", bridge))
		return 0;
	if (!bridge || !bridge_hwaddr || !outer || !outer_hwaddr)
		return err_plain(err, -EINVAL, "the journal names no firewall bridge");
	r = rtnl_open(&sock, err);
	if (r == 0)
		r = remove_link(sock, "veth", outer, outer_hwaddr, err);
	if (r == 0)
		r = remove_link(sock, "bridge", bridge, bridge_hwaddr, err);
	return r < 0 ? r : port_undo(record, err);
}

/* ------------------------------------------------------------------------------- observing */

static int observe_inner(struct nl_sock *sock, const struct firewall_bridge_step *firewall,
			 struct observation *seen, struct err *err)
{
	cleanup_(link_put) struct rtnl_link *bridge = NULL, *inner = NULL;
	int r = link_find(sock, firewall->bridge, &bridge, err);

	if (r == 0)
		r = link_find(sock, firewall->inner, &inner, err);
	if (r < 0)
		return r;
	if (!bridge || !inner || rtnl_link_get_master(inner) != rtnl_link_get_ifindex(bridge))
		return observe(seen, OBSERVED_DIFFERS, "%s is no port of %s", firewall->inner,
			       firewall->bridge);
	return 0;
}

static int firewall_observe(const struct step *step, struct run *run, struct observation *seen,
			    struct err *err)
{
	const struct firewall_bridge_step *firewall = firewall_of(step);
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	cleanup_(link_put) struct rtnl_link *outer = NULL;
	char hwaddr[HWADDR_TEXT];
	int r = rtnl_open(&sock, err);

	if (r == 0)
		r = veth_find(sock, firewall->outer, address_of(firewall, HWADDR_OUTER, hwaddr),
			      &outer, err);
	if (r < 0)
		return r;
	if (!outer)
		return observe(seen, OBSERVED_DIFFERS, "%s is not there", firewall->outer);
	r = observe(seen, OBSERVED_HOLDS, "%s is there", firewall->bridge);
	if (r == 0)
		r = port_observe(sock, outer, &firewall->port, seen, err);
	return r < 0 || seen->observed != OBSERVED_HOLDS ? r
							 : observe_inner(sock, firewall, seen, err);
}

const struct step_kind firewall_bridge_kind = {
	.name = "net.firewall_bridge",
	.describe = firewall_describe,
	.write = firewall_write,
	.apply = firewall_apply,
	.undo = firewall_undo,
	.observe = firewall_observe,
};

/* ------------------------------------------------------------------------------------ live */

bool firewall_bridge_same(const struct step *one, const struct step *other)
{
	return strcmp(firewall_of(one)->bridge, firewall_of(other)->bridge) == 0;
}

int firewall_bridge_revert(const struct step *step, struct run *run, struct err *err)
{
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	int r = rtnl_open(&sock, err);

	return r < 0 ? r : remove_all(sock, firewall_of(step), err);
}

static int move(const struct firewall_bridge_step *from, const struct firewall_bridge_step *to,
		struct err *err)
{
	const struct port_move move = {
		.from = &from->port, .to = &to->port, .was_up = true, .up = true};
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	cleanup_(link_put) struct rtnl_link *outer = NULL;
	char hwaddr[HWADDR_TEXT];
	int r = rtnl_open(&sock, err);

	if (r == 0)
		r = veth_find(sock, to->outer, address_of(to, HWADDR_OUTER, hwaddr), &outer, err);
	if (r == 0 && !outer)
		r = err_plain(err, -ENODEV, "%s is gone: stop and start the container", to->outer);
	if (r == 0)
		r = port_move(sock, outer, &move, err);
	return r < 0 || port_same_bridge(&from->port, &to->port)
		       ? r
		       : neighbours_forget(hwaddr_text(to->hwaddr, hwaddr), err);
}

/* Of another interface, which is made anew, too. */
static int replace(const struct step *from, const struct step *to, struct run *run, struct err *err)
{
	int r = firewall_bridge_revert(from, run, err);

	return r < 0 ? r : firewall_apply(to, run, err);
}

static bool same_interface(const struct firewall_bridge_step *a,
			   const struct firewall_bridge_step *b)
{
	return memcmp(a->hwaddr, b->hwaddr, HWADDR_BYTES) == 0;
}

static int change(const struct step *from, const struct step *to, struct run *run, struct err *err)
{
	return same_interface(firewall_of(from), firewall_of(to))
		       ? move(firewall_of(from), firewall_of(to), err)
		       : replace(from, to, run, err);
}

int firewall_bridge_change(const struct step *from, const struct step *to, struct run *run,
			   struct err *err)
{
	const struct firewall_bridge_step *before = firewall_of(from), *after = firewall_of(to);
	int r = 0;

	if (!same_interface(before, after) || !port_same_bridge(&before->port, &after->port))
		r = run_journal(run, to, err); /* it may leave other links behind */
	if (r < 0)
		return r;
	r = change(from, to, run, err);
	if (r < 0)
		(void)change(to, from, run, NULL); /* the first failure is what counts */
	return r;
}
