#include "lib/err.h"
#include "lib/json.h"
#include "lib/run.h"
#include "lib/text.h"
#include "net/link.h"
#include "net/rtnl.h"
#include "net/upper.h"

#include <netlink/route/link/ipvlan.h>
#include <netlink/route/link/macvlan.h>
#include <netlink/route/link/vlan.h>
#include <string.h>

/* What each type has beside what all have. Return of fill: 0 or a negative errno. */
static int fill_macvlan(struct rtnl_link *link, const struct upper_step *upper)
{
	const int mode = rtnl_link_macvlan_str2mode(upper->mode ? upper->mode : "private");

	return mode < 0 ? -EINVAL : rtnl_errno(rtnl_link_macvlan_set_mode(link, (uint32_t)mode));
}

static int fill_ipvlan(struct rtnl_link *link, const struct upper_step *upper)
{
	const int mode = rtnl_link_ipvlan_str2mode(upper->mode ? upper->mode : "l3");

	return mode < 0 ? -EINVAL : rtnl_errno(rtnl_link_ipvlan_set_mode(link, (uint16_t)mode));
}

static int fill_vlan(struct rtnl_link *link, const struct upper_step *upper)
{
	return rtnl_errno(rtnl_link_vlan_set_id(link, (uint16_t)upper->vlan));
}

static const struct upper_type {
	const char *name;
	struct rtnl_link *(*alloc)(void);
	int (*fill)(struct rtnl_link *link, const struct upper_step *upper);
} types[] = {
	{"macvlan", rtnl_link_macvlan_alloc, fill_macvlan},
	{"ipvlan", rtnl_link_ipvlan_alloc, fill_ipvlan},
	{"vlan", rtnl_link_vlan_alloc, fill_vlan},
};

static const struct upper_step *upper_of(const struct step *step)
{
	return container_of(step, struct upper_step, step);
}

static void upper_describe(const struct step *step, struct text *text)
{
	const struct upper_step *upper = upper_of(step);

	text_addf(text, "%s, a %s on %s", upper->name, upper->type, upper->lower);
	if (upper->mode)
		text_addf(text, ", mode %s", upper->mode);
	if (upper->vlan)
		text_addf(text, ", VLAN %u", upper->vlan);
}

static void upper_write(const struct step *step, struct json_out *out)
{
	const struct upper_step *upper = upper_of(step);
	char hwaddr[HWADDR_TEXT];

	json_out_string(out, "name", upper->name);
	json_out_string(out, "type", upper->type);
	json_out_string(out, "lower", upper->lower);
	if (upper->mode)
		json_out_string(out, "mode", upper->mode);
	if (upper->vlan)
		json_out_u64(out, "vlan", upper->vlan);
	if (upper->has_hwaddr)
		json_out_string(out, "hwaddr", hwaddr_text(upper->hwaddr, hwaddr));
	json_out_u64(out, "mtu", upper->mtu);
}

static const struct upper_type *find_type(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strcmp(types[i].name, name) == 0)
			return &types[i];
	return NULL;
}

static int fill(struct rtnl_link *link, const struct upper_type *type,
		const struct upper_step *upper, pid_t pid, struct err *err)
{
	const unsigned int lower = if_nametoindex(upper->lower);
	int r = link ? type->fill(link, upper) : -ENOMEM;

	if (lower == 0)
		return err_plain(err, -ENODEV, "the host has no interface %s", upper->lower);
	if (r < 0)
		return err_set(err, r, "describe it");
	if (upper->has_hwaddr)
		r = link_fill(link, upper->name, upper->hwaddr, upper->mtu);
	else
		rtnl_link_set_name(link, upper->name);
	if (r < 0)
		return err_set(err, r, "describe it");
	if (upper->mtu)
		rtnl_link_set_mtu(link, upper->mtu);
	rtnl_link_set_link(link, (int)lower);
	rtnl_link_set_ns_pid(link, pid);
	return 0;
}

static int upper_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct upper_step *upper = upper_of(step);
	const struct upper_type *type = find_type(upper->type); /* the plan has checked it */
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	cleanup_(link_put) struct rtnl_link *link = type->alloc();
	int r = fill(link, type, upper, run->pid, err);

	if (r == 0)
		r = rtnl_open(&sock, err);
	if (r < 0)
		return r;
	r = rtnl_errno(rtnl_link_add(sock, link, NLM_F_CREATE | NLM_F_EXCL));
	if (r == 0)
		return 0;
	err_set(err, r, "make it");
	if (r == -EPERM)
		err_hint(err, "it needs CAP_NET_ADMIN on the host");
	else if (r == -EOPNOTSUPP)
		err_hint(err, "this kernel lacks %s, or %s takes none", upper->type, upper->lower);
	else if (r == -EBUSY)
		err_hint(err, "%s is a port of a bridge or has another such interface",
			 upper->lower);
	else if (r == -EEXIST)
		err_hint(err, "there is a %s in the container, or this VLAN of %s", upper->name,
			 upper->lower);
	return r;
}

static int upper_observe(const struct step *step, struct run *run, struct observation *seen,
			 struct err *err)
{
	const struct upper_step *upper = upper_of(step);
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	cleanup_(link_put) struct rtnl_link *link = NULL;
	int r = rtnl_open_in(run->netns_fd, &sock, err);

	if (r == 0)
		r = link_find(sock, upper->name, &link, err);
	if (r < 0)
		return r;
	if (!link)
		return observe(seen, OBSERVED_DIFFERS, "%s is not there", upper->name);
	if (!link_has_type(link, upper->type))
		return observe(seen, OBSERVED_DIFFERS, "%s is another link", upper->name);
	return observe(seen, OBSERVED_HOLDS, "%s is %s, mtu %u", upper->name,
		       rtnl_link_get_flags(link) & IFF_UP ? "up" : "down", rtnl_link_get_mtu(link));
}

const struct step_kind upper_kind = {
	.name = "net.upper",
	.describe = upper_describe,
	.write = upper_write,
	.apply = upper_apply,
	.observe = upper_observe,
};
