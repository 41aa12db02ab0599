#include "lib/arena.h"
#include "lib/own.h"
#include "pve/facts/bridge_options.h"

#include <criterion/criterion.h>

#define VMBR0 "auto vmbr0\niface vmbr0 inet static\n\taddress 10.0.0.1/24\n"
#define OFF   "\tbridge-disable-mac-learning 1\n"

static const struct {
	const char *text;
	bool no_learning;
} interfaces[] = {
	{"", false},
	{VMBR0, false},
	{VMBR0 OFF, true},
	{VMBR0 "bridge-disable-mac-learning  yes", true},
	{VMBR0 "\tbridge-disable-mac-learning 0\n", false},
	{VMBR0 "#" OFF, false},
	{VMBR0 "iface vmbr1 inet manual\n" OFF, false},
	{"iface vmbr1 inet manual\n" OFF VMBR0, false},
	{OFF VMBR0, false},
	{VMBR0 "iface vmbr0 inet6 auto\n" OFF, true},
};

Test(bridge_options, interfaces)
{
	for (size_t i = 0; i < ARRAY_SIZE(interfaces); i++) {
		struct bridge_options options = {};

		bridge_options_of_interfaces(interfaces[i].text, "vmbr0", &options);
		cr_expect_eq(options.no_learning, interfaces[i].no_learning, "%s",
			     interfaces[i].text);
	}
}

#define SDN(vnet, zone)                                                                            \
	"{\"vnets\":{\"ids\":{\"vnet1\":{\"zone\":\"z1\"" vnet "}}},"                              \
	"\"zones\":{\"ids\":{\"z1\":{\"type\":\"simple\"" zone "}}}}"

static const struct {
	const char *text;
	bool no_learning, isolated;
} networks[] = {
	{"", false, false},
	{"{\"vnets\":[]}", false, false},
	{SDN("", ""), false, false},
	{SDN(",\"isolate-ports\":1", ""), false, true},
	{SDN(",\"isolate-ports\":\"1\"", ",\"bridge-disable-mac-learning\":true"), true, true},
	{SDN(",\"isolate-ports\":0", ",\"bridge-disable-mac-learning\":1"), true, false},
	{"{\"vnets\":{\"ids\":{\"vnet2\":{\"isolate-ports\":1}}}}", false, false},
	{"{\"vnets\":{\"ids\":{\"vnet1\":{\"isolate-ports\":1}}}}", false, true},
};

Test(bridge_options, sdn)
{
	for (size_t i = 0; i < ARRAY_SIZE(networks); i++) {
		cleanup_(arena_free) struct arena arena = {};
		struct bridge_options options = {};

		bridge_options_of_sdn(&arena, networks[i].text, "vnet1", &options);
		cr_expect_eq(options.no_learning, networks[i].no_learning, "%s", networks[i].text);
		cr_expect_eq(options.isolated, networks[i].isolated, "%s", networks[i].text);
	}
}
