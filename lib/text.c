#include "lib/text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static void text_reserve(struct text *text, size_t more)
{
	size_t room = text->room ? text->room : 64;

	if (text->length + more + 1 <= text->room)
		return;
	while (room < text->length + more + 1)
		room *= 2;
	text->at = realloc(text->at, room);
	if (!text->at) {
		(void)fputs("pctrun: out of memory\n", stderr);
		exit(1);
	}
	text->room = room;
}

void text_addn(struct text *text, const char *s, size_t length)
{
	text_reserve(text, length);
	memcpy(text->at + text->length, s, length);
	text->length += length;
	text->at[text->length] = '\0';
}

void text_add(struct text *text, const char *s)
{
	text_addn(text, s, strlen(s));
}

void text_addc(struct text *text, char c)
{
	text_addn(text, &c, 1);
}

void text_addv(struct text *text, const char *fmt, va_list args)
{
	va_list again;
	size_t room;
	int length;

	va_copy(again, args);
	text_reserve(text, 0);
	room = text->room - text->length;
	length = vsnprintf(text->at + text->length, room, fmt, args);
	if (length > 0 && (size_t)length >= room) {
		text_reserve(text, (size_t)length);
		(void)vsnprintf(text->at + text->length, (size_t)length + 1, fmt, again);
	}
	text->length += length > 0 ? (size_t)length : 0;
	text->at[text->length] = '\0';
	va_end(again);
}

void text_addf(struct text *text, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	text_addv(text, fmt, args);
	va_end(args);
}

const char *text_str(const struct text *text)
{
	return text->at ? text->at : "";
}

char *text_take(struct text *text)
{
	char *taken;

	text_reserve(text, 0);
	text->at[text->length] = '\0';
	taken = text->at;
	*text = (struct text){};
	return taken;
}

void text_clear(struct text *text)
{
	text->length = 0;
	if (text->at)
		text->at[0] = '\0';
}

void text_free(struct text *text)
{
	free(text->at);
	*text = (struct text){};
}

const char *next_word(const char **rest, size_t *length)
{
	const char *word = *rest + strspn(*rest, " \t");

	*length = strcspn(word, " \t");
	*rest = word + *length;
	return *length ? word : NULL;
}

bool line_has_word(const char *line, const char *word)
{
	const size_t wanted = strlen(word);
	const char *one;
	size_t length;

	while ((one = next_word(&line, &length)))
		if (length == wanted && memcmp(one, word, length) == 0)
			return true;
	return false;
}

bool starts_with(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool ends_with(const char *s, const char *suffix)
{
	size_t length = strlen(s), suffix_length = strlen(suffix);

	return length >= suffix_length && strcmp(s + length - suffix_length, suffix) == 0;
}

bool same_string(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

int parse_u64(const char *s, unsigned long *value)
{
	unsigned long sum = 0;

	if (!*s)
		return -EINVAL;
	for (; *s; s++) {
		if (!isdigit((unsigned char)*s))
			return -EINVAL;
		if (__builtin_mul_overflow(sum, 10UL, &sum) ||
		    __builtin_add_overflow(sum, (unsigned long)(*s - '0'), &sum))
			return -ERANGE;
	}
	*value = sum;
	return 0;
}

int parse_i64(const char *s, long *value)
{
	bool negative = *s == '-';
	unsigned long size;
	int r;

	r = parse_u64(negative ? s + 1 : s, &size);
	if (r < 0)
		return r;
	if (size > (unsigned long)INT64_MAX + negative)
		return -ERANGE;
	*value = negative ? (long)-size : (long)size;
	return 0;
}

int parse_u32(const char *s, unsigned int *value)
{
	unsigned long wide;
	int r;

	r = parse_u64(s, &wide);
	if (r < 0)
		return r;
	if (wide > UINT32_MAX)
		return -ERANGE;
	*value = (unsigned int)wide;
	return 0;
}
