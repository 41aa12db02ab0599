#include "pve/lxc/raw_keys.h"

#include <criterion/criterion.h>

Test(raw_keys, verdicts)
{
	static const struct {
		const char *key;
		enum raw_verdict verdict;
		const char *why;
	} rows[] = {
		{"lxc.cap.drop", RAW_FINE},
		{"lxc.cap", RAW_UNKNOWN},
		{"lxc.cap.drop.x", RAW_UNKNOWN},
		{"lxc.cgroup2.memory.high", RAW_FINE},
		{"lxc.cgroup2.", RAW_UNKNOWN},
		{"lxc.cgroup2", RAW_UNKNOWN},
		{"lxc.net.0.type", RAW_FINE},
		{"lxc.sysctl.kernel.sem", RAW_FINE},
		{"lxc.sysctl.net.ipv4.ip_forward", RAW_UNKNOWN},
		{"lxc.devtty.dir", RAW_FINE},
		{"lxc.tty.dir", RAW_UNKNOWN},
		{"lxc.namespace.keep", RAW_UNKNOWN},
		{"lxc.rootfs.path", RAW_REFUSED, "auto generated from rootfs"},
		{"lxc.limit.nofile", RAW_DEPRECATED, "was renamed to lxc.prlimit.*"},
		{"lxc.cgroup.dir.monitor", RAW_DEPRECATED,
		 "is deprecated, this will be a hard error in the future!"},
		{"lxc.id_map", RAW_DEPRECATED, "is deprecated and was renamed to lxc.idmap"},
		{"lxc.network.ipv4", RAW_DEPRECATED,
		 "is deprecated and was renamed to lxc.net.INDEX.ipv4.address"},
		{"lxc.network.foo", RAW_UNKNOWN},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *why = NULL;

		cr_expect_eq(raw_key_check(rows[i].key, &why), rows[i].verdict, "%s", rows[i].key);
		cr_expect_str_eq(why ?: "", rows[i].why ?: "", "%s", rows[i].key);
	}
}
