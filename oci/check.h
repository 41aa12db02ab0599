#pragma once

#include "oci/spec.h"

/** oci_values_check() - words and ranges of linux.*: part of oci_spec_check(). */
int oci_values_check(const struct oci_spec *spec, struct err *err);

/** oci_word_check() - refuse @word unless @words (NULL-terminated) has it, saying what it may be.
 */
int oci_word_check(const char *path, const char *word, const char *const *words, struct err *err);
