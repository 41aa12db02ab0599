#include "lib/err.h"
#include "lib/text.h"
#include "oci/ext.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <net/if.h>
#include <string.h>

enum { MTU_MIN = 68, MTU_MAX = 65535 }; /* RFC 791; dev_validate_mtu() of the kernel's veth */

/* As dev_valid_name() of the kernel has it; '%' would make it choose a number. */
int oci_ifname_check(const char *member, const char *name, struct err *err)
{
	size_t length = strlen(name);
	bool good = length > 0 && length < IFNAMSIZ && strcmp(name, ".") != 0 &&
		    strcmp(name, "..") != 0;

	for (const char *at = name; good && *at; at++)
		good = isgraph((unsigned char)*at) && !strchr("/:%", *at);
	return good ? 0
		    : err_plain(err, -EINVAL, "%s: '%s' is no name for an interface", member, name);
}

int oci_hwaddr_check(const char *text, struct err *err)
{
	size_t length = strlen(text);
	bool good = length == strlen("00:00:00:00:00:00");

	for (size_t i = 0; good && i < length; i++)
		good = i % 3 == 2 ? text[i] == ':' : isxdigit((unsigned char)text[i]) != 0;
	if (!good)
		return err_plain(err, -EINVAL, "hwaddr: '%s' is not like BC:24:11:00:00:01", text);
	if (strspn(text, "0:") == length)
		return err_plain(err, -EINVAL, "hwaddr: %s is no interface's", text);
	if (strchr("13579bdfBDF", text[1]))
		return err_plain(err, -EINVAL, "hwaddr: %s is a group's address", text);
	return 0;
}

unsigned int oci_address_bits(const char *text)
{
	unsigned char address[sizeof(struct in6_addr)];

	if (inet_pton(AF_INET, text, address) == 1)
		return 32;
	return inet_pton(AF_INET6, text, address) == 1 ? 128 : 0;
}

static int check_mtu(const char *member, uint32_t mtu, struct err *err)
{
	if (mtu == 0 || (mtu >= MTU_MIN && mtu <= MTU_MAX))
		return 0;
	return err_plain(err, -EINVAL, "%s: %u is not within %d to %d", member, mtu, MTU_MIN,
			 MTU_MAX);
}

static int check_rate(uint64_t rate, struct err *err)
{
	if (rate == 0 || rate >= OCI_RATE_MIN)
		return 0;
	return err_plain(err, -EINVAL,
			 "rate: %lu bytes a second are less than %d, which can't be held", rate,
			 OCI_RATE_MIN);
}

static int check_vlan(const char *member, uint32_t vlan, struct err *err)
{
	enum { FIRST = 1, LAST = 4094 };

	return vlan >= FIRST && vlan <= LAST
		       ? 0
		       : err_plain(err, -EINVAL, "%s: there is no VLAN %u: 1 to 4094", member,
				   vlan);
}

static int check_firewall(const struct oci_net_firewall *firewall, struct err *err)
{
	int r = oci_ifname_check("firewall.bridge", firewall->bridge, err);

	if (r == 0)
		r = oci_ifname_check("firewall.inner", firewall->inner, err);
	return r < 0 ? r : oci_ifname_check("firewall.outer", firewall->outer, err);
}

static int check_port(const struct oci_net *net, struct err *err)
{
	int r = net->tag ? check_vlan("tag", net->tag, err) : 0;

	for (size_t i = 0; r == 0 && i < net->trunks.count; i++)
		r = check_vlan("trunks", net->trunks.items[i], err);
	if (r == 0 && net->trunks.count && !net->vlan_aware && !net->ovs)
		r = err_plain(err, -EINVAL, "trunks: they need a bridge that is VLAN-aware");
	if (r == 0 && (net->tag || net->vlan_aware || net->ovs || net->firewall) && !net->bridge)
		r = err_plain(err, -EINVAL,
			      "it needs a bridge for tag, vlan_aware, ovs or firewall");
	if (r == 0 && (net->no_learning || net->isolated) && (!net->bridge || net->ovs))
		r = err_plain(err, -EINVAL,
			      "no_learning and isolated are for a port of a Linux bridge");
	return r;
}

static int need(const char *member, const char *value, const struct oci_net *net, struct err *err)
{
	return value ? oci_ifname_check(member, value, err)
		     : err_plain(err, -EINVAL, "%s: is missing for the %s %s", member,
				 net->type ?: "veth", net->name);
}

static int check_veth(const struct oci_net *net, struct err *err)
{
	return need("host", net->host, net, err);
}

static int check_mode(const struct oci_net *net, const char *const *modes, struct err *err)
{
	cleanup_(text_free) struct text words = {};

	for (size_t i = 0; modes[i]; i++) {
		if (!net->mode || strcmp(modes[i], net->mode) == 0)
			return need("lower", net->lower, net, err);
		text_addf(&words, "%s%s", i ? ", " : "", modes[i]);
	}
	return err_plain(err, -EINVAL, "mode: '%s' is none of %s: %s", net->mode, net->type,
			 text_str(&words));
}

static int check_macvlan(const struct oci_net *net, struct err *err)
{
	static const char *const modes[] = {"private", "vepa", "bridge", "passthru", NULL};

	return check_mode(net, modes, err);
}

static int check_ipvlan(const struct oci_net *net, struct err *err)
{
	static const char *const modes[] = {"l2", "l3", "l3s", NULL};

	if (net->hwaddr)
		return err_plain(err, -EINVAL, "hwaddr: an ipvlan has that of %s",
				 net->lower ?: "its lower interface");
	return check_mode(net, modes, err);
}

static int check_vlan_device(const struct oci_net *net, struct err *err)
{
	int r = need("lower", net->lower, net, err);

	return r < 0 ? r : check_vlan("vlan", net->vlan, err);
}

/* One of linux.netDevices: only its addresses are asked for here. */
static int check_phys(const struct oci_net *net, struct err *err)
{
	return 0;
}

static const struct {
	const char *name;
	int (*check)(const struct oci_net *net, struct err *err);
} types[] = {
	{"veth", check_veth},        {"macvlan", check_macvlan}, {"ipvlan", check_ipvlan},
	{"vlan", check_vlan_device}, {"phys", check_phys},
};

static int check_type(const struct oci_net *net, struct err *err)
{
	const char *type = net->type ?: "veth";

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strcmp(types[i].name, type) == 0)
			return types[i].check(net, err);
	return err_plain(err, -EINVAL, "type: '%s' is none of veth, macvlan, ipvlan, vlan, phys",
			 type);
}

int oci_net_check(const struct oci_net *net, struct err *err)
{
	int r;

	r = oci_ifname_check("name", net->name, err);
	if (r == 0 && strcmp(net->name, "lo") == 0)
		r = err_plain(err, -EINVAL, "name: every container has its own lo");
	if (r == 0)
		r = check_type(net, err);
	if (r == 0 && net->bridge)
		r = oci_ifname_check("bridge", net->bridge, err);
	if (r == 0)
		r = check_port(net, err);
	if (r == 0 && net->firewall)
		r = check_firewall(net->firewall, err);
	if (r == 0 && net->hwaddr)
		r = oci_hwaddr_check(net->hwaddr, err);
	if (r == 0)
		r = check_mtu("mtu", net->mtu, err);
	if (r == 0)
		r = check_mtu("host_mtu", net->host_mtu, err);
	if (r == 0)
		r = check_rate(net->rate, err);
	return r < 0 ? r : oci_net_addresses_check(net, err);
}
