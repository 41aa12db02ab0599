#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Texts as RFC 3629 and Unicode 15 (table 3-7, well-formed UTF-8) have them. */

#define UTF8_NONE UINT32_MAX /* no character */

/**
 * utf8_next() - what a text begins with
 * @at: the text; @length: of it in bytes, at least 1
 * @code: set to the character, or to UTF8_NONE where there is none: a byte that begins nothing, a
 *        sequence that is cut short, a surrogate, too long a form
 *
 * Return: how many bytes it has, at least 1. Without a character, those that belong together by
 * Unicode's advice for U+FFFD (3.9, "maximal subpart").
 */
size_t utf8_next(const char *at, size_t length, uint32_t *code);

/** utf8_continues() - whether @byte can't begin a character: a text may not be cut before it */
bool utf8_continues(char byte);

/** utf8_valid() - whether @text is made of characters throughout */
bool utf8_valid(const char *text);
