#pragma once

#include "lib/own.h"

#include <stdarg.h>
#include <stddef.h>

/*
 * A string that grows. Always terminated, also when empty ({} is a valid empty text).
 * Out of memory ends the program (see arena.h).
 */
struct text {
	char *at; /* NULL while empty: use text_str() to read */
	size_t length;
	size_t room;
};

void text_add(struct text *text, const char *s);
void text_addn(struct text *text, const char *s, size_t length);
void text_addc(struct text *text, char c);
void text_addf(struct text *text, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void text_addv(struct text *text, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));

/** text_str() - what is in @text, "" if nothing; valid until the next change. */
const char *text_str(const struct text *text);

/** text_take() - the string itself, the caller's to free; @text is empty afterwards. Never NULL. */
char *text_take(struct text *text);

void text_clear(struct text *text); /* empty, memory kept */
void text_free(struct text *text);
DEFINE_CLEANUP(struct text, text_free);

/**
 * next_word() - the next word of *@rest, split at blanks and tabs
 * Return: where it starts (its length in *@length), NULL when there is none; *@rest moves on.
 */
const char *next_word(const char **rest, size_t *length);

/** line_has_word() - whether one of @line's words, as next_word() splits it, is @word */
bool line_has_word(const char *line, const char *word);

bool starts_with(const char *s, const char *prefix);
bool ends_with(const char *s, const char *suffix);

/** same_string() - equal, or both NULL */
bool same_string(const char *a, const char *b);

/*
 * Strict numbers: the whole string is digits (a '-' first for i64), no sign, blank or suffix else;
 * overflow is an error. Return: 0, -EINVAL or -ERANGE; @value is written on success only.
 */
int parse_u64(const char *s, unsigned long *value);
int parse_i64(const char *s, long *value);
int parse_u32(const char *s, unsigned int *value);
