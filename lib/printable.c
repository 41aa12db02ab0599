#include "lib/printable.h"

#include "lib/arena.h"
#include "lib/text.h"

#include <stdbool.h>
#include <stdint.h>

/* How a sequence of UTF-8 begins: RFC 3629. @least: what a longer sequence would be too long for.
 */
static const struct {
	unsigned char mask, lead;
	unsigned int length;
	uint32_t least;
} leads[] = {
	{0x80, 0x00, 1, 0x00},
	{0xe0, 0xc0, 2, 0x80},
	{0xf0, 0xe0, 3, 0x800},
	{0xf8, 0xf0, 4, 0x10000},
};

/* Return: how many bytes @at's character has, with *@code; 0: it is none. */
static unsigned int decode(const unsigned char *at, uint32_t *code)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(leads); i++) {
		if ((at[0] & leads[i].mask) != leads[i].lead)
			continue;
		*code = at[0] & (unsigned char)~leads[i].mask;
		for (unsigned int k = 1; k < leads[i].length; k++) {
			if ((at[k] & 0xc0) != 0x80)
				return 0;
			*code = *code << 6 | (at[k] & 0x3f);
		}
		return *code < leads[i].least ? 0 : leads[i].length;
	}
	return 0;
}

/* Controls of both kinds, surrogates, what turns the direction of writing or has no width. */
static bool is_printable(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} hidden[] = {
		{0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},       {0x61c, 0x61c},
		{0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},   {0xd800, 0xf8ff},
		{0xfeff, 0xfeff}, {0xfff9, 0xffff}, {0xe0000, 0xe0fff},
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(hidden); i++)
		if (code >= hidden[i].first && code <= hidden[i].last)
			return false;
	return code <= 0x10ffff;
}

static void add_escaped(struct text *text, unsigned char c)
{
	static const char *const words[] = {['\n'] = "\\n", ['\t'] = "\\t", ['\\'] = "\\\\"};

	if (c < ARRAY_SIZE(words) && words[c])
		text_add(text, words[c]);
	else
		text_addf(text, "\\x%02x", c);
}

void text_add_printable(struct text *text, const char *name)
{
	for (const unsigned char *at = (const unsigned char *)name; *at;) {
		uint32_t code;
		const unsigned int length = decode(at, &code);

		if (length && is_printable(code) && code != '\\') {
			text_addn(text, (const char *)at, length);
			at += length;
			continue;
		}
		for (unsigned int i = 0; i < (length ? length : 1); i++)
			add_escaped(text, at[i]);
		at += length ? length : 1;
	}
}

const char *printable(struct arena *arena, const char *name)
{
	cleanup_(text_free) struct text text = {};

	text_add_printable(&text, name);
	return arena_strdup(arena, text_str(&text));
}
