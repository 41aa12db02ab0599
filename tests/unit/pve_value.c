#include "pve/conf/value.h"

#include "lib/own.h"
#include "lib/text.h"

#include <criterion/criterion.h>

/* Texts that have the form, then texts that don't; blanks are shown as they are. */
#define FORM(check) #check, check

Test(value, forms)
{
	static const struct {
		const char *name;
		bool (*check)(const char *);
		const char *good[8];
		const char *bad[12];
	} rows[] = {
		{FORM(value_is_digits), {"0", "007"}, {"", "-1", "+1", "1 ", "1.0"}},
		{FORM(value_is_decimal),
		 {"1", "1.5", "00.0"},
		 {"", ".5", "1.", "-1", "1e3", "1.5.2"}},
		{FORM(value_is_number),
		 {"1", ".5", "1.", "-1", "+1e3", "1.5E-2"},
		 {"", ".", "e3", "1e", "1e+", "0x1", "inf", "1 "}},
		{FORM(value_is_integer), {"1", "+5", "-5"}, {"", "+", "--1", "1.0"}},
		{FORM(value_is_dns_name),
		 {"a", "A-1.b2", "0"},
		 {"", "-a", "a-", "a..b", "a.", ".a", "a_b"}},
		{FORM(value_is_dns_names), {"", "a b", "a,b;c"}, {"a -b"}},
		{FORM(value_is_ipv4), {"192.0.2.1"}, {"", "192.0.2", "192.0.2.256", "::1"}},
		{FORM(value_is_ipv6),
		 {"::1", "2001:db8::1"},
		 {"", "fe80::1%eth0", "1.2.3.4", "::1/64"}},
		{FORM(value_is_nameservers),
		 {"", "192.0.2.1 ::1", "fe80::1%vmbr0"},
		 {"host", "fe80::1%", "2001:db8::1%eth0", "fe80::1%a b/"}},
		{FORM(value_is_net_ip),
		 {"dhcp", "manual", "192.0.2.1/24", "192.0.2.1/8"},
		 {"", "auto", "DHCP", "192.0.2.1", "192.0.2.1/7", "192.0.2.1/33", "192.0.2.1/024",
		  "::1/64"}},
		{FORM(value_is_net_ip6),
		 {"auto", "dhcp", "manual", "2001:db8::1/64", "::/8", "::1/128"},
		 {"", "::1", "::1/129", "::1/7", "192.0.2.1/24"}},
		{FORM(value_is_mac),
		 {"BC:24:11:0A:0B:0C", "02:00:00:00:00:00"},
		 {"", "01:00:00:00:00:00", "BC:24:11:0A:0B", "BC:24:11:0A:0B:0G",
		  "BC-24-11-0A-0B-0C"}},
		{FORM(value_is_interface), {"eth0", "a-b_c.1"}, {"", "a b", "a/b"}},
		{FORM(value_is_trunks), {"1", "10;20"}, {"", ";", "1;", ";1", "1-5", "1,2"}},
		{FORM(value_is_safe_path),
		 {"/a", "a/b", "local:x", "/a..b", "./a", ".."},
		 {"/a/../b", "/a/./b", "/a/..", "/a/.", "../a"}},
		{FORM(value_is_device_path),
		 {"/dev/a", "/dev/net/tun"},
		 {"", "/dev/", "dev/a", "/dev/../a", "/dev/a/."}},
		{FORM(value_is_mode), {"0660", "0777"}, {"", "660", "1660", "0680", "00660"}},
		{FORM(value_is_mount_options),
		 {"nodev", "noatime;nodev;discard"},
		 {"", ";", "nodev;", "nodev noexec", "suid", "nodev;;nosuid"}},
		{FORM(value_is_mount_idmap),
		 {"passthrough", "u:0:1000:1", "u:0:1:5;g:0:1:5"},
		 {"", "u:0:1000:0", "b:0:1:1", "u:0:1", "u:0:1:1;", "u:0:1:1:1", "u:0:-1:1",
		  "u::1:1", "u:0:1:00"}},
		{FORM(value_is_fs_types), {"nfs", "nfs;cifs", "ext4 nfs"}, {"", "nfs/", "a-b"}},
		{FORM(value_is_volume_id),
		 {"local:snippets/x", "a1:b"},
		 {"", "a:b", "local:", "1a:b", "a-:b", "/x"}},
		{FORM(value_is_tags), {"", "a", "prod;web", "a+b.c-d_e"}, {"-a", "a!"}},
		{FORM(value_is_timezone),
		 {"host", "UTC", "Europe/Vienna", "Etc/GMT+1"},
		 {"", "../x", "/etc/passwd", "a//b", "a/", "a b"}},
		{FORM(value_is_command),
		 {"/sbin/init", "a\tb", "\xc3\xa4"},
		 {"", "a\n", "a\x7f", "\x01"}},
		{FORM(value_is_variables), {"A=", "A_1=x y"}, {"", "A", "=x", "A-B=x", "A=\n"}},
		{FORM(value_is_snapshot_name),
		 {"s1", "Before_Upgrade-2"},
		 {"", "s", "1s", "a b", "a123456789012345678901234567890123456789x"}},
		{FORM(value_is_id), {"100", "999999999"}, {"", "99", "0100", "1000000000", "10a"}},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		for (size_t n = 0; n < ARRAY_SIZE(rows[i].good) && rows[i].good[n]; n++)
			cr_expect(rows[i].check(rows[i].good[n]), "%s: %s", rows[i].name,
				  rows[i].good[n]);
		for (size_t n = 0; n < ARRAY_SIZE(rows[i].bad) && rows[i].bad[n]; n++)
			cr_expect_not(rows[i].check(rows[i].bad[n]), "%s: %s", rows[i].name,
				      rows[i].bad[n]);
	}
}

Test(value, sizes)
{
	static const struct {
		const char *text;
		int r;
		uint64_t bytes;
		const char *printed;
	} rows[] = {
		{"0", 0, 0, "0T"},
		{"512", 0, 512, "512"},
		{"1024", 0, 1024, "1K"},
		{"8G", 0, 8ULL << 30, "8G"},
		{"8GiB", 0, 8ULL << 30, "8G"},
		{"4608M", 0, 4608ULL << 20, "4608M"},
		{"1.5T", 0, 1536ULL << 30, "1536G"},
		{"0.0001K", 0, 0, "0T"},
		{"8000001T", 0, 8000001ULL << 40, "8000001T"},
		{"99999999999T", -ERANGE},
		{"4GB", -EINVAL},
		{"4g", -EINVAL},
		{"4iB", -EINVAL},
		{"1.", -EINVAL},
		{".5G", -EINVAL},
		{"-1", -EINVAL},
		{"", -EINVAL},
		{"1 G", -EINVAL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint64_t bytes = 0;
		char printed[24];
		int r = value_size(rows[i].text, &bytes);

		cr_expect_eq(r, rows[i].r, "%s: %d", rows[i].text, r);
		cr_expect_eq(bytes, rows[i].bytes, "%s: %lu", rows[i].text, bytes);
		if (r == 0)
			cr_expect_str_eq(value_size_print(bytes, printed), rows[i].printed, "%s",
					 rows[i].text);
	}
}

Test(value, booleans)
{
	static const struct {
		const char *text;
		int value;
	} rows[] = {{"1", 1},      {"on", 1},      {"YES", 1},     {"True", 1},
		    {"0", 0},      {"off", 0},     {"No", 0},      {"false", 0},
		    {"", -EINVAL}, {"2", -EINVAL}, {"1 ", -EINVAL}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		cr_expect_eq(value_bool(rows[i].text), rows[i].value, "%s", rows[i].text);
}

Test(value, lists)
{
	cleanup_(text_free) struct text out = {};
	const char *rest = " ,a b;;c,\t";
	const char *item;
	size_t length;

	while ((item = value_next(&rest, &length))) {
		text_addn(&out, item, length);
		text_addc(&out, '|');
	}
	cr_assert_str_eq(text_str(&out), "a|b|c|");
}
