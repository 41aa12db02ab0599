#include "pve/description.h"

#include "lib/text.h"

#include <stdbool.h>
#include <string.h>

static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void percent_decode(struct text *out, const char *line, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		int high = i + 2 < length ? digit_value(line[i + 1]) : -1;
		int low = i + 2 < length ? digit_value(line[i + 2]) : -1;

		if (line[i] != '%' || high < 0 || low < 0) {
			text_addc(out, line[i]);
			continue;
		}
		text_addc(out, (char)(high << 4 | low));
		i += 2;
	}
}

/* Well-formed UTF-8 by first byte (Unicode 15, table 3-7): how long, and what the second byte may
 * be; the others are 80 to BF. */
static const struct utf8_row {
	unsigned char first, last;
	unsigned char length;
	unsigned char second_min, second_max;
} utf8_rows[] = {
	{0x00, 0x7f, 1, 0x80, 0xbf}, {0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf},
	{0xe1, 0xec, 3, 0x80, 0xbf}, {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf},
	{0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
};

static const struct utf8_row *utf8_find(unsigned char first)
{
	for (size_t i = 0; i < ARRAY_SIZE(utf8_rows); i++)
		if (first >= utf8_rows[i].first && first <= utf8_rows[i].last)
			return &utf8_rows[i];
	return NULL;
}

/* How many bytes at @at belong together, at least 1; whether they are a character. */
static size_t utf8_next(const char *at, size_t length, bool *valid)
{
	const struct utf8_row *row = utf8_find((unsigned char)*at);
	size_t n = 1;

	*valid = false;
	if (!row)
		return 1;
	for (; n < row->length && n < length; n++) {
		unsigned char byte = (unsigned char)at[n];
		unsigned char min = n == 1 ? row->second_min : 0x80;
		unsigned char max = n == 1 ? row->second_max : 0xbf;

		if (byte < min || byte > max)
			return n;
	}
	*valid = n == row->length;
	return n;
}

void description_decode(struct text *out, const char *line, size_t length)
{
	cleanup_(text_free) struct text bytes = {};
	const char *at;
	size_t n;

	percent_decode(&bytes, line, length);
	at = bytes.at;
	for (size_t left = bytes.length; left; left -= n, at += n) {
		bool valid;

		n = utf8_next(at, left, &valid);
		text_addn(out, valid ? at : replacement, valid ? n : strlen(replacement));
	}
}

static void encode(struct text *out, char c)
{
	unsigned char byte = (unsigned char)c;

	if (byte < 0x20 || byte > 0x7e || c == '%' || c == ':')
		text_addf(out, "%%%02X", byte);
	else
		text_addc(out, c);
}

void description_encode(struct text *out, const char *description, size_t length)
{
	for (size_t i = 0; i < length; i++)
		encode(out, description[i]);
}

void description_write(struct text *out, const char *description, size_t length)
{
	while (length && description[length - 1] == '\n')
		length--;
	for (size_t i = 0; i < length; i++) {
		if (i == 0 || description[i - 1] == '\n')
			text_addc(out, '#');
		if (description[i] == '\n')
			text_addc(out, '\n');
		else
			encode(out, description[i]);
	}
	if (length)
		text_addc(out, '\n');
}
