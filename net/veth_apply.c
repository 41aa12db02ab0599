#include "lib/err.h"
#include "lib/json.h"
#include "lib/run.h"
#include "lib/text.h"
#include "net/neighbours.h"
#include "net/rtnl.h"
#include "net/stale.h"
#include "net/veth.h"

#include <netlink/route/link.h>
#include <netlink/route/link/veth.h>
#include <string.h>

static void veth_describe(const struct step *step, struct text *text)
{
	const struct veth_step *veth = container_of(step, struct veth_step, step);
	char hwaddr[HWADDR_TEXT];

	text_addf(text, "%s (%s), on the host %s", veth->name, hwaddr_text(veth->hwaddr, hwaddr),
		  veth->host);
	port_describe(&veth->port, text);
	if (veth->link_down)
		text_add(text, ", link down");
}

static void veth_write(const struct step *step, struct json_out *out)
{
	const struct veth_step *veth = container_of(step, struct veth_step, step);
	char hwaddr[HWADDR_TEXT];

	json_out_string(out, "name", veth->name);
	json_out_string(out, "hwaddr", hwaddr_text(veth->hwaddr, hwaddr));
	json_out_u64(out, "mtu", veth->mtu);
	json_out_string(out, "host", veth->host);
	json_out_string(out, "host_hwaddr", hwaddr_text(veth->host_hwaddr, hwaddr));
	json_out_u64(out, "host_mtu", veth->host_mtu);
	port_write(&veth->port, out);
	json_out_bool(out, "link_down", veth->link_down);
}

static int fill_peer(struct rtnl_link *link, const struct veth_step *veth, pid_t pid)
{
	struct rtnl_link *peer = rtnl_link_veth_get_peer(link); /* a reference of ours */
	int r = link_fill(peer, veth->name, veth->hwaddr, veth->mtu);

	rtnl_link_set_ns_pid(peer, pid);
	rtnl_link_put(peer);
	return r;
}

static void explain_taken(const struct veth_step *veth, struct err *err)
{
	if (if_nametoindex(veth->host) == 0) {
		err_hint(err, "another link is called %s in the container", veth->name);
		return;
	}
	err_fact(err, "the host has a link %s that is not this container's", veth->host);
	err_hint(err, "ip link del %s removes it, if nothing uses it", veth->host);
}

static void explain_bridge(const char *bridge, struct err *err)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/sys/class/net/%s/bridge", bridge);
	if (access(path, F_OK) == 0)
		return;
	err_fact(err, "%s is no bridge", bridge);
	err_hint(err, "name a bridge, or make one: ip link add NAME type bridge");
}

static int add_failed(const struct veth_step *veth, struct run *run, int r, struct err *err)
{
	err_sys(err, r, "RTM_NEWLINK", "make the pair");
	if (r == -EPERM)
		err_hint(err, "it needs CAP_NET_ADMIN on the host");
	else if (r != -EEXIST && veth->port.bridge)
		explain_bridge(veth->port.bridge, err);
	if (r != -EEXIST)
		return r;
	explain_taken(veth, err);
	name_note_taken(&veth->step, run, "host", veth->host);
	return r;
}

/* No address of the host's is at that end, and nothing passes before its port has its VLANs. */
static int let_through(struct nl_sock *sock, const struct veth_step *veth, struct err *err)
{
	const int index = (int)if_nametoindex(veth->host);
	int r;

	if (index == 0)
		return err_set(err, -errno, "find %s", veth->host);
	link_without_ipv6(veth->host);
	r = port_settle(sock, index, NULL, &veth->port, err);
	if (r < 0 || veth->link_down)
		return r;
	r = rtnl_up(sock, index);
	return r < 0 ? err_set(err, r, "set %s up", veth->host) : 0;
}

static int describe_pair(struct rtnl_link *link, const struct veth_step *veth, int bridge,
			 pid_t pid, struct err *err)
{
	if (!link || link_fill(link, veth->host, veth->host_hwaddr, veth->host_mtu) < 0 ||
	    fill_peer(link, veth, pid) < 0)
		return err_set(err, -ENOMEM, "describe the pair");
	if (bridge)
		rtnl_link_set_master(link, bridge);
	return 0;
}

/* Where a change was cut short it may have been left as it is: both ends where they belong. */
static bool is_there(struct nl_sock *sock, const struct veth_step *veth, struct run *run)
{
	cleanup_(rtnl_close) struct nl_sock *inside = NULL;
	cleanup_(link_put) struct rtnl_link *outer = NULL, *inner = NULL;
	char hwaddr[HWADDR_TEXT];

	if (veth_find(sock, veth->host, hwaddr_text(veth->host_hwaddr, hwaddr), &outer, NULL) < 0 ||
	    !outer || run->netns_fd < 0 || rtnl_open_in(run->netns_fd, &inside, NULL) < 0)
		return false;
	return veth_find(inside, veth->name, hwaddr_text(veth->hwaddr, hwaddr), &inner, NULL) ==
		       0 &&
	       inner;
}

/* One message makes both ends, each in its place, or neither. What is left over of a container that
 * nobody knows any more makes room. */
static int add_pair(struct nl_sock *sock, struct rtnl_link *link, const struct veth_step *veth,
		    struct run *run)
{
	char hwaddr[HWADDR_TEXT];
	int r = rtnl_errno(rtnl_link_add(sock, link, NLM_F_CREATE | NLM_F_EXCL));

	if (r != -EEXIST)
		return r;
	if (is_there(sock, veth, run))
		return 0;
	if (!stale_host_end(run, veth->host))
		return r;
	(void)veth_remove(veth->host, hwaddr_text(veth->host_hwaddr, hwaddr), NULL);
	return rtnl_errno(rtnl_link_add(sock, link, NLM_F_CREATE | NLM_F_EXCL));
}

static int make_pair(struct nl_sock *sock, const struct veth_step *veth, struct run *run,
		     struct err *err)
{
	cleanup_(port_close) struct port_place place = {.lock_fd = -EBADF};
	cleanup_(link_put) struct rtnl_link *link = rtnl_link_veth_alloc();
	int r = port_open(sock, &veth->port, &place, err);

	if (r == 0)
		r = describe_pair(link, veth, place.index, run->pid, err);
	if (r < 0)
		return r;
	r = add_pair(sock, link, veth, run);
	if (r < 0)
		return add_failed(veth, run, r, err);
	r = let_through(sock, veth, err);
	if (r < 0)
		(void)rtnl_link_delete(sock, link);
	return r;
}

static int veth_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct veth_step *veth = container_of(step, struct veth_step, step);
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	int r = rtnl_open(&sock, err);

	if (r < 0)
		return r;
	r = make_pair(sock, veth, run, err);
	if (r < 0)
		(void)port_leave(sock, &veth->port, NULL); /* the first failure is what counts */
	return r;
}

int veth_find(struct nl_sock *sock, const char *host, const char *hwaddr, struct rtnl_link **link,
	      struct err *err)
{
	return link_find_ours(sock, "veth", host, hwaddr, link, err);
}

/* One end takes the other along; the end of the container's namespace takes both, some time. */
int veth_remove(const char *host, const char *hwaddr, struct err *err)
{
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	cleanup_(link_put) struct rtnl_link *link = NULL;
	int r = rtnl_open(&sock, err);

	if (r == 0)
		r = veth_find(sock, host, hwaddr, &link, err);
	if (r < 0 || !link)
		return r;
	r = rtnl_errno(rtnl_link_delete(sock, link));
	if (r < 0 && r != -ENODEV && r != -ENOENT)
		return err_set(err, r, "remove %s", host);
	return 0;
}

/* Neighbours come last: where they can't be forgotten, nothing else is left. */
static int veth_undo(const struct json *record, struct run *run, struct err *err)
{
	const char *host = json_string(record, "host");
	const char *hwaddr = json_string(record, "host_hwaddr");
	const char *inner = json_string(record, "hwaddr");
	int r;

	if (host && name_is_taken(run, "host", host))
		return 0;
	if (!host || !hwaddr || !inner)
		return err_plain(err, -EINVAL, "the journal names no link");
	r = veth_remove(host, hwaddr, err);
	if (r == 0)
		r = port_undo(record, err);
	return r < 0 ? r : neighbours_forget(inner, err);
}

static int compare(const struct veth_step *veth, struct rtnl_link *link, struct observation *seen)
{
	bool down = !(rtnl_link_get_flags(link) & IFF_UP);
	uint32_t mtu = rtnl_link_get_mtu(link);
	char hwaddr[HWADDR_TEXT];

	if (!link_is(link, "veth", hwaddr_text(veth->host_hwaddr, hwaddr)))
		return observe(seen, OBSERVED_DIFFERS, "%s is another link", veth->host);
	if (down != veth->link_down)
		return observe(seen, OBSERVED_DIFFERS, "%s is %s", veth->host,
			       down ? "down" : "up");
	if (veth->host_mtu && mtu != veth->host_mtu)
		return observe(seen, OBSERVED_DIFFERS, "%s has mtu %u", veth->host, mtu);
	if (link_has_ipv6(veth->host))
		return observe(seen, OBSERVED_DIFFERS, "the host has IPv6 at %s", veth->host);
	return observe(seen, OBSERVED_HOLDS, "%s is %s, mtu %u", veth->host, down ? "down" : "up",
		       mtu);
}

/* The end in the container, in which a program may have changed it. */
static int compare_inner(const struct veth_step *veth, struct run *run, struct observation *seen,
			 struct err *err)
{
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	cleanup_(link_put) struct rtnl_link *link = NULL;
	char hwaddr[HWADDR_TEXT];
	int r = rtnl_open_in(run->netns_fd, &sock, err);

	if (r == 0)
		r = link_find(sock, veth->name, &link, err);
	if (r < 0)
		return r;
	if (!link)
		return observe(seen, OBSERVED_DIFFERS, "%s is not there", veth->name);
	if (!link_is(link, "veth", hwaddr_text(veth->hwaddr, hwaddr)))
		return observe(seen, OBSERVED_DIFFERS, "%s has another address", veth->name);
	return 0;
}

static int veth_observe(const struct step *step, struct run *run, struct observation *seen,
			struct err *err)
{
	const struct veth_step *veth = container_of(step, struct veth_step, step);
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	cleanup_(link_put) struct rtnl_link *link = NULL;
	int r = rtnl_open(&sock, err);

	if (r == 0)
		r = link_find(sock, veth->host, &link, err);
	if (r < 0)
		return r;
	if (!link)
		return observe(seen, OBSERVED_DIFFERS, "%s is not there", veth->host);
	r = compare(veth, link, seen);
	if (r == 0 && seen->observed == OBSERVED_HOLDS)
		r = port_observe(sock, link, &veth->port, seen, err);
	return r < 0 || seen->observed != OBSERVED_HOLDS ? r : compare_inner(veth, run, seen, err);
}

const struct step_kind veth_kind = {
	.name = "net.veth",
	.describe = veth_describe,
	.write = veth_write,
	.apply = veth_apply,
	.undo = veth_undo,
	.observe = veth_observe,
};
