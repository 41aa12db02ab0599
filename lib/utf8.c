#include "lib/utf8.h"

#include "lib/own.h"

#include <string.h>

/* By first byte: how many there are, and what the second may be; the others are 80 to BF. */
static const struct row {
	unsigned char first, last;
	unsigned char length;
	unsigned char second_min, second_max;
} rows[] = {
	{0x00, 0x7f, 1, 0x80, 0xbf}, {0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf},
	{0xe1, 0xec, 3, 0x80, 0xbf}, {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf},
	{0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
};

static const struct row *find_row(unsigned char first)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (first >= rows[i].first && first <= rows[i].last)
			return &rows[i];
	return NULL;
}

/* The bits of a first byte that are the character's. */
static uint32_t first_bits(unsigned char first, size_t length)
{
	return length == 1 ? first : first & (0x7fU >> length);
}

size_t utf8_next(const char *at, size_t length, uint32_t *code)
{
	const struct row *row = find_row((unsigned char)*at);
	uint32_t bits;
	size_t n = 1;

	*code = UTF8_NONE;
	if (!row)
		return 1;
	bits = first_bits((unsigned char)*at, row->length);
	for (; n < row->length && n < length; n++) {
		const unsigned char byte = (unsigned char)at[n];
		const unsigned char min = n == 1 ? row->second_min : 0x80;
		const unsigned char max = n == 1 ? row->second_max : 0xbf;

		if (byte < min || byte > max)
			return n;
		bits = bits << 6 | (byte & 0x3f);
	}
	if (n == row->length)
		*code = bits;
	return n;
}

bool utf8_continues(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

bool utf8_valid(const char *text)
{
	uint32_t code = 0;

	for (size_t left = strlen(text), n; left && code != UTF8_NONE; left -= n, text += n)
		n = utf8_next(text, left, &code);
	return code != UTF8_NONE;
}
