#include "lib/arena.h"
#include "lib/err.h"
#include "lib/printable.h"
#include "lib/text.h"
#include "net/firewall.h"
#include "net/firewall_judge.h"
#include "net/firewall_table.h"
#include "oci/ext_firewall.h"
#include "tests/unit/firewall_rules.h"

#include <criterion/criterion.h>
#include <linux/if_ether.h>
#include <string.h>

/* ------------------------------------------------------------------ what somebody has changed */

#define CHAIN(name, more)                                                                          \
	"{\"chain\":{\"family\":\"bridge\",\"table\":\"t\",\"name\":\"" name                       \
	"\",\"handle\":1" more "}}"
#define RULE(chain, handle, comment, verdict)                                                      \
	",{\"rule\":{\"family\":\"bridge\",\"table\":\"t\",\"chain\":\"" chain                     \
	"\",\"handle\":" handle ",\"comment\":\"" comment "\",\"expr\":[{\"" verdict "\":null}]}}"
#define SET(elements)                                                                              \
	",{\"set\":{\"family\":\"bridge\",\"table\":\"t\",\"name\":\"s\",\"type\":\"ipv4_addr\","  \
	"\"handle\":3,\"elem\":[" elements "]}}"
#define DOCUMENT(items) "{\"nftables\":[{\"metainfo\":{\"version\":\"1\"}}," items "]}\n"

static void read_table(struct arena *arena, const char *text, struct table *table)
{
	struct err err = {};

	cr_assert_eq(table_read(arena, "t", text, table, &err), 0, "%s", err.what);
}

Test(firewall_table, differences)
{
	static const char want[] =
		DOCUMENT(CHAIN("in", "") SET("\"10.0.0.1\"") RULE("in", "4", "a", "accept")
				 RULE("in", "5", "b", "drop") RULE("in", "6", "policy_in", "drop"));
	static const struct {
		const char *have, *differences;
		size_t count;
	} rows[] = {
		{want, "", 0},
		{DOCUMENT(CHAIN("in", "") SET("\"10.0.0.1\"") RULE("in", "44", "a", "accept") RULE(
			 "in", "45", "b", "drop") RULE("in", "46", "policy_in", "drop")),
		 "", 0},
		{DOCUMENT(CHAIN("in", "") SET("\"10.0.0.1\"") RULE("in", "4", "a", "accept")
				  RULE("in", "6", "policy_in", "drop")),
		 "a rule of chain in is missing: b", 1},
		{DOCUMENT(CHAIN("in", "") SET("\"10.0.0.1\"") RULE("in", "7", "x", "accept")
				  RULE("in", "4", "a", "accept") RULE("in", "5", "b", "drop")
					  RULE("in", "6", "policy_in", "drop")
						  RULE("in", "8", "y", "drop")),
		 "nobody's rule is in chain in, handle 7: x; nobody's rule is in chain in, handle "
		 "8: y",
		 2},
		{DOCUMENT(CHAIN("in", "") SET("\"10.0.0.1\"") RULE("in", "4", "a", "drop") RULE(
			 "in", "5", "b", "drop") RULE("in", "6", "policy_in", "drop")),
		 "a rule of chain in is missing: a; nobody's rule is in chain in, handle 4: a", 2},
		{DOCUMENT(CHAIN("in", ",\"policy\":\"drop\"") SET("\"10.0.0.2\"")
				  RULE("in", "4", "a", "accept") RULE("in", "5", "b", "drop")
					  RULE("in", "6", "policy_in", "drop")),
		 "the chain in is another; the set s is another", 2},
		{DOCUMENT(CHAIN("in", "") "," CHAIN("own", "") RULE("own", "9", "z", "accept")
				  RULE("in", "4", "a", "accept") RULE("in", "5", "b", "drop")
					  RULE("in", "6", "policy_in", "drop")),
		 "the set s is gone; the chain own is nobody's", 2},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		cleanup_(text_free) struct text text = {};
		struct table wanted, have;

		read_table(&arena, want, &wanted);
		read_table(&arena, rows[i].have, &have);
		cr_expect_eq(table_compare(&wanted, &have, &text), rows[i].count, "row %zu", i);
		cr_expect_str_eq(text_str(&text), rows[i].differences, "row %zu", i);
	}
}

Test(firewall_table, none_and_nonsense)
{
	cleanup_(arena_free) struct arena arena = {};
	struct table table;
	struct err err = {};

	read_table(&arena, "", &table);
	cr_expect_eq(table.count, 0);
	read_table(&arena,
		   "{\"nftables\":[{\"set\":{\"family\":\"ip\",\"name\":\"s\",\"handle\":1},"
		   "\"chain\":{\"family\":\"ip\",\"name\":\"c\",\"handle\":2}}]}",
		   &table);
	cr_expect_eq(table.count, 1, "an object is one item");
	cr_expect_eq(table_read(&arena, "t", "{\n", &table, &err), -EINVAL);
	cr_expect_eq(table_read(&arena, "t", "{\"nftables\":[{\"rule\":{\"family\":\"bridge\"}}]}",
				&table, &err),
		     -EINVAL);
	cr_expect_str_eq(err.what, "pctrun-nft: a rule without family, name or handle");
}

/* ------------------------------------------------------------------ what it is made by */

/* Who has asked for it is cut, but nothing that decides is, and no character is. */
Test(firewall_script, long_lines)
{
	enum { MANY = 300 };
	const char *numbers[MANY];
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text script = {}, origin = {}, printed = {};
	struct oci_firewall_rule rule = {.direction = "in", .action = "accept"};
	const struct oci_firewall firewall = {
		.name = "1",
		.policy_in = "drop",
		.policy_out = "accept",
		.protocols = {MANY, numbers},
		.rules = {1, &rule},
	};

	for (size_t i = 0; i < MANY; i++)
		numbers[i] = arena_printf(&arena, "%zu", 40000 + i);
	for (size_t i = 0; i < MANY; i++)
		text_add(&origin, "\xc3\xa9"); /* two bytes of UTF-8, in front of one */
	text_addc(&origin, '.');
	rule.origin = text_str(&origin);
	firewall_script(&firewall, "t", &script);
	cr_expect(strstr(text_str(&script), ", 40299 } drop comment"));
	cr_expect(strstr(text_str(&script), ", 40299 } accept comment"));
	text_add_printable(&printed, strstr(text_str(&script), "comment \"\xc3"));
	cr_expect_not(strstr(text_str(&printed), "\\x"), "%s", text_str(&printed));
}

/* ------------------------------------------------------------------ what rules say of a packet */

#define PORTS MATCH("==", META("iifname"), "{\"set\":[\"veth1\",\"veth2\"]}")

#define RULE_OF(chain, handle, expr)                                                               \
	",{\"rule\":{\"family\":\"bridge\",\"chain\":\"" chain "\",\"handle\":" handle             \
	",\"expr\":[" expr "]}}"
#define HOOK ",\"hook\":\"prerouting\",\"policy\":\"accept\""
#define ELEMENTS                                                                                   \
	"{\"prefix\":{\"addr\":\"10.0.0.0\",\"len\":8}},{\"range\":[\"192.0.2.3\",\"192.0.2.9\"]}"
#define CHAINS CHAIN("out", "") "," CHAIN("prerouting", HOOK) "," CHAIN("refuse", "")
#define HEAD   CHAINS SET(ELEMENTS)
#define TO_OUT RULE_OF("prerouting", "9", PORTS "{\"goto\":{\"target\":\"out\"}}")
#define REFUSE RULE_OF("refuse", "8", "{\"reject\":null}")
#define ONE    RULE_OF("out", "7", "%s")

/* A table whose chain "out" has one rule. The base chain goes there, and its policy accepts. */
static struct table table_of(struct arena *arena, const char *expr)
{
	static const char document[] = DOCUMENT(HEAD ONE REFUSE TO_OUT);
	struct table table;

	read_table(arena, arena_printf(arena, document, expr), &table);
	return table;
}

Test(firewall_judge, one_rule)
{
	const struct packet v4 = to_port(AF_INET, "10.1.2.3", 80);
	const struct packet far = to_port(AF_INET, "192.0.2.9", 80);
	const struct packet v6 = to_port(AF_INET6, "fd00::1", 80);
	struct packet arp = v4, ping = v6, other = v4;
	const struct {
		const char *expr;
		const struct packet *packet;
		enum table_answer answer;
	} rows[] = {
		{DROP, &v4, TABLE_DROPS},
		{DROP, &other, TABLE_ACCEPTS}, /* another port than the container's */
		{MATCH("==", META("l4proto"), "6") DROP, &v4, TABLE_DROPS},
		{MATCH("==", META("l4proto"), "17") DROP, &v4, TABLE_ACCEPTS},
		{MATCH("!=", META("l4proto"), "17") DROP, &v4, TABLE_DROPS},
		{MATCH("==", META("l4proto"), "6") DROP, &arp, TABLE_ACCEPTS},
		{MATCH("!=", META("l4proto"), "6") DROP, &arp, TABLE_ACCEPTS},
		{MATCH("==", META("iifname"), "\"veth*\"") DROP, &v4, TABLE_DROPS},
		{MATCH("!=", META("iif"), "\"veth1\"") DROP, &v4, TABLE_ACCEPTS},
		{MATCH("==", META("oifname"), "\"veth1\"") DROP, &v4, TABLE_ACCEPTS},
		{MATCH("==", META("oifname"), "\"veth*\"") DROP, &v4, TABLE_ACCEPTS},
		{MATCH("!=", META("oifname"), "\"veth2\"") DROP, &v4, TABLE_DROPS},
		{MATCH("!=", META("oif"), "{\"set\":[\"veth1\",\"veth2\"]}") DROP, &v4,
		 TABLE_DROPS},
		{MATCH("==", FIELD("tcp", "dport"), "{\"set\":[22,{\"range\":[79,81]}]}") DROP, &v4,
		 TABLE_DROPS},
		{MATCH("==", FIELD("tcp", "dport"), "{\"range\":[81,90]}") DROP, &v4,
		 TABLE_ACCEPTS},
		{MATCH("==", FIELD("th", "sport"), "40000") DROP, &v4, TABLE_DROPS},
		{MATCH("!=", FIELD("udp", "dport"), "81") DROP, &v4, TABLE_ACCEPTS},
		{MATCH("==", FIELD("ip", "saddr"), "\"@s\"") DROP, &v4, TABLE_DROPS},
		{MATCH("==", FIELD("ip", "saddr"), "\"@s\"") DROP, &far, TABLE_DROPS},
		{MATCH("!=", FIELD("ip", "saddr"), "\"@s\"") DROP, &v4, TABLE_ACCEPTS},
		{MATCH("!=", FIELD("ip", "saddr"), "\"@s\"") DROP, &v6, TABLE_ACCEPTS},
		{MATCH("==", FIELD("ip", "saddr"), "\"@none\"") DROP, &v4, TABLE_UNCLEAR},
		{MATCH("==", FIELD("ip", "saddr"), "\"10.1.2.3\"") DROP, &v4, TABLE_DROPS},
		{MATCH("==", FIELD("ip6", "saddr"), "{\"prefix\":{\"addr\":\"fc00::\",\"len\":7}}")
			 DROP,
		 &v6, TABLE_DROPS},
		{MATCH("==", FIELD("ip6", "saddr"), "{\"prefix\":{\"addr\":\"fe80::\",\"len\":10}}")
			 DROP,
		 &v6, TABLE_ACCEPTS},
		{MATCH("!=", FIELD("ether", "saddr"), "\"BC:24:11:00:00:01\"") DROP, &v4,
		 TABLE_ACCEPTS},
		{MATCH("!=", FIELD("ether", "saddr"), "\"bc:24:11:00:00:02\"") DROP, &v4,
		 TABLE_DROPS},
		{MATCH("!=", FIELD("ether", "type"), "{\"set\":[8,56710]}") DROP, &arp,
		 TABLE_DROPS},
		{MATCH("!=", FIELD("ether", "type"), "{\"set\":[2048,34525]}") DROP, &v6,
		 TABLE_ACCEPTS},
		{MATCH("!=", FIELD("arp", "saddr ip"), "\"@s\"") DROP, &arp, TABLE_ACCEPTS},
		{MATCH("==", FIELD("icmpv6", "type"), "{\"set\":[128,129]}") DROP, &ping,
		 TABLE_DROPS},
		{MATCH("==", FIELD("icmp", "type"), "128") DROP, &ping, TABLE_ACCEPTS},
		{MATCH("in", STATE, "[2,4]") DROP, &v4, TABLE_ACCEPTS},
		{MATCH("in", STATE, "8") DROP, &v4, TABLE_DROPS},
		{MATCH("in", STATE, "[2,4]") DROP, &arp, TABLE_ACCEPTS},
		{MATCH("in", STATE, "1") DROP, &arp, TABLE_UNCLEAR}, /* whose it is */
		{MATCH("in", STATE, "64") DROP, &arp, TABLE_UNCLEAR},
		{MATCH("!=", "{\"&\":[" FIELD("tcp", "flags") ",[1,2]]}", "0") DROP, &arp,
		 TABLE_ACCEPTS},
		{MATCH("==", "{\"&\":[" STATE ",[1,64]]}", "1") DROP, &arp, TABLE_UNCLEAR},
		{MATCH("!=", "{\"&\":[" STATE ",[1,64]]}", "64") DROP, &arp, TABLE_UNCLEAR},
		{MATCH("==", "{\"&\":[" STATE ",[1,64]]}", "8") DROP, &arp, TABLE_ACCEPTS},
		{MATCH("!=", "{\"&\":[" STATE ",[2,8]]}", "0") DROP, &arp, TABLE_ACCEPTS},
		{MATCH("==", STATE, "{\"range\":[2,64]}") DROP, &arp, TABLE_UNCLEAR},
		{MATCH("==", STATE, "{\"range\":[1,64]}") DROP, &arp, TABLE_DROPS},
		{MATCH("==", STATE, "{\"range\":[2,8]}") DROP, &arp, TABLE_ACCEPTS},
		{MATCH("==", "{\"&\":[" FIELD("tcp", "flags") ",[1,2,4,16]]}", "2") DROP, &v4,
		 TABLE_DROPS},
		{MATCH("==", "{\"&\":[" FIELD("tcp", "flags") ",[1,2,4,16]]}", "[4,16]") DROP, &v4,
		 TABLE_ACCEPTS},
		{MATCH("==", META("mark"), "1") DROP, &v4, TABLE_UNCLEAR},
		{MATCH("==", META("mark"), "1") MATCH("==", META("l4proto"), "17") DROP, &v4,
		 TABLE_ACCEPTS}, /* it isn't that, whatever the other says */
		{MATCH("==", META("mark"), "1") "{\"log\":null}", &v4, TABLE_ACCEPTS},
		{"{\"limit\":{\"rate\":1}}," DROP, &v4, TABLE_UNCLEAR},
		{"{\"limit\":{\"rate\":1}},{\"log\":null}", &v4, TABLE_ACCEPTS},
		{"{\"queue\":null}", &v4, TABLE_UNCLEAR},
		{"{\"accept\":null}," DROP, &v4, TABLE_ACCEPTS},
		{"{\"return\":null}", &v4, TABLE_ACCEPTS},
		{"{\"jump\":{\"target\":\"refuse\"}}", &v4, TABLE_REFUSES},
		{"{\"jump\":{\"target\":\"out\"}}", &v4, TABLE_UNCLEAR}, /* it never ends */
	};

	arp.ether_type = ETH_P_ARP;
	ping.protocol = IPPROTO_ICMPV6;
	ping.icmp_type = 128;
	other.port = "veth3";
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		const struct table table = table_of(&arena, rows[i].expr);

		cr_expect_eq(table_judge(&table, rows[i].packet, &(size_t){JUDGE_PATIENCE}).answer,
			     rows[i].answer, "%s", rows[i].expr);
	}
}

/* Who is asked about is who asked for it: the rule that jumps, not the chain for all of them. */
Test(firewall_judge, which_rule)
{
	static const struct {
		const char *expr;
		uint64_t handle;
	} rows[] = {{DROP, 7}, {"{\"jump\":{\"target\":\"refuse\"}}", 7}, {"{\"return\":null}", 0}};
	const struct packet packet = to_port(AF_INET, "10.1.2.3", 80);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		const struct table table = table_of(&arena, rows[i].expr);
		const struct table_item *rule =
			table_judge(&table, &packet, &(size_t){JUDGE_PATIENCE}).rule;

		cr_expect_eq(rule ? rule->handle : 0, rows[i].handle, "%s", rows[i].expr);
	}
}

/* ------------------------------------------------------------------ tables of others */

#define AT(table, hook, policy, expr)                                                              \
	",{\"chain\":{\"family\":\"bridge\",\"table\":\"" table                                    \
	"\",\"name\":\"c\",\"handle\":1,\"hook\":\"" hook "\",\"policy\":\"" policy                \
	"\"}},{\"rule\":{\"family\":\"bridge\",\"table\":\"" table                                 \
	"\",\"chain\":\"c\",\"handle\":2,\"expr\":[" expr "]}}"

Test(firewall_tables, between)
{
	struct packet out = to_port(AF_INET, "10.1.2.3", 80), in = out;
	const struct {
		const char *text;
		const struct packet *packet;
		bool forwarded;
		enum table_answer answer;
	} rows[] = {
		{ALL(AT("t", "forward", "accept", DROP)), &out, true, TABLE_DROPS},
		{ALL(AT("t", "forward", "drop", "{\"counter\":null}")), &out, true, TABLE_DROPS},
		{ALL(AT("t", "forward", "accept", DROP)), &out, false, TABLE_UNCLEAR},
		{ALL(AT("t", "input", "accept", DROP)), &out, false, TABLE_UNCLEAR},
		{ALL(AT("t", "input", "accept", DROP)), &out, true, TABLE_ACCEPTS},
		{ALL(AT("t", "output", "accept", DROP)), &out, false, TABLE_ACCEPTS},
		{ALL(AT("t", "output", "accept", DROP)), &in, false, TABLE_UNCLEAR},
		{ALL(AT("t", "prerouting", "accept", DROP)), &out, true, TABLE_ACCEPTS},
		{ALL(AT("t", "forward", "accept", MATCH("==", META("iifname"), "\"veth1\"") DROP)),
		 &out, true, TABLE_DROPS},
		{ALL(AT("t", "forward", "accept", MATCH("==", META("oifname"), "\"veth9\"") DROP)),
		 &out, true, TABLE_UNCLEAR},
		{ALL(AT("t", "forward", "accept", MATCH("==", META("iifname"), "\"veth9\"") DROP)),
		 &in, true, TABLE_UNCLEAR},
		{ALL(AT("t", "forward", "accept", MATCH("==", META("oifname"), "\"veth9\"") DROP)),
		 &in, true, TABLE_ACCEPTS},
	};

	in.in = true;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		size_t patience = JUDGE_PATIENCE;
		struct tables tables;

		cr_assert_eq(tables_read(&arena, rows[i].text, &tables, NULL), 0);
		cr_assert_eq(tables.count, 1);
		cr_expect_eq(table_judge_between(tables.items, rows[i].packet, rows[i].forwarded,
						 &patience)
				     .answer,
			     rows[i].answer, "row %zu", i);
	}
}

/* Each has its own chains, whatever they are called. */
Test(firewall_tables, apart)
{
	static const char text[] = ALL(AT("one", "forward", "accept", DROP)
					       AT("two", "forward", "accept", "{\"accept\":null}"));
	const struct packet packet = to_port(AF_INET, "10.1.2.3", 80);
	cleanup_(arena_free) struct arena arena = {};
	size_t patience = JUDGE_PATIENCE;
	struct tables tables;

	cr_assert_eq(tables_read(&arena, text, &tables, NULL), 0);
	cr_assert_eq(tables.count, 2);
	cr_expect_str_eq(tables.items[0].name, "one");
	cr_expect_eq(table_judge_between(&tables.items[0], &packet, true, &patience).answer,
		     TABLE_DROPS);
	cr_expect_str_eq(tables.items[1].name, "two");
	cr_expect_eq(table_judge_between(&tables.items[1], &packet, true, &patience).answer,
		     TABLE_ACCEPTS);
}
