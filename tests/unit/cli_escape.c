#include "cli/escape.h"
#include "lib/own.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct {
	const char *text;
	int prefix; /* 0: refused */
} names[] = {
	{"^a", 1}, {"a", 1},  {"^z", 26}, {"b", 2}, {"", 0},
	{"^", 0},  {"^A", 0}, {"^ab", 0}, {"1", 0},
};

Test(cli_escape, read)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct escape escape = {};
		int r = escape_read(names[i].text, &escape);

		cr_expect_eq(r, names[i].prefix ? 0 : -EINVAL, "'%s': %d", names[i].text, r);
		cr_expect_eq(escape.prefix, names[i].prefix, "'%s': %d", names[i].text,
			     escape.prefix);
	}
}

/* Typed in two pieces; "\1" is the prefix. */
static const struct {
	const char *name, *first, *second, *left;
	bool leave;
} typed[] = {
	{"nothing", "", "", "", false},
	{"no prefix", "ls q\r", "", "ls q\r", false},
	{"leave", "\1q", "", "", true},
	{"leave later", "\1", "q", "", true},
	{"what was before", "ab\1q", "", "ab", true},
	{"nothing of what is behind", "a\1qb", "c", "a", true},
	{"the prefix itself", "\1\1", "", "\1", false},
	{"the prefix itself later", "\1", "\1", "\1", false},
	{"twice, then q", "\1\1q", "", "\1q", false},
	{"three times, then q", "\1\1\1q", "", "\1", true},
	{"another key", "\1x", "q", "xq", false},
};

Test(cli_escape, filter)
{
	for (size_t i = 0; i < ARRAY_SIZE(typed); i++) {
		struct escape escape = {.prefix = 1};
		const char *pieces[] = {typed[i].first, typed[i].second};
		char left[64] = "";
		bool leave = false;

		for (size_t piece = 0; piece < ARRAY_SIZE(pieces) && !leave; piece++) {
			char data[64];
			size_t length;

			strcpy(data, pieces[piece]);
			length = escape_filter(&escape, data, strlen(data), &leave);
			strncat(left, data, length);
		}
		cr_expect_str_eq(left, typed[i].left, "%s", typed[i].name);
		cr_expect_eq(leave, typed[i].leave, "%s", typed[i].name);
	}
}
