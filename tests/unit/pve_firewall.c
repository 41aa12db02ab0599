#include "lib/arena.h"
#include "lib/err.h"
#include "lib/text.h"
#include "pve/firewall/parts.h"

#include <criterion/criterion.h>
#include <string.h>

/* ------------------------------------------------------------------ networks and sets */

static const char *joined(struct arena *arena, const struct oci_strings *list)
{
	cleanup_(text_free) struct text text = {};

	for (size_t i = 0; i < list->count; i++)
		text_addf(&text, "%s%s", i ? " " : "", list->items[i]);
	return arena_strdup(arena, text_str(&text));
}

Test(firewall, sets)
{
	static const struct {
		const char *lines, *want;
	} rows[] = {
		{"10.0.0.1", "10.0.0.1"},
		{"10.0.0.77/8", "10.0.0.0/8"},
		{"10.0.0.0/8\n10.1.0.0/16", "10.0.0.0/8"},
		{"10.0.0.0/30\n!10.0.0.1", "10.0.0.0 10.0.0.2/31"},
		{"!10.0.0.1\n10.0.0.0/30", "10.0.0.0 10.0.0.2/31"},
		{"10.0.0.0/24\n!10.0.0.0/25\n10.0.0.3", "10.0.0.3 10.0.0.128/25"},
		{"10.0.0.0/24\n!10.0.0.0/16", "10.0.0.0/24"},
		{"!10.0.0.0/16", ""},
		{"fd00::/64\n!fd00::/65\n192.0.2.1", "192.0.2.1 fd00::8000:0:0:0/65"},
		{"web", "192.0.2.80"},
		{"", ""},
		{"10.0.0.0/8\n!10.0.0.0/9\n10.0.0.0/10\n!10.0.0.0/11\n10.0.0.0/12",
		 "10.0.0.0/12 10.32.0.0/11 10.128.0.0/9"},
		{"10.0.0.1\n10.0.0.1\n!10.0.0.1\n10.0.0.2", "10.0.0.2"},
		{"fd00::2\n!fd00::3\nfd00::2/127\n255.255.255.255\n128.0.0.0/1\n!128.0.0.0/2",
		 "192.0.0.0/2 fd00::2"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		const char *text = arena_printf(
			&arena, "[ALIASES]\nweb 192.0.2.80\n[IPSET set]\n%s\n", rows[i].lines);
		struct oci_strings got = {};
		struct firewall_files files = {};
		struct err err = {};

		cr_assert_eq(firewall_file_read(&arena, "100.fw", text, &files.guest, &err), 0,
			     "%s", err.what);
		cr_assert_eq(firewall_set_read(&arena, &files,
					       firewall_section(&files.guest, "ipset", "SET"), &got,
					       &err),
			     0, "%s", err.what);
		cr_expect_str_eq(joined(&arena, &got), rows[i].want, "%s", rows[i].lines);
	}
}

/* ------------------------------------------------------------------ frames */

Test(firewall, frames)
{
	static const struct {
		const char *text, *want; /* NULL: it is none */
	} rows[] = {
		{"ARP", "2054"},
		{"arp,IPv6", "2054 34525"},
		{"0x88b5 , LLDP", "34997 35020"},
		{"0x0600", "1536"},
		{"0xFFFF", "65535"},
		{"0x5ff", NULL},
		{"0x10000", NULL},
		{"2054", NULL},
		{"ARP,", NULL},
		{"ARP LLDP", NULL},
		{"", NULL},
		{"AR", NULL},
		{"0x88b5;drop", NULL},
		{"0x", NULL},
		{"0x-800", NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		struct oci_strings got = {};

		cr_expect_eq(firewall_frames(&arena, rows[i].text, &got),
			     rows[i].want ? 0 : -EINVAL, "%s", rows[i].text);
		cr_expect_str_eq(joined(&arena, &got), rows[i].want ?: "", "%s", rows[i].text);
	}
}

/* ------------------------------------------------------------------ rules */

static const struct firewall_net nets[] = {
	{"net0", "veth100i0", "BC:24:11:00:00:01", "10.0.0.2/24", NULL},
	{"net1", "veth100i1", "BC:24:11:00:00:02", NULL, NULL},
};

/* Return: what the lines come to, a rule each, or the error. */
static const char *expand(struct arena *arena, const char *lines)
{
	struct firewall_files files = {.services = "#\nhttp\t80/tcp www # web\ndomain 53/udp\n"};
	struct firewall_options options;
	const struct firewall_request request = {"100", &files, &options, nets, ARRAY_SIZE(nets)};
	cleanup_(text_free) struct text text = {};
	struct oci_firewall firewall;
	struct err err = {};

	if (firewall_file_read(arena, "cluster.fw", "[group all]\nIN ACCEPT -i net0\nOUT DROP\n",
			       &files.cluster, &err) < 0 ||
	    firewall_file_read(arena, "100.fw",
			       arena_printf(arena, "[OPTIONS]\nenable: 1\n[RULES]\n%s\n", lines),
			       &files.guest, &err) < 0 ||
	    firewall_options_read(arena, &files, &options, &err) < 0 ||
	    firewall_expand(arena, &request, &firewall, &err) < 0)
		return arena_printf(arena, "%s (%s)", err.what, err.origin);
	for (size_t i = 0; i < firewall.rules.count; i++) {
		const struct oci_firewall_rule *rule = &firewall.rules.items[i];

		text_addf(&text, "%s%s %s %s", i ? "; " : "", rule->direction, rule->action,
			  rule->protocol ? rule->protocol : "any");
		if (rule->interface)
			text_addf(&text, " %s", rule->interface);
		if (rule->icmp_type)
			text_addf(&text, " type %s", rule->icmp_type);
		if (rule->source_ports.count)
			text_addf(&text, " sport %s", joined(arena, &rule->source_ports));
		if (rule->destination_ports.count)
			text_addf(&text, " dport %s", joined(arena, &rule->destination_ports));
		if (rule->sources.count)
			text_addf(&text, " from %s", joined(arena, &rule->sources));
	}
	return arena_strdup(arena, text_str(&text));
}

Test(firewall, rules)
{
	static const struct {
		const char *lines, *want;
	} rows[] = {
		{"IN ACCEPT", "in accept any"},
		{"in accept # why", "in accept any"},
		{"|IN ACCEPT", ""},
		{"OUT REJECT -p TCP -dport http,www,81:90", "out reject 6 dport 80 80 81-90"},
		{"IN DROP --proto udp --sport domain", "in drop 17 sport 53"},
		{"IN ACCEPT -p 47", "in accept 47"},
		{"IN ACCEPT -p icmp -icmp-type port-unreachable", "in accept 1 type 3/3"},
		{"IN ACCEPT -p ipv6-icmp -dport port-unreachable", "in accept 58 type 1/4"},
		{"IN ACCEPT -p icmp -icmp-type any", "in accept 1"},
		{"IN ACCEPT -source 10.0.0.9,10.0.0.0/24", "in accept any from 10.0.0.0/24"},
		{"IN ACCEPT -source fd00::1-fd00::9", "in accept any from fd00::1-fd00::9"},
		{"IN ACCEPT -i net0", "in accept any veth100i0"},
		{"IN ACCEPT -i net7", ""},
		{"IN ACCEPT -i netx", "'netx' is no interface like net0 (100.fw, line 4)"},
		{"GROUP all", "in accept any veth100i0; out drop any"},
		{"GROUP all -i net0", "in accept any veth100i0; out drop any veth100i0"},
		{"GROUP all -i net1", "out drop any veth100i1"},
		{"GROUP all -source 10.0.0.1", "-source is for the rules in the group: here is -i "
					       "alone (100.fw, line 4)"},
		{"IN ACCEPT ---p tcp", "'---p' is nothing that a rule has (100.fw, line 4)"},
		{"IN ACCEPT -p 006 -dport 080,022:0100", "in accept 6 dport 80 22-100"},
		{"IN ACCEPT -p icmp -icmp-type 03/04", "in accept 1 type 3/4"},
		{"IN ACCEPT -p icmp -icmp-type 3/", "'3/' is no ICMP type of that protocol "
						    "(100.fw, line 4)"},
		{"IN ACCEPT -source 10.0.0.1 -dest fd00::1",
		 "'IN ACCEPT -source 10.0.0.1 -dest fd00::1' is about both IPv4 and IPv6, which no "
		 "packet is (100.fw, line 4)"},
		{"IN ACCEPT -p icmp -dest fd00::1", "'IN ACCEPT -p icmp -dest fd00::1' is about "
						    "both IPv4 and IPv6, which no packet is "
						    "(100.fw, line 4)"},
		{"IN SSH(ACCEPT) -p 6", "in accept 6 dport 22"},
		{"IN SSH(ACCEPT) -p udp", "'SSH' has its own protocol and ports (100.fw, line 4)"},
		{"IN DHCPv6(ACCEPT) -source 10.0.0.1",
		 "'DHCPv6' is not about such addresses (100.fw, line 4)"},
		{"IN Ping(ACCEPT) -source 10.0.0.1 -dest fd00::1",
		 "'IN Ping(ACCEPT) -source 10.0.0.1 -dest fd00::1' is about both IPv4 and IPv6, "
		 "which no packet is (100.fw, line 4)"},
		{"IN DROP -p tcp\n[ALIASES]\n[rules]\nOUT DROP", "in drop 6; out drop any"},
		{"[ ipset aa ]\n[IPSET Aa]", "[ipset aa] is in line 4 already (100.fw, line 5)"},
		{"IN ping(ACCEPT)", "in accept 1 type 8; in accept 58 type 128"},
		{"IN Ping(DROP) -source 10.0.0.1", "in drop 1 type 8 from 10.0.0.1"},
		{"IN Ping(DROP) -source fd00::1", "in drop 58 type 128 from fd00::1"},
		{"IN GRE(ACCEPT) -source 10.0.0.1", "in accept 47 from 10.0.0.1"},
		{"IN ACCEPT -p tcp -dport ftp", "'ftp' is no port (100.fw, line 4)"},
		{"IN DROP -p udp -dport http", "'http' is no port (100.fw, line 4)"},
		{"\n\nIN NO", "'NO' is no action (100.fw, line 6)"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};

		cr_expect_str_eq(expand(&arena, rows[i].lines), rows[i].want, "%s", rows[i].lines);
	}
}

static const char *idle(struct arena *arena, const char *lines, const char *cluster)
{
	struct firewall_files files = {};
	const struct firewall_request request = {"100", &files, NULL, nets, ARRAY_SIZE(nets)};
	cleanup_(text_free) struct text text = {};
	struct firewall_idle found = {};

	cr_assert_eq(firewall_file_read(arena, "100.fw", lines, &files.guest, NULL), 0, "%s",
		     lines);
	cr_assert_eq(firewall_file_read(arena, "cluster.fw", cluster, &files.cluster, NULL), 0,
		     "%s", cluster);
	firewall_idle_find(arena, &request, &found);
	for (size_t i = 0; i < found.count; i++)
		text_addf(&text, "%s%s: %s", i ? "; " : "", found.items[i].origin,
			  found.items[i].why);
	return arena_strdup(arena, text_str(&text));
}

/* What nothing comes of, and what only looks like it. */
Test(firewall, idle)
{
	static const char group[] = "[group all]\nIN DROP -i net7\n";
	static const struct {
		const char *lines, *cluster, *want;
	} rows[] = {
		{"[RULES]\nIN DROP -i net0\n|IN DROP -i net7\nIN DROP\nGROUP all\n", group, ""},
		{"[RULES]\nIN DROP\nIN DROP -p tcp -i net7\n", "",
		 "IN DROP -p tcp -i net7 in 100.fw, line 3: no packet meets this rule: the config "
		 "has no net7 with firewall=1"},
		{"[RULES]\nGROUP all -i net7\n", group,
		 "GROUP all -i net7 in 100.fw, line 2: no packet meets this rule: the config has "
		 "no "
		 "net7 with firewall=1"},
		{"[ALIASES]\nweb 10.0.0.1\nweb2 10.0.0.2\n", "[ALIASES]\nweb 10.0.0.3\n", ""},
		{"[ALIASES]\nweb 10.0.0.1\nmail 10.0.0.9\nWEB\t10.0.0.2\n",
		 "[aliases]\nx 10.0.0.3\nx 10.0.0.4\n",
		 "WEB\t10.0.0.2 in 100.fw, line 4: this alias does not hold: line 2 has the name "
		 "already; x 10.0.0.4 in cluster.fw, line 3: this alias does not hold: line 2 has "
		 "the name already"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};

		cr_expect_str_eq(idle(&arena, rows[i].lines, rows[i].cluster), rows[i].want,
				 "row %zu", i);
	}
}

/* Each macro is a rule that can be had, for each row of it. */
Test(firewall, macros)
{
	size_t count = 0;

	for (const struct firewall_item *item = firewall_items; item->macro; item++) {
		cleanup_(arena_free) struct arena arena = {};
		const char *got =
			expand(&arena, arena_printf(&arena, "IN %s(ACCEPT)", item->macro));

		cr_expect(starts_with(got, "in accept "), "%s: %s", item->macro, got);
		count++;
	}
	cr_expect_gt(count, 100);
}

Test(firewall, files)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"IN ACCEPT\n", "'IN ACCEPT' stands before any section"},
		{"[NOTHING]\n", "there is no section [nothing]"},
		{"[RULES\n", "'[RULES' is no section like [RULES]"},
		{"[RULES] x\n", "'[RULES] x' is no section like [RULES]"},
		{"[IPSET]\n", "'' is no name for [ipset NAME]"},
		{"[IPSET 1a]\n", "'1a' is no name for [ipset NAME]"},
		{"[RULES all]\n", "[rules] has no name: 'all'"},
		{"[group a123456789012345678]\n", "'a123456789012345678' is longer than 18 bytes"},
		{"[OPTIONS]\nips_queues: \xe4\n", "'ips_queues: \\xe4' is no UTF-8"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		struct firewall_file file;
		struct err err = {};

		cr_expect_eq(firewall_file_read(&arena, "100.fw", rows[i].text, &file, &err),
			     -EINVAL);
		cr_expect_str_eq(err.what, rows[i].want);
		cr_expect_str_eq(err.origin,
				 rows[i].text[1] == 'O' ? "100.fw, line 2" : "100.fw, line 1");
	}
}
