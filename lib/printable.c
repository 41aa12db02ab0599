#include "lib/printable.h"

#include "lib/arena.h"
#include "lib/text.h"
#include "lib/utf8.h"

#include <string.h>

/* Controls of both kinds, private use, what turns the direction of writing or has no width. */
static bool is_printable(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} hidden[] = {
		{0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},       {0x61c, 0x61c},
		{0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},   {0xe000, 0xf8ff},
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

/* @escaped: a character that could be printed; @kept: one that couldn't. 0: none */
static void add(struct text *text, const char *name, uint32_t escaped, uint32_t kept)
{
	for (size_t left = strlen(name), n; left; left -= n, name += n) {
		uint32_t code;

		n = utf8_next(name, left, &code);
		if ((is_printable(code) && code != escaped) || (kept && code == kept))
			text_addn(text, name, n);
		else
			for (size_t i = 0; i < n; i++)
				add_escaped(text, (unsigned char)name[i]);
	}
}

void text_add_printable(struct text *text, const char *name)
{
	add(text, name, '\\', 0);
}

void text_add_line(struct text *text, const char *line)
{
	add(text, line, 0, '\t');
}

const char *printable(struct arena *arena, const char *name)
{
	cleanup_(text_free) struct text text = {};

	text_add_printable(&text, name);
	return arena_strdup(arena, text_str(&text));
}
