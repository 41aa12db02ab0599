#include "lib/utf8.h"

#include "lib/own.h"

#include <criterion/criterion.h>
#include <string.h>

/* What a text begins with; Unicode 15, tables 3-7 to 3-10. */
Test(lib_utf8, next)
{
	static const struct {
		const char *text;
		size_t length;
		uint32_t code;
	} rows[] = {
		{"a", 1, 'a'},
		{"\x7f\x80", 1, 0x7f},
		{"\xc3\xa4z", 2, 0xe4},
		{"\xdf\xbf", 2, 0x7ff},
		{"\xe0\xa0\x80", 3, 0x800},
		{"\xef\xbf\xbf", 3, 0xffff},
		{"\xf0\x90\x80\x80", 4, 0x10000},
		{"\xf4\x8f\xbf\xbf", 4, 0x10ffff},
		{"\x80", 1, UTF8_NONE},     /* goes on with nothing              */
		{"\xe4r", 1, UTF8_NONE},    /* Latin-1                           */
		{"\xc0\xaf", 1, UTF8_NONE}, /* too long a form of '/'            */
		{"\xe0\x80\xaf", 1, UTF8_NONE},
		{"\xed\xa0\x80", 1, UTF8_NONE},     /* half a surrogate                  */
		{"\xf4\x90\x80\x80", 1, UTF8_NONE}, /* behind the last character         */
		{"\xf1\x80\x80z", 3, UTF8_NONE},    /* cut short: what belongs together  */
		{"\xe1\x80", 2, UTF8_NONE},
		{"\xff", 1, UTF8_NONE},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint32_t code;

		cr_expect_eq(utf8_next(rows[i].text, strlen(rows[i].text), &code), rows[i].length,
			     "row %zu", i);
		cr_expect_eq(code, rows[i].code, "row %zu: %x", i, code);
	}
}

Test(lib_utf8, valid)
{
	cr_expect(utf8_valid(""));
	cr_expect(utf8_valid("/srv/b\xc3\xbc\xe2\x82\xac.raw"));
	cr_expect_not(utf8_valid("/srv/b\xfc"));
	cr_expect_not(utf8_valid("\xe2\x82"));
}

Test(lib_utf8, continues)
{
	static const char text[] = "b\xc3\xbc\xe2\x82\xac";
	static const bool continues[] = {false, false, true, false, true, true, false};

	for (size_t i = 0; i < ARRAY_SIZE(continues); i++)
		cr_expect_eq(utf8_continues(text[i]), continues[i], "byte %zu", i);
}
