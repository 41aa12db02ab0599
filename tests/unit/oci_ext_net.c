#include "oci/ext.h"

#include "lib/err.h"
#include "oci/annotations.h"

#include <criterion/criterion.h>

static int read_net(struct arena *arena, const char *text, struct oci_net_list *list,
		    struct err *err)
{
	struct oci_pair pair = {.name = ANNOTATION_NET, .value = text};
	const struct oci_spec spec = {.annotations = {.count = 1, .items = &pair}};

	return oci_net_read(arena, &spec, list, err);
}

Test(ext_net, each_member)
{
	static const char text[] =
		"[{\"name\":\"eth0\",\"host\":\"veth100i0\",\"bridge\":\"vmbr0\","
		"\"vlan_aware\":true,\"tag\":20,\"trunks\":[30,40],\"firewall\":{\"bridge\":"
		"\"fwbr100i0\",\"inner\":\"fwln100i0\",\"outer\":\"fwpr100p0\"},\"rate\":1048576,"
		"\"hwaddr\":\"BC:24:11:00:00:01\",\"mtu\":1500,\"host_mtu\":9000,"
		"\"addresses\":[\"10.0.0.2/24\",\"fd00::2/64\"],\"gateways\":[\"10.0.0.1\"],"
		"\"link_down\":true,\"up\":true,\"origin\":\"net0: in 100.conf, line 9\"}]";
	cleanup_(arena_free) struct arena arena = {};
	cleanup_free char *written = NULL;
	struct oci_net_list list;
	const struct oci_net *net;
	struct err err = {};

	cr_assert_eq(read_net(&arena, text, &list, &err), 0, "%s", err.what);
	cr_assert_eq(list.count, 1);
	net = list.items;
	cr_expect_str_eq(net->name, "eth0");
	cr_expect_str_eq(net->host, "veth100i0");
	cr_expect_str_eq(net->bridge, "vmbr0");
	cr_expect(net->vlan_aware && !net->ovs && net->link_down && net->up && !net->dhcp);
	cr_expect(net->tag == 20 && net->mtu == 1500 && net->host_mtu == 9000);
	cr_assert_eq(net->trunks.count, 2);
	cr_expect_eq(net->trunks.items[1], 40);
	cr_expect_str_eq(net->firewall->outer, "fwpr100p0");
	cr_expect_eq(net->rate, 1048576);
	cr_expect_str_eq(net->hwaddr, "BC:24:11:00:00:01");
	cr_assert_eq(net->addresses.count, 2);
	cr_expect_str_eq(net->addresses.items[1], "fd00::2/64");
	cr_expect_str_eq(net->gateways.items[0], "10.0.0.1");
	cr_expect_str_eq(net->origin, "net0: in 100.conf, line 9");
	written = oci_net_write(&list);
	cr_expect_str_eq(written, text);
}

/* A router has the same one on each of its links. */
Test(ext_net, addresses_of_links)
{
	static const char text[] =
		"[{\"name\":\"a\",\"host\":\"v0\",\"addresses\":[\"fe80::1/64\"]},"
		"{\"name\":\"b\",\"host\":\"v1\",\"addresses\":[\"fe80::1/64\"]}]";
	cleanup_(arena_free) struct arena arena = {};
	struct oci_net_list list;
	struct err err = {};

	cr_expect_eq(read_net(&arena, text, &list, &err), 0, "%s", err.what);
	cr_expect(oci_address_is_of_link("febf::1/10"));
	cr_expect_not(oci_address_is_of_link("fec0::1/10"));
	cr_expect_not(oci_address_is_of_link("dhcp"));
}

Test(ext_net, none)
{
	cleanup_(arena_free) struct arena arena = {};
	const struct oci_spec spec = {};
	struct oci_net_list list = {.count = 7};

	cr_expect_eq(oci_net_read(&arena, &spec, &list, NULL), 0);
	cr_expect_eq(list.count, 0);
}

#define ITEM(more) "[{\"name\": \"eth0\", \"host\": \"v0\"" more "}]"

Test(ext_net, wrong_ones)
{
	static const struct {
		const char *text, *line;
	} rows[] = {
		{"{}", "org.pctrun.net: is an object, an array is needed"},
		{"[1]", "org.pctrun.net[0]: is a number, an object is needed"},
		{"[{}]", "org.pctrun.net[0]: name: is missing"},
		{"[{\"name\": \"a/b\", \"host\": \"v0\"}]",
		 "org.pctrun.net[0]: name: 'a/b' is no name for an interface"},
		{"[{\"name\": \"lo\", \"host\": \"v0\"}]",
		 "org.pctrun.net[0]: name: every container has its own lo"},
		{"[{\"name\": \"eth0\", \"host\": \"..\"}]",
		 "org.pctrun.net[0]: host: '..' is no name for an interface"},
		{"[{\"name\": \"eth0\", \"host\": \"v%d\"}]",
		 "org.pctrun.net[0]: host: 'v%d' is no name for an interface"},
		{ITEM(", \"bridge\": \"sixteen-letters-\""),
		 "org.pctrun.net[0]: bridge: 'sixteen-letters-' is no name for an interface"},
		{ITEM(", \"hwaddr\": \"BC:24:11\""),
		 "org.pctrun.net[0]: hwaddr: 'BC:24:11' is not like BC:24:11:00:00:01"},
		{ITEM(", \"hwaddr\": \"01:24:11:00:00:01\""),
		 "org.pctrun.net[0]: hwaddr: 01:24:11:00:00:01 is a group's address"},
		{ITEM(", \"mtu\": 67"), "org.pctrun.net[0]: mtu: 67 is not within 68 to 65535"},
		{ITEM(", \"addresses\": [\"10.0.0.2/24\", \"10.0.0.2/33\"]"),
		 "org.pctrun.net[0]: addresses[1]: '10.0.0.2/33' is not like 10.0.0.2/24 or "
		 "fd00::2/64"},
		{ITEM(", \"addresses\": [\"10.0.0.2\"]"),
		 "org.pctrun.net[0]: addresses[0]: '10.0.0.2' is not like 10.0.0.2/24 or "
		 "fd00::2/64"},
		{ITEM(", \"gateways\": [\"10.0.0.1/8\"]"),
		 "org.pctrun.net[0]: gateways[0]: '10.0.0.1/8' is no address"},
		{"[{\"name\": \"a\", \"host\": \"v0\"}, {\"name\": \"b\", \"host\": \"v0\"}]",
		 "org.pctrun.net[1]: host: v0 is [0]'s, too"},
		{"[{\"name\": \"a\", \"host\": \"v0\"}, {\"name\": \"a\", \"host\": \"v1\", "
		 "\"origin\": \"net1: in 100.conf, line 9\"}]",
		 "org.pctrun.net[1]: name: a is [0]'s, too (from net1: in 100.conf, line 9)"},
		{ITEM(", \"hwaddr\": \"00:00:00:00:00:00\""),
		 "org.pctrun.net[0]: hwaddr: 00:00:00:00:00:00 is no interface's"},
		{ITEM(", \"rate\": 4095"), "org.pctrun.net[0]: rate: 4095 bytes a second are less "
					   "than 4096, which can't be held"},
		{ITEM(", \"addresses\": [\"239.1.2.3/8\"]"),
		 "org.pctrun.net[0]: addresses[0]: '239.1.2.3/8' is a group's"},
		{ITEM(", \"addresses\": [\"0.1.2.3/8\"]"),
		 "org.pctrun.net[0]: addresses[0]: '0.1.2.3/8' is no host's"},
		{ITEM(", \"addresses\": [\"ff02::1/64\"]"),
		 "org.pctrun.net[0]: addresses[0]: 'ff02::1/64' is a group's"},
		{ITEM(", \"addresses\": [\"::1/128\"]"),
		 "org.pctrun.net[0]: addresses[0]: '::1/128' is lo's own"},
		{ITEM(", \"mtu\": 1279, \"addresses\": [\"10.0.0.2/8\", \"fd00::2/64\"]"),
		 "org.pctrun.net[0]: addresses[1]: 'fd00::2/64' needs an mtu of 1280, and it is "
		 "1279"},
		{ITEM(", \"addresses\": [\"fd00::2/64\"], \"gateways\": [\"fd00:0::2\"]"),
		 "org.pctrun.net[0]: gateways[0]: 'fd00:0::2' is the interface's own address"},
		{ITEM(", \"gateways\": [\"255.255.255.255\"]"),
		 "org.pctrun.net[0]: gateways[0]: '255.255.255.255' is everybody's"},
		{"[{\"name\": \"a\", \"host\": \"v0\", \"addresses\": [\"10.0.0.2/24\"]}, "
		 "{\"name\": \"b\", "
		 "\"host\": \"v1\", \"addresses\": [\"10.0.0.2/8\"]}]",
		 "org.pctrun.net[1]: addresses: 10.0.0.2/8 is [0]'s, too"},
		{"[{\"name\": \"a\", \"host\": \"v0\", \"bridge\": \"b0\", \"hwaddr\": "
		 "\"bc:24:11:00:00:01\"}, "
		 "{\"name\": \"b\", \"host\": \"v1\", \"bridge\": \"b0\", \"hwaddr\": "
		 "\"BC:24:11:00:00:01\"}]",
		 "org.pctrun.net[1]: hwaddr: BC:24:11:00:00:01 is [0]'s, too"},
		{ITEM(", \"tag\": 20"),
		 "org.pctrun.net[0]: it needs a bridge for tag, vlan_aware, ovs or firewall"},
		{ITEM(", \"isolated\": true"),
		 "org.pctrun.net[0]: no_learning and isolated are for a port of a Linux bridge"},
		{ITEM(", \"bridge\": \"b0\", \"ovs\": true, \"no_learning\": true"),
		 "org.pctrun.net[0]: no_learning and isolated are for a port of a Linux bridge"},
		{ITEM(", \"bridge\": \"b0\", \"tag\": 4095"),
		 "org.pctrun.net[0]: tag: there is no VLAN 4095: 1 to 4094"},
		{ITEM(", \"bridge\": \"b0\", \"vlan_aware\": true, \"trunks\": [1, 0]"),
		 "org.pctrun.net[0]: trunks: there is no VLAN 0: 1 to 4094"},
		{ITEM(", \"bridge\": \"b0\", \"trunks\": [1]"),
		 "org.pctrun.net[0]: trunks: they need a bridge that is VLAN-aware"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		struct oci_net_list list;
		struct err err = {};
		char line[1200];

		cr_expect_eq(read_net(&arena, rows[i].text, &list, &err), -EINVAL, "%s",
			     rows[i].text);
		cr_expect_str_eq(err_text(&err, line, sizeof(line)), rows[i].line, "%s gave '%s'",
				 rows[i].text, line);
	}
}
