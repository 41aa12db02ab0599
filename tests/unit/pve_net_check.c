#include "lib/arena.h"
#include "lib/err.h"
#include "lib/own.h"
#include "pve/conf/net_check.h"
#include "pve/conf/property.h"

#include <criterion/criterion.h>

Test(net_check, options)
{
	static const struct {
		const char *options, *why; /* "": nothing is wrong */
	} rows[] = {
		{"ip=10.0.0.2/24,gw=10.0.0.1,ip6=fd00::2/64,gw6=fe80::1,host-managed=1", ""},
		{"ip=240.0.0.1/8,gw=192.0.2.1,trunks=1;4094", ""},
		{"ip=dhcp,ip6=auto", ""},
		{"ip=manual,ip6=manual,host-managed=1,gw6=FE80::1", ""},
		{"ip6=manual,host-managed=1,gw6=fe90::1", ""},
		{"ip=0.0.0.0/8", "ip: 0.0.0.0/8 is no host's"},
		{"ip=224.0.0.1/24", "ip: 224.0.0.1/24 is a group's"},
		{"ip=255.255.255.255/32", "ip: 255.255.255.255/32 is everybody's"},
		{"ip6=::/64", "ip6: ::/64 is no host's"},
		{"ip6=ff02::5/64", "ip6: ff02::5/64 is a group's"},
		{"ip=10.0.0.2/24,gw=0.0.0.0", "gw: 0.0.0.0 is no host's"},
		{"ip=10.0.0.2/24,gw=10.0.0.2", "gw: 10.0.0.2 is the container's own"},
		{"ip6=fd00::2/64,gw6=fd00:0:0::2", "gw6: fd00:0:0::2 is the container's own"},
		{"ip=dhcp,gw=10.0.0.1,host-managed=1", "gw 10.0.0.1 needs a static ip"},
		{"gw6=fd00::1,host-managed=1", "gw6 fd00::1 needs a static ip6"},
		{"ip6=auto,host-managed=1", "ip6=auto and host-managed=1 exclude each other"},
		{"ip6=auto,host-managed=1,link_down=1",
		 "ip6=auto and host-managed=1 exclude each other"},
		{"hwaddr=00:00:00:00:00:00", "hwaddr: 00:00:00:00:00:00 is nobody's"},
		{"trunks=5;4095", "trunks: there is no VLAN 4095: 1 to 4094"},
		{"trunks=99999999999999999999",
		 "trunks: there is no VLAN 99999999999999999999: 1 to 4094"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		struct pve_net net = {};
		struct err err = {};
		const char *text = arena_printf(&arena, "name=eth0,%s", rows[i].options);

		cr_assert_eq(property_read(&arena, pve_net_properties, text, &net, &err), 0,
			     "%s: %s", text, err.what);
		cr_expect_eq(net_check(&net, &err), *rows[i].why ? -EINVAL : 0, "%s", text);
		cr_expect_str_eq(err.what, rows[i].why, "%s", text);
		cr_expect(!*rows[i].why || *err.hint, "%s: what to write instead", text);
	}
}

Test(net_check, names)
{
	static const struct {
		const char *name, *why;
	} rows[] = {
		{"eth0", ""},
		{"a-name-of-15-ch", ""},
		{"a-name-of-16-chr",
		 "the interface name a-name-of-16-chr is longer than 15 characters"},
		{"lo", "name: each container has a lo already"},
		{"..", "name: '..' is no name for an interface"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct pve_net net = {.name = rows[i].name};
		struct err err = {};

		(void)net_check(&net, &err);
		cr_expect_str_eq(err.what, rows[i].why, "%s", rows[i].name);
	}
}
