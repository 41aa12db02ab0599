#include "lib/arena.h"
#include "lib/text.h"
#include "net/firewall_judge.h"
#include "net/firewall_table.h"
#include "tests/unit/firewall_rules.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <linux/if_ether.h>

/* What tables of a network namespace, whoever has made them, say of a packet at a hook. */

#define CHAIN_OF(family, table, hook, more)                                                        \
	",{\"chain\":{\"family\":\"" family "\",\"table\":\"" table                                \
	"\",\"name\":\"c\",\"handle\":1,\"hook\":\"" hook "\"" more "}}"
#define RULE_IN(family, table, handle, expr)                                                       \
	",{\"rule\":{\"family\":\"" family "\",\"table\":\"" table                                 \
	"\",\"chain\":\"c\",\"handle\":" handle ",\"expr\":[" expr "]}}"
#define HOOKED(family, hook, expr)                                                                 \
	ALL(CHAIN_OF(family, "t", hook, ",\"policy\":\"accept\"") RULE_IN(family, "t", "2", expr))
#define ACCEPT          "{\"accept\":null}"
#define REJECT(how)     "{\"reject\":{" how "}}"
#define XT(type, name)  "{\"xt\":{\"type\":\"" type "\",\"name\":\"" name "\"}}"
#define VMAP(key, data) "{\"vmap\":{\"key\":" key ",\"data\":" data "}}"
#define STATES          "{\"set\":[[2," DROP "],[8,{\"continue\":null}]]}"
#define MARKED          MATCH("==", META("mark"), "1")

static struct table_verdict judge_text(struct arena *arena, const char *text,
				       const struct packet *packet, const struct hook *hook)
{
	size_t patience = JUDGE_PATIENCE;
	struct tables tables;

	cr_assert_eq(tables_read(arena, text, &tables, NULL), 0, "%s", text);
	return tables_judge(&tables, packet, hook, &patience);
}

Test(firewall_hooks, one_rule)
{
	static const struct hook forward = {"forward", "vmbr0", "eth0"};
	struct packet v4 = to_port(AF_INET, "10.1.2.3", 80);
	struct packet v6 = to_port(AF_INET6, "fd00::1", 80);
	struct packet answer = v4, arp = v4, neighbour = v6, in = v4;
	const struct {
		const char *text;
		const struct packet *packet;
		enum table_answer answer;
	} rows[] = {
		{HOOKED("inet", "forward", DROP), &v4, TABLE_DROPS},
		{HOOKED("ip", "forward", DROP), &v4, TABLE_DROPS},
		{HOOKED("ip", "forward", DROP), &v6, TABLE_ACCEPTS},
		{HOOKED("ip6", "forward", DROP), &v6, TABLE_DROPS},
		{HOOKED("bridge", "forward", DROP), &v4, TABLE_ACCEPTS},
		{HOOKED("inet", "forward", DROP), &arp, TABLE_ACCEPTS},
		{HOOKED("arp", "forward", DROP), &arp, TABLE_DROPS},
		{HOOKED("inet", "input", DROP), &v4, TABLE_ACCEPTS},
		{HOOKED("inet", "forward", MATCH("==", META("iifname"), "\"vmbr0\"") DROP), &v4,
		 TABLE_DROPS},
		{HOOKED("inet", "forward", MATCH("==", META("oifname"), "\"vmbr0\"") DROP), &v4,
		 TABLE_ACCEPTS},
		{HOOKED("inet", "forward", MATCH("==", META("nfproto"), "10") DROP), &v4,
		 TABLE_ACCEPTS},
		{HOOKED("inet", "forward", MATCH("in", STATE, "[2,4]") DROP), &v4, TABLE_ACCEPTS},
		{HOOKED("inet", "forward", MATCH("in", STATE, "[2,4]") DROP), &answer, TABLE_DROPS},
		{HOOKED("inet", "forward",
			MATCH("==", "{\"&\":[" FIELD("tcp", "flags") ",[2,16]]}", "[2,16]") DROP),
		 &answer, TABLE_DROPS},
		{HOOKED("inet", "forward", MATCH("in", "{\"ct\":{\"key\":\"status\"}}", "32") DROP),
		 &v4, TABLE_ACCEPTS},
		{HOOKED("inet", "forward", MATCH("==", FIELD("ip6", "saddr"), "\"fd00::1\"") DROP),
		 &neighbour, TABLE_UNCLEAR}, /* it has another address for that */
		/* What can't be followed makes no difference where the rest comes to the same. */
		{HOOKED("inet", "forward", MARKED DROP), &v4, TABLE_UNCLEAR},
		{HOOKED("inet", "forward", MARKED ACCEPT), &v4, TABLE_ACCEPTS},
		{HOOKED("inet", "forward",
			MARKED DROP "]}},{\"rule\":{\"family\":\"inet\","
				    "\"table\":\"t\",\"chain\":\"c\","
				    "\"handle\":3,\"expr\":[" DROP),
		 &v4, TABLE_DROPS},
		{HOOKED("inet", "forward", MARKED "{\"jump\":{\"target\":\"c\"}}"), &v4,
		 TABLE_UNCLEAR},
		{HOOKED("inet", "forward", "{\"jump\":{\"target\":\"nowhere\"}}"), &v4,
		 TABLE_UNCLEAR},
		{HOOKED("inet", "forward",
			"{\"mangle\":{\"key\":{\"meta\":{\"key\":\"mark\"}},\"value\":1}}"),
		 &v4, TABLE_ACCEPTS},
		{HOOKED("inet", "forward",
			"{\"mangle\":{\"key\":" FIELD("ip", "ttl") ",\"value\":1}}"),
		 &v4, TABLE_UNCLEAR},
		/* maps of verdicts */
		{HOOKED("inet", "forward", VMAP(STATE, "\"@m\"")), &v4, TABLE_UNCLEAR},
		{HOOKED("inet", "forward", VMAP(STATE, STATES)), &v4, TABLE_ACCEPTS},
		{HOOKED("inet", "forward", VMAP(STATE, STATES)), &answer, TABLE_DROPS},
		{HOOKED("inet", "forward", VMAP(META("mark"), STATES)), &v4, TABLE_UNCLEAR},
		{HOOKED("inet", "forward", VMAP(STATE, "{\"set\":[[\"*\"," DROP "]]}")), &v4,
		 TABLE_UNCLEAR},
		{ALL(",{\"map\":{\"family\":\"inet\",\"table\":\"t\",\"name\":\"m\",\"handle\":9,"
		     "\"elem\":[[80," DROP "]]}}" CHAIN_OF("inet", "t", "forward", "")
			     RULE_IN("inet", "t", "2", VMAP(FIELD("tcp", "dport"), "\"@m\""))),
		 &v4, TABLE_DROPS},
		/* iptables' own */
		{HOOKED("ip", "forward", XT("match", "comment") "," DROP), &v4, TABLE_DROPS},
		{HOOKED("ip", "forward", XT("match", "owner") "," DROP), &v4, TABLE_UNCLEAR},
		{HOOKED("ip", "forward", XT("target", "LOG")), &v4, TABLE_ACCEPTS},
		{HOOKED("ip", "forward", XT("target", "REJECT")), &v4, TABLE_REFUSES},
		{HOOKED("ip", "forward", XT("target", "DNAT")), &v4, TABLE_UNCLEAR},
		/* translations of addresses */
		{ALL(CHAIN_OF("ip", "t", "forward", ",\"type\":\"nat\"")
			     RULE_IN("ip", "t", "2", "{\"masquerade\":null}")),
		 &v4, TABLE_ACCEPTS},
		{ALL(CHAIN_OF("ip", "t", "forward", ",\"type\":\"nat\"")
			     RULE_IN("ip", "t", "2", "{\"masquerade\":null}")),
		 &in, TABLE_UNCLEAR},
		{ALL(CHAIN_OF("ip", "t", "forward", ",\"type\":\"nat\"")
			     RULE_IN("ip", "t", "2", "{\"dnat\":{\"addr\":\"10.0.0.1\"}}")),
		 &v4, TABLE_UNCLEAR},
		{ALL(CHAIN_OF("ip", "t", "forward", ",\"type\":\"nat\"")
			     RULE_IN("ip", "t", "2", "{\"dnat\":{\"addr\":\"10.0.0.1\"}}")),
		 &answer, TABLE_ACCEPTS},
	};

	answer.answer = true;
	arp.ether_type = ETH_P_ARP;
	neighbour.vague = true;
	in.in = true;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};

		cr_expect_eq(judge_text(&arena, rows[i].text, rows[i].packet, &forward).answer,
			     rows[i].answer, "row %zu: %s", i, rows[i].text);
	}
}

/* Theirs are taken to the letter, but for a star at the end. */
Test(firewall_hooks, interface_names)
{
	static const struct {
		const char *asked, *name;
		bool same;
	} rows[] = {
		{"eth0", "eth0", true},       {"ETH0", "eth0", false},
		{"eth*", "eth0", true},       {"ETH*", "eth0", false},
		{"eth0*", "eth0", true},      {"eth00*", "eth0", false},
		{"e*0", "eth0", false},       {"*", "eth0", true},
		{"eth\\\\*", "eth0", false},  {"eth\\\\*", "eth*", true},
		{"eth\\\\*", "eth", false},   {"et\\\\*", "eth*", false},
		{"eth0\\\\*", "eth0", false}, {"", "eth0", false},
	};
	const struct packet packet = to_port(AF_INET, "10.1.2.3", 80);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		const struct hook hook = {"forward", rows[i].name, "vmbr0"};
		const char *text = arena_printf(
			&arena,
			HOOKED("inet", "forward", MATCH("==", META("iifname"), "\"%s\"") DROP),
			rows[i].asked);

		cr_expect_eq(judge_text(&arena, text, &packet, &hook).answer,
			     rows[i].same ? TABLE_DROPS : TABLE_ACCEPTS, "%s: %s", rows[i].asked,
			     rows[i].name);
	}
}

/* What stops it for sure comes before what may, then what is asked first. */
Test(firewall_hooks, which_table)
{
#define AT_PRIORITY(table, priority, expr)                                                         \
	CHAIN_OF("inet", table, "input", ",\"prio\":" priority) RULE_IN("inet", table, "2", expr)
	static const struct hook input = {"input", "eth0", ""};
	static const struct {
		const char *text, *table;
	} rows[] = {
		{ALL(AT_PRIORITY("late", "10", DROP) AT_PRIORITY("early", "-10", DROP)), "early"},
		{ALL(AT_PRIORITY("early", "-10", DROP) AT_PRIORITY("late", "10", DROP)), "early"},
		{ALL(AT_PRIORITY("early", "-10", ACCEPT) AT_PRIORITY("late", "10", DROP)), "late"},
		{ALL(AT_PRIORITY("early", "-10", MARKED DROP) AT_PRIORITY("late", "10", DROP)),
		 "late"},
		{ALL(AT_PRIORITY("late", "10", MARKED DROP)
			     AT_PRIORITY("early", "-10", MARKED DROP)),
		 "early"},
	};
	const struct packet packet = to_port(AF_INET, "10.1.2.3", 80);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		const struct table_verdict verdict =
			judge_text(&arena, rows[i].text, &packet, &input);

		cr_assert_not_null(verdict.table, "row %zu", i);
		cr_expect_str_eq(verdict.table->name, rows[i].table, "row %zu", i);
	}
}

/* Which interface a chain is for is known where libnftables says it. */
Test(firewall_hooks, interface)
{
	static const struct hook ingress = {"ingress", "eth0", ""};
	static const struct {
		const char *devices;
		enum table_answer answer;
	} rows[] = {
		{"", TABLE_UNCLEAR},
		{",\"dev\":\"eth0\"", TABLE_DROPS},
		{",\"dev\":\"eth1\"", TABLE_ACCEPTS},
		{",\"dev\":[\"eth1\",\"eth0\"]", TABLE_DROPS},
	};
	const struct packet packet = to_port(AF_INET, "10.1.2.3", 80);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		const char *text = arena_printf(&arena,
						ALL(CHAIN_OF("netdev", "t", "ingress", "%s")
							    RULE_IN("netdev", "t", "2", DROP)),
						rows[i].devices);

		cr_expect_eq(judge_text(&arena, text, &packet, &ingress).answer, rows[i].answer,
			     "row %zu", i);
	}
}

/* As connect(2) has it. What nft needs a match for, it doesn't say again. */
Test(firewall_hooks, refusals)
{
	static const struct hook input = {"input", "eth0", ""};
	static const struct {
		int family;
		const char *expr;
		enum table_answer answer;
		int error;
		bool reset;
	} rows[] = {
		{AF_INET, "{\"reject\":null}", TABLE_REFUSES, 0, false},
		{AF_INET, REJECT("\"type\":\"tcp reset\""), TABLE_REFUSES, 0, true},
		{AF_INET, REJECT("\"type\":\"icmp\",\"expr\":10"), TABLE_REFUSES, EHOSTUNREACH,
		 false},
		{AF_INET, REJECT("\"type\":\"icmp\",\"expr\":\"net-unreachable\""), TABLE_REFUSES,
		 ENETUNREACH, false},
		{AF_INET6, REJECT("\"type\":\"icmp\",\"expr\":3"), TABLE_ACCEPTS, 0, false},
		{AF_INET, REJECT("\"type\":\"icmpv6\",\"expr\":4"), TABLE_ACCEPTS, 0, false},
		{AF_INET6, REJECT("\"type\":\"icmpv6\",\"expr\":4"), TABLE_REFUSES, ECONNREFUSED,
		 false},
		{AF_INET, REJECT("\"type\":\"icmpx\",\"expr\":3"), TABLE_REFUSES, EHOSTUNREACH,
		 false},
		{AF_INET6, REJECT("\"type\":\"icmpx\",\"expr\":\"admin-prohibited\""),
		 TABLE_REFUSES, EACCES, false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		const bool v6 = rows[i].family == AF_INET6;
		const struct packet packet =
			to_port(rows[i].family, v6 ? "fd00::1" : "10.1.2.3", 80);
		const char *text =
			arena_printf(&arena, HOOKED("inet", "input", "%s"), rows[i].expr);
		const struct table_verdict verdict = judge_text(&arena, text, &packet, &input);

		cr_expect_eq(verdict.answer, rows[i].answer, "row %zu", i);
		cr_expect_eq(verdict.refusal, rows[i].error, "row %zu", i);
		cr_expect_eq(verdict.reset, rows[i].reset, "row %zu", i);
	}
}

/* Sixteen chains of a hundred jumps each would take until the end of the world. */
Test(firewall_hooks, patience)
{
	enum { LEVELS = 16, JUMPS = 100 };
	static const struct hook input = {"input", "eth0", ""};
	const struct packet packet = to_port(AF_INET, "10.1.2.3", 80);
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text text = {};

	text_add(&text, "{\"nftables\":[{\"metainfo\":{}}");
	for (int i = 0; i <= LEVELS; i++)
		text_addf(&text,
			  ",{\"chain\":{\"family\":\"ip\",\"table\":\"t\",\"name\":\"c%d\","
			  "\"handle\":1%s}}",
			  i, i == 0 ? ",\"hook\":\"input\"" : "");
	for (int i = 0; i < LEVELS; i++)
		for (int k = 0; k < JUMPS; k++)
			text_addf(&text,
				  ",{\"rule\":{\"family\":\"ip\",\"table\":\"t\",\"chain\":\"c%d\","
				  "\"handle\":2,\"expr\":[{\"jump\":{\"target\":\"c%d\"}}]}}",
				  i, i + 1);
	text_add(&text, "]}");
	cr_expect_eq(judge_text(&arena, text_str(&text), &packet, &input).answer, TABLE_UNCLEAR);
}

/* A table of many sets, and what a rule in it asks for. */
static void read_many(struct arena *arena, const char *expr, struct tables *tables)
{
	enum { SETS = 100 };
	cleanup_(text_free) struct text text = {};

	text_add(&text, "{\"nftables\":[{\"metainfo\":{}}");
	for (int i = 0; i < SETS; i++)
		text_addf(&text,
			  ",{\"set\":{\"family\":\"ip\",\"table\":\"t\",\"name\":\"s%d\","
			  "\"handle\":1}},{\"map\":{\"family\":\"ip\",\"table\":\"t\","
			  "\"name\":\"m%d\",\"handle\":1}}",
			  i, i);
	text_addf(&text, CHAIN_OF("ip", "t", "input", "") RULE_IN("ip", "t", "2", "%s") "]}", expr);
	cr_assert_eq(tables_read(arena, text_str(&text), tables, NULL), 0, "%s", text_str(&text));
}

/* Whatever takes time has its price, and what is spent is spent for the next packet as well. */
Test(firewall_hooks, price)
{
#define COUNTERS "{\"counter\":null},{\"counter\":null},{\"counter\":null},{\"counter\":null},"
#define PAIRS    "[1," DROP "],[2," DROP "],[3," DROP "],[4," DROP "]"
	enum { TABLE = 202, LAST = 198, RULE = 32, MANY = 16 * 4 };
	static const struct hook input = {"input", "eth0", ""};
	static const struct {
		const char *expr;
		size_t least;
	} rows[] = {
		{DROP, TABLE + RULE},
		{COUNTERS DROP, TABLE + RULE + MANY},
		{MATCH("==", FIELD("ip", "saddr"), "\"@s99\"") DROP, TABLE + RULE + LAST},
		{MATCH("==", FIELD("ip", "saddr"), "\"@none\"") DROP, TABLE + RULE + TABLE},
		{MATCH("==", FIELD("tcp", "dport"), "{\"set\":[1,2,3,4]}") DROP,
		 TABLE + RULE + MANY},
		{MATCH("==", "{\"&\":[" FIELD("tcp", "flags") ",[1,2,4,16]]}", "2") DROP,
		 TABLE + RULE + 4},
		{VMAP(FIELD("tcp", "dport"), "\"@m99\""), TABLE + RULE + LAST},
		{VMAP(FIELD("tcp", "dport"), "{\"set\":[" PAIRS "]}"), TABLE + RULE + MANY},
		{VMAP(FIELD("udp", "dport"), "{\"set\":[" PAIRS "]}"), TABLE + RULE + MANY},
		{"{\"jump\":{\"target\":\"none\"}}", TABLE + RULE + TABLE},
	};
	const struct packet packet = to_port(AF_INET, "10.1.2.3", 80);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		size_t patience = JUDGE_PATIENCE;
		struct tables tables;

		read_many(&arena, rows[i].expr, &tables);
		(void)tables_judge(&tables, &packet, &input, &patience);
		cr_expect_geq(JUDGE_PATIENCE - patience, rows[i].least, "%s", rows[i].expr);
		patience = rows[i].least;
		cr_expect_eq(tables_judge(&tables, &packet, &input, &patience).answer,
			     TABLE_UNCLEAR, "%s", rows[i].expr);
		cr_expect_eq(patience, 0, "%s", rows[i].expr);
		cr_expect_eq(tables_judge(&tables, &packet, &input, &patience).answer,
			     TABLE_UNCLEAR, "%s, without any", rows[i].expr);
	}
}
