#include "lib/arena.h"
#include "lib/err.h"
#include "lib/text.h"
#include "net/firewall_table.h"

#include <criterion/criterion.h>
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
	cr_expect_eq(table_read(&arena, "t", "{\n", &table, &err), -EINVAL);
	cr_expect_eq(table_read(&arena, "t", "{\"nftables\":[{\"rule\":{\"family\":\"bridge\"}}]}",
				&table, &err),
		     -EINVAL);
	cr_expect_str_eq(err.what, "pctrun-nft: a rule without family, name or handle");
}
