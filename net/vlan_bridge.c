#include "net/vlan_bridge.h"

#include "lib/clock.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/flock.h"
#include "net/bridge.h"
#include "net/link.h"
#include "net/rtnl.h"

#include <fcntl.h>
#include <netlink/route/link/vlan.h>
#include <stdio.h>
#include <string.h>

#define LOCK_FOLDER "/run/lock"
#define LOCK_FILE   LOCK_FOLDER "/pve-network.lck" /* Proxmox's own tools take it for the same */

const char *vlan_bridge_name(const char *bridge, uint32_t tag, char name[IFNAMSIZ])
{
	const int length = snprintf(name, IFNAMSIZ, "%sv%u", bridge, tag);

	if (length < 0 || length >= IFNAMSIZ)
		*name = '\0';
	return name;
}

static int lock_late(struct err *err)
{
	err_plain(err, -ETIMEDOUT, "can't lock file '%s' - got timeout", LOCK_FILE);
	err_hint(err, "somebody else changes VLANs: fuser %s says which process", LOCK_FILE);
	return -ETIMEDOUT;
}

int vlan_bridge_lock(unsigned int seconds, struct err *err)
{
	cleanup_close int fd = -EBADF;
	int r = make_dirs(LOCK_FOLDER, 0755, err);

	if (r < 0)
		return r;
	fd = open(LOCK_FILE, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return err_set(err, -errno, "open %s", LOCK_FILE);
	r = flock_wait(fd, deadline_in(seconds));
	if (r == -ETIMEDOUT)
		return lock_late(err);
	return r < 0 ? err_set(err, r, "lock %s", LOCK_FILE) : take_fd(&fd);
}

/* ---------------------------------------------------------------------------- whose is what */

/* Its address is what tells ours from one of somebody else's. */
static void make_hwaddr(int parent, uint32_t tag, uint8_t hwaddr[HWADDR_BYTES])
{
	const uint8_t bytes[HWADDR_BYTES] = {
		0xfe,         0x7c, (uint8_t)(parent >> 8), (uint8_t)parent, (uint8_t)(tag >> 8),
		(uint8_t)tag,
	};

	memcpy(hwaddr, bytes, sizeof(bytes));
}

static bool is_ours(struct rtnl_link *link, uint32_t tag)
{
	struct nl_addr *address = rtnl_link_get_addr(link);
	const uint8_t *has = address ? nl_addr_get_binary_addr(address) : NULL;
	uint8_t hwaddr[HWADDR_BYTES];

	if (!has || nl_addr_get_len(address) != HWADDR_BYTES || !link_has_type(link, "bridge"))
		return false;
	make_hwaddr(has[2] << 8 | has[3], tag, hwaddr);
	return memcmp(has, hwaddr, HWADDR_BYTES) == 0;
}

/* Those of containers and virtual machines are no way out. */
static bool leads_outside(struct rtnl_link *port)
{
	return !link_has_type(port, "veth") && !link_has_type(port, "tun");
}

static bool is_device_of(struct rtnl_link *device, struct rtnl_link *port, uint32_t tag)
{
	return link_has_type(device, "vlan") && rtnl_link_vlan_get_id(device) == (int)tag &&
	       rtnl_link_get_link(device) == rtnl_link_get_ifindex(port);
}

/* ---------------------------------------------------------------------------------- making */

struct vlan_bridge {
	struct nl_sock *sock;
	struct nl_cache *links;
	const char *bridge;
	uint32_t tag;
	int index; /* its own */
	char name[IFNAMSIZ];
};

static int add_device(const struct vlan_bridge *vlan, struct rtnl_link *port, const char *name,
		      struct err *err)
{
	cleanup_(link_put) struct rtnl_link *device = rtnl_link_vlan_alloc();
	int r;

	if (!device)
		return err_set(err, -ENOMEM, "describe %s", name);
	rtnl_link_set_name(device, name);
	rtnl_link_set_link(device, rtnl_link_get_ifindex(port));
	(void)rtnl_link_vlan_set_id(device, (uint16_t)vlan->tag);
	rtnl_link_set_master(device, vlan->index);
	r = rtnl_errno(rtnl_link_add(vlan->sock, device, NLM_F_CREATE | NLM_F_EXCL));
	if (r < 0) {
		err_set(err, r, "make the VLAN device %s", name);
		if (r == -EOPNOTSUPP)
			err_hint(err, "this kernel lacks 8021q: load it, or make %s VLAN-aware",
				 vlan->bridge);
		return r;
	}
	link_without_ipv6(name);
	r = rtnl_up(vlan->sock, (int)if_nametoindex(name));
	return r < 0 ? err_set(err, r, "set %s up", name) : 0;
}

static int ensure_device(const struct vlan_bridge *vlan, struct rtnl_link *port, struct err *err)
{
	char name[IFNAMSIZ];
	const int length =
		snprintf(name, sizeof(name), "%s.%u", rtnl_link_get_name(port), vlan->tag);
	cleanup_(link_put) struct rtnl_link *device = NULL;

	if (length >= IFNAMSIZ)
		return err_plain(err, -ENAMETOOLONG, "the name %s.%u is too long for a link",
				 rtnl_link_get_name(port), vlan->tag);
	device = rtnl_link_get_by_name(vlan->links, name);
	if (!device)
		return add_device(vlan, port, name, err);
	if (is_device_of(device, port, vlan->tag) && rtnl_link_get_master(device) == vlan->index)
		return 0;
	err_plain(err, -EEXIST, "there is a %s already, and it is no port of %s", name, vlan->name);
	err_hint(err, "remove it, or make %s VLAN-aware", vlan->bridge);
	return -EEXIST;
}

static int ensure_devices(const struct vlan_bridge *vlan, int parent, struct err *err)
{
	size_t count = 0;
	int r = 0;

	for (struct nl_object *object = nl_cache_get_first(vlan->links); r == 0 && object;
	     object = nl_cache_get_next(object)) {
		struct rtnl_link *port = (struct rtnl_link *)object;

		if (rtnl_link_get_master(port) != parent || !leads_outside(port))
			continue;
		count++;
		r = ensure_device(vlan, port, err);
	}
	if (r < 0 || count)
		return r;
	err_plain(err, -ENODEV, "no port of bridge %s leads to the outside, where VLAN %u could be",
		  vlan->bridge, vlan->tag);
	err_hint(err, "make it VLAN-aware: ip link set %s type bridge vlan_filtering 1",
		 vlan->bridge);
	return -ENODEV;
}

static int make(struct vlan_bridge *vlan, int parent, struct err *err)
{
	cleanup_(link_put) struct rtnl_link *found = rtnl_link_get_by_name(vlan->links, vlan->name);
	uint8_t hwaddr[HWADDR_BYTES];
	int r;

	if (found && !link_has_type(found, "bridge"))
		return err_plain(err, -EEXIST, "%s is another link, and no bridge", vlan->name);
	if (found && !is_ours(found, vlan->tag))
		return rtnl_link_get_ifindex(found);
	make_hwaddr(parent, vlan->tag, hwaddr);
	vlan->index = found ? rtnl_link_get_ifindex(found)
			    : bridge_add(vlan->sock, vlan->name, hwaddr, parent, err);
	if (vlan->index < 0)
		return vlan->index;
	r = ensure_devices(vlan, parent, err);
	if (r == 0)
		r = rtnl_up(vlan->sock, vlan->index);
	return r < 0 ? r : vlan->index;
}

static int list_links(struct vlan_bridge *vlan, struct err *err)
{
	int r;

	if (!*vlan_bridge_name(vlan->bridge, vlan->tag, vlan->name))
		return err_plain(err, -ENAMETOOLONG, "the name %sv%u is too long for a bridge",
				 vlan->bridge, vlan->tag);
	rtnl_expect_more(vlan->sock);
	r = rtnl_errno(rtnl_link_alloc_cache(vlan->sock, AF_UNSPEC, &vlan->links));
	return r < 0 ? err_set(err, r, "list links") : 0;
}

int vlan_bridge_ensure(struct nl_sock *sock, const char *bridge, uint32_t tag, struct err *err)
{
	struct vlan_bridge vlan = {.sock = sock, .bridge = bridge, .tag = tag};
	const int parent = (int)if_nametoindex(bridge);
	int r;

	if (parent == 0)
		return err_plain(err, -ENODEV, "bridge %s does not exist", bridge);
	r = list_links(&vlan, err);
	if (r < 0)
		return r;
	r = make(&vlan, parent, err);
	nl_cache_free(vlan.links);
	if (r < 0)
		(void)vlan_bridge_leave(sock, bridge, tag, NULL); /* the first failure counts */
	return r;
}

/* --------------------------------------------------------------------------------- removing */

/* Only VLAN devices are left: nobody behind it. */
static bool is_unused(const struct vlan_bridge *vlan)
{
	for (struct nl_object *object = nl_cache_get_first(vlan->links); object;
	     object = nl_cache_get_next(object)) {
		struct rtnl_link *port = (struct rtnl_link *)object;

		if (rtnl_link_get_master(port) == vlan->index && !link_has_type(port, "vlan"))
			return false;
	}
	return true;
}

static int delete_link(const struct vlan_bridge *vlan, struct rtnl_link *link, struct err *err)
{
	int r = rtnl_errno(rtnl_link_delete(vlan->sock, link));

	return r < 0 && r != -ENODEV && r != -ENOENT
		       ? err_set(err, r, "remove %s", rtnl_link_get_name(link))
		       : 0;
}

static int delete_all(const struct vlan_bridge *vlan, struct rtnl_link *bridge, struct err *err)
{
	int r = 0;

	for (struct nl_object *object = nl_cache_get_first(vlan->links); r == 0 && object;
	     object = nl_cache_get_next(object)) {
		struct rtnl_link *port = (struct rtnl_link *)object;

		if (rtnl_link_get_master(port) == vlan->index)
			r = delete_link(vlan, port, err);
	}
	return r < 0 ? r : delete_link(vlan, bridge, err);
}

int vlan_bridge_leave(struct nl_sock *sock, const char *bridge, uint32_t tag, struct err *err)
{
	struct vlan_bridge vlan = {.sock = sock, .bridge = bridge, .tag = tag};
	cleanup_(link_put) struct rtnl_link *found = NULL;
	int r = list_links(&vlan, err);

	if (r < 0)
		return r;
	found = rtnl_link_get_by_name(vlan.links, vlan.name);
	if (found && is_ours(found, tag)) {
		vlan.index = rtnl_link_get_ifindex(found);
		r = is_unused(&vlan) ? delete_all(&vlan, found, err) : 0;
	}
	nl_cache_free(vlan.links);
	return r;
}
