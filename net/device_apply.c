#include "lib/arena.h"
#include "lib/err.h"
#include "lib/json.h"
#include "lib/run.h"
#include "net/device.h"
#include "net/link.h"
#include "net/rtnl.h"

#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/route/addr.h>
#include <string.h>

/* ------------------------------------------------------------------------- addresses, kept */

static void cache_put(struct nl_cache **cache)
{
	if (*cache)
		nl_cache_free(*cache);
}
DEFINE_CLEANUP(struct nl_cache *, cache_put);

static int list_addresses(struct nl_sock *sock, struct nl_cache **cache, struct err *err)
{
	int r = rtnl_errno(rtnl_addr_alloc_cache(sock, cache));

	return r < 0 ? err_set(err, r, "list addresses") : 0;
}

/* What the kernel or a lease made is made again, or no longer true, in the other place. */
static bool is_kept(struct rtnl_addr *address, int index)
{
	return rtnl_addr_get_ifindex(address) == index &&
	       rtnl_addr_get_flags(address) & IFA_F_PERMANENT &&
	       rtnl_addr_get_scope(address) == RT_SCOPE_UNIVERSE;
}

static int add_one(struct nl_sock *sock, struct rtnl_addr *address, int index)
{
	struct rtnl_addr *copy = rtnl_addr_alloc();
	int r = -ENOMEM;

	if (copy) {
		rtnl_addr_set_ifindex(copy, index);
		r = rtnl_addr_set_local(copy, rtnl_addr_get_local(address)) < 0 ? -EINVAL : 0;
		if (r == 0 && rtnl_addr_get_broadcast(address))
			(void)rtnl_addr_set_broadcast(copy, rtnl_addr_get_broadcast(address));
		if (r == 0)
			r = rtnl_errno(rtnl_addr_add(sock, copy, NLM_F_CREATE));
	}
	rtnl_addr_put(copy); /* passes over NULL */
	return r;
}

static int add_addresses(struct nl_sock *sock, struct nl_cache *cache, int from, int to,
			 struct err *err)
{
	int r = 0;

	for (struct nl_object *object = nl_cache_get_first(cache); r >= 0 && object;
	     object = nl_cache_get_next(object))
		if (is_kept((struct rtnl_addr *)object, from))
			r = add_one(sock, (struct rtnl_addr *)object, to);
	return r < 0 ? err_set(err, r, "give it its addresses again") : 0;
}

/* ------------------------------------------------------------------------------------- moving */

static int no_such(const char *name, struct err *err)
{
	int r = err_plain(err, -ENODEV, "the host has no interface %s", name);

	err_hint(err, "name one that ip link shows on the host, or make it before the start");
	return r;
}

static int move(struct nl_sock *sock, struct rtnl_link *link, int netns_fd, const char *name,
		struct err *err)
{
	struct rtnl_link *change = rtnl_link_alloc();
	int r = -ENOMEM;

	if (change) {
		rtnl_link_set_ns_fd(change, netns_fd);
		rtnl_link_set_name(change, name);
		r = rtnl_errno(rtnl_link_change(sock, link, change, 0));
	}
	rtnl_link_put(change);
	if (r == 0)
		return 0;
	err_set(err, r, "move it");
	if (r == -EPERM)
		err_hint(err, "it needs CAP_NET_ADMIN on the host");
	else if (r == -EEXIST)
		err_hint(err, "there is a %s already", name);
	else if (r == -EINVAL)
		err_hint(err, "some kinds of interfaces stay in their network namespace");
	return r;
}

static int note_index(const struct device_step *device, struct run *run, int index, struct err *err)
{
	struct json_out *out = json_out_new(false);

	json_out_object(out, NULL);
	device->step.kind->write(&device->step, out);
	json_out_i64(out, "index", index);
	json_out_end(out);
	return run_note(run, &device->step, out, err);
}

/* In the container's namespace: with another index, perhaps, and down. */
static int set_up(const struct device_step *device, struct run *run, int netns_fd,
		  struct nl_cache *addresses, int former, struct err *err)
{
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	cleanup_(link_put) struct rtnl_link *link = NULL;
	int index, r;

	r = rtnl_open_in(netns_fd, &sock, err);
	if (r == 0)
		r = link_find(sock, device->name, &link, err);
	if (r < 0)
		return r;
	if (!link)
		return err_plain(err, -ENODEV, "%s is gone", device->name);
	index = rtnl_link_get_ifindex(link);
	r = note_index(device, run, index, err);
	if (r == 0)
		r = add_addresses(sock, addresses, former, index, err);
	if (r < 0)
		return r;
	r = rtnl_up(sock, index);
	return r < 0 ? err_set(err, r, "set it up") : 0;
}

int device_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct device_step *device = container_of(step, struct device_step, step);
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	cleanup_(link_put) struct rtnl_link *link = NULL;
	cleanup_(cache_put) struct nl_cache *addresses = NULL;
	cleanup_close int netns_fd = openat(run->pid_dir_fd, "ns/net", O_RDONLY | O_CLOEXEC);
	int r;

	if (netns_fd < 0)
		return err_set(err, -errno, "open the container's network namespace");
	r = rtnl_open(&sock, err);
	if (r == 0)
		r = link_find(sock, device->host, &link, err);
	if (r == 0 && !link)
		r = no_such(device->host, err);
	if (r == 0)
		r = list_addresses(sock, &addresses, err);
	if (r == 0)
		r = move(sock, link, netns_fd, device->name, err);
	return r < 0 ? r
		     : set_up(device, run, netns_fd, addresses, rtnl_link_get_ifindex(link), err);
}

/* Whether the journal has its index, from before the program began. */
static bool has_note(struct run *run, const char *host)
{
	cleanup_(arena_free) struct arena arena = {};
	const struct json *entries;

	if (journal_read(&arena, run->state_fd, &entries, NULL) < 0)
		return false;
	json_each (entry, entries) {
		const struct json *record = json_find(entry, "record");
		const char *other = json_string(record, "host");

		if (other && strcmp(other, host) == 0 && json_find(record, "index"))
			return true;
	}
	return false;
}

/* By its index, which nobody inside can change; by its name only until that was noted. */
static int find_inside(struct nl_sock *sock, const struct json *record, struct run *run,
		       struct rtnl_link **link)
{
	int64_t index = 0;

	if (json_i64(json_find(record, "index"), &index) == 0)
		return rtnl_errno(rtnl_link_get_kernel(sock, (int)index, NULL, link));
	if (has_note(run, json_string(record, "host")))
		return -ENODEV;
	return rtnl_errno(rtnl_link_get_kernel(sock, 0, json_string(record, "name"), link));
}

int device_undo(const struct json *record, struct run *run, struct err *err)
{
	const char *host = json_string(record, "host"), *name = json_string(record, "name");
	const struct json *give_back = json_find(record, "giveBack");
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	cleanup_(link_put) struct rtnl_link *link = NULL;
	cleanup_close int held_fd = -EBADF, ours_fd = -EBADF;
	int r;

	if (!host || !name)
		return err_plain(err, -EINVAL, "the journal names no interface");
	held_fd = give_back && give_back->boolean ? hold_open(run->state_fd) : -ENOENT;
	if (held_fd < 0)
		return 0; /* never taken, given back, or not to be */
	ours_fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (ours_fd < 0)
		return err_set(err, -errno, "open our network namespace");
	r = rtnl_open_in(held_fd, &sock, err);
	if (r < 0)
		return r;
	if (find_inside(sock, record, run, &link) < 0)
		return 0;
	r = move(sock, link, ours_fd, host, err);
	if (r == -EEXIST) /* somebody took its name meanwhile: the kernel finds another */
		r = move(sock, link, ours_fd, "dev%d", err);
	return r;
}

int device_observe(const struct step *step, struct run *run, struct observation *seen,
		   struct err *err)
{
	const char *name = container_of(step, struct device_step, step)->name;
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	cleanup_(link_put) struct rtnl_link *link = NULL;
	int r = rtnl_open_in(run->netns_fd, &sock, err);

	if (r == 0)
		r = link_find(sock, name, &link, err);
	if (r < 0)
		return r;
	if (!link)
		return observe(seen, OBSERVED_DIFFERS, "%s is not there", name);
	return observe(seen, OBSERVED_HOLDS, "%s is %s, mtu %u", name,
		       rtnl_link_get_flags(link) & IFF_UP ? "up" : "down", rtnl_link_get_mtu(link));
}
