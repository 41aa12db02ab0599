#pragma once

#include <stddef.h>

struct text;

/*
 * The notes of a container: UTF-8 in memory, percent-encoded behind '#' in the file.
 */

/**
 * description_decode() - add @length bytes of a file to @out
 *
 * %HH becomes a byte; then each sequence that is no UTF-8 becomes U+FFFD. A '%' without two
 * digits behind it stays.
 */
void description_decode(struct text *out, const char *line, size_t length);

/**
 * description_write() - as '#' lines, each ended
 *
 * Empty lines at the end vanish, as does a description of nothing else.
 */
void description_write(struct text *out, const char *description, size_t length);

/** description_encode() - as one text without line breaks, for a single line of output. */
void description_encode(struct text *out, const char *description, size_t length);
