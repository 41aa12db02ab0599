#include "lib/err.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "net/hwaddr.h"
#include "net/net.h"
#include "net/vlans.h"
#include "oci/annotations.h"
#include "oci/spec.h"

#include <criterion/criterion.h>
#include <string.h>

#define ETH0     "{\"name\":\"eth0\",\"host\":\"veth9i0\",\"hwaddr\":\"BC:24:11:00:00:01\","
#define VETH     "net.veth eth0 (bc:24:11:00:00:01), on the host veth9i0"
#define FIREWALL "\"firewall\":{\"bridge\":\"fwbr9i0\",\"inner\":\"fwln9i0\",\"outer\":\"fwpr9p0\"}"

/* An interface as the annotation has it, and what is planned for it on the host's side. */
static const struct {
	const char *net, *steps;
} rows[] = {
	{ETH0 "\"bridge\":\"br0\"}", VETH " in bridge br0\n"},
	{ETH0 "\"bridge\":\"br0\",\"link_down\":true,\"tag\":20," FIREWALL "}",
	 VETH ", link down\n"},
	{ETH0 "\"bridge\":\"br0\",\"vlan_aware\":true,\"tag\":20,\"trunks\":[30,40]}",
	 VETH " in bridge br0, VLAN 20, trunks 30;40\n"},
	{ETH0 "\"bridge\":\"br0\",\"no_learning\":true,\"isolated\":true}",
	 VETH " in bridge br0, no learning, isolated\n"},
	{ETH0 "\"bridge\":\"br0\",\"tag\":20}", VETH " in bridge br0v20, VLAN 20 of br0\n"},
	{ETH0 "\"bridge\":\"br0\",\"tag\":20,\"rate\":1048576," FIREWALL "}",
	 "net.firewall_bridge eth0: fwbr9i0, by fwln9i0 and fwpr9p0 in bridge br0v20, VLAN 20 of "
	 "br0\n" VETH " in bridge fwbr9i0\n"
	 "net.rate eth0 (veth9i0): 1048576 bytes/s, both ways\n"},
	{ETH0 "\"bridge\":\"br0\",\"ovs\":true,\"tag\":20,\"trunks\":[30]}",
	 VETH "\nnet.ovs eth0 (veth9i0), by Open vSwitch in bridge br0, VLAN 20, trunks 30\n"},
	{ETH0 "\"bridge\":\"br0\",\"ovs\":true,\"link_down\":true,\"tag\":20}",
	 VETH ", link down\n"},
	{ETH0 "\"bridge\":\"br0\",\"ovs\":true,\"tag\":20," FIREWALL "}",
	 "net.firewall_bridge eth0: fwbr9i0, by fwln9i0 and fwpr9p0\n" VETH " in bridge fwbr9i0\n"
	 "net.ovs eth0 (fwpr9p0), by Open vSwitch in bridge br0, VLAN 20\n"},
	{"{\"name\":\"m0\",\"type\":\"macvlan\",\"lower\":\"eno1\",\"mode\":\"bridge\"}",
	 "net.upper m0, a macvlan on eno1, mode bridge\n"},
	{"{\"name\":\"v7\",\"type\":\"vlan\",\"lower\":\"eno1\",\"vlan\":7}",
	 "net.upper v7, a vlan on eno1, VLAN 7\n"},
	{"{\"name\":\"p0\",\"type\":\"phys\",\"up\":true}", ""},
};

static void add_steps(const struct plan *plan, struct text *text)
{
	step_each (step, plan, STEP_ATTACH) {
		text_addf(text, "%s ", step->kind->name);
		step->kind->describe(step, text);
		text_addc(text, '\n');
	}
}

Test(net_plan, steps)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(plan_free) struct plan plan = {};
		cleanup_(text_free) struct text text = {}, steps = {};
		struct oci_namespace network = {.type = "network"};
		struct oci_pair pair = {.name = ANNOTATION_NET};
		struct oci_spec spec = {.annotations = {.count = 1, .items = &pair}};
		struct err err = {};

		text_addf(&text, "[%s]", rows[i].net);
		pair.value = text_str(&text);
		spec.linux.namespaces.count = 1;
		spec.linux.namespaces.items = &network;
		cr_expect_eq(net_plan(&plan, &spec, &err), 0, "%s: %s", rows[i].net, err.what);
		add_steps(&plan, &steps);
		cr_expect_str_eq(text_str(&steps), rows[i].steps, "%s gave '%s'", rows[i].net,
				 text_str(&steps));
	}
}

/* No two of a container's links have one address, whatever its own is. */
Test(net_hwaddr, derived)
{
	static const uint8_t firsts[] = {0xbc, 0xfe, 0xfa, 0xf6, 0xf2, 0xee, 0x02};

	for (size_t i = 0; i < ARRAY_SIZE(firsts); i++) {
		uint8_t all[HWADDR_BRIDGE + 2][HWADDR_BYTES] = {{firsts[i], 1, 2, 3, 4, 5}};

		for (int of = HWADDR_HOST; of <= HWADDR_BRIDGE; of++)
			hwaddr_derive(all[0], (enum hwaddr_of)of, all[of + 1]);
		for (size_t a = 0; a < ARRAY_SIZE(all); a++)
			for (size_t b = 0; b < a; b++)
				cr_expect(memcmp(all[a], all[b], HWADDR_BYTES) != 0,
					  "%02x: %zu and %zu", firsts[i], a, b);
		for (size_t a = 1; a < ARRAY_SIZE(all); a++)
			cr_expect_eq(all[a][0] & 3, 2, "%02x: %zu is no local one", firsts[i], a);
	}
}

Test(net_vlans, ranges)
{
	struct vlans a = {}, b = {};

	vlans_add(&a, VLAN_FIRST, VLAN_LAST);
	for (uint32_t vlan = VLAN_LAST; vlan >= VLAN_FIRST; vlan--)
		vlans_add(&b, vlan, vlan);
	cr_expect(vlans_same(&a, &b));
	vlans_add(&b, VLAN_LAST + 1, VLAN_LAST + 100); /* there are none */
	cr_expect(vlans_same(&a, &b));
	b.untagged = 20;
	cr_expect(!vlans_same(&a, &b));
}
