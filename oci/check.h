#pragma once

#include "oci/spec.h"
#include "oci/words.h"

/* Of a device: MINORBITS of the kernel. */
enum { MAJOR_MAX = (1 << 12) - 1, MINOR_MAX = (1 << 20) - 1 };

/* The parts of oci_spec_check(). */
int oci_values_check(const struct oci_spec *spec, struct err *err);
int oci_seccomp_check(const struct oci_seccomp *seccomp, struct err *err);
int oci_sysctl_check(const struct oci_spec *spec, struct err *err);

/** oci_word_check() - refuse @word unless @words (NULL-terminated) has it, saying what it may be.
 * @path: of the word in the document */
int oci_word_check(const char *path, const char *word, const char *const *words, struct err *err);

/** oci_item_check() - the same for a member of an item: "LIST[INDEX]MEMBER", @member ".type" */
int oci_item_check(const char *list, size_t index, const char *member, const char *word,
		   const char *const *words, struct err *err);

/** oci_words_check() - the same for each of a list of words. */
int oci_words_check(const char *path, const struct oci_strings *given, const char *const *words,
		    struct err *err);

/** oci_ranges_check() - refuse a list of cpus or nodes that isn't one: "0-3,7" is. */
int oci_ranges_check(const char *path, const char *list, struct err *err);
