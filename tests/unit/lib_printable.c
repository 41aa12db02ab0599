#include "lib/printable.h"

#include "lib/arena.h"
#include "lib/text.h"

#include <criterion/criterion.h>

Test(lib_printable, names)
{
	static const struct {
		const char *name, *shown;
	} rows[] = {
		{"", ""},
		{"/srv/a b", "/srv/a b"},
		{"/srv/b\xc3\xbc"
		 "cher",
		 "/srv/b\xc3\xbc"
		 "cher"},
		{"a\nb\tc", "a\\nb\\tc"},
		{"a\\nb", "a\\\\nb"},
		{"\x1b[2J", "\\x1b[2J"},
		{"\x7f", "\\x7f"},
		{"\xc2\x9b"
		 "1m",
		 "\\xc2\\x9b"
		 "1m"}, /* a control of eight bits  */
		{"\xe2\x80\xae"
		 "txt",
		 "\\xe2\\x80\\xaetxt"}, /* writes from right to left */
		{"\xff"
		 "a",
		 "\\xffa"},
		{"\xc0\xaf", "\\xc0\\xaf"},          /* too long a form of '/'    */
		{"\xed\xa0\x80", "\\xed\\xa0\\x80"}, /* half a surrogate          */
		{"\xe2\x82", "\\xe2\\x82"},          /* cut off                   */
		{"\xf0\x9f\x90\xa7", "\xf0\x9f\x90\xa7"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};

		cr_expect_str_eq(printable(&arena, rows[i].name), rows[i].shown, "row %zu", i);
	}
}

Test(lib_printable, lines)
{
	static const struct {
		const char *line, *shown;
	} rows[] = {
		{"mount /a on /b", "mount /a on /b"},
		{"mount /a\nb on /b\x1b[2J", "mount /a\\nb on /b\\x1b[2J"},
		{"range = 20000\t30000", "range = 20000\t30000"},
		{"execve 'a\\nb'", "execve 'a\\nb'"}, /* made printable before */
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(text_free) struct text text = {};

		text_add_line(&text, rows[i].line);
		cr_expect_str_eq(text_str(&text), rows[i].shown, "row %zu", i);
	}
}
