#include "lib/err.h"
#include "lib/text.h"
#include "oci/check.h"

#include <stdio.h>
#include <string.h>

static bool is_one_of(const char *word, const char *const *words)
{
	while (*words && strcmp(*words, word) != 0)
		words++;
	return *words;
}

int oci_word_check(const char *path, const char *word, const char *const *words, struct err *err)
{
	cleanup_(text_free) struct text list = {};

	if (is_one_of(word, words))
		return 0;
	for (const char *const *at = words; *at; at++)
		text_addf(&list, "%s%s", list.length ? ", " : "", *at);
	return err_plain(err, -EINVAL, "%s: '%s' is none of %s", path, word, text_str(&list));
}

int oci_item_check(const char *list, size_t index, const char *member, const char *word,
		   const char *const *words, struct err *err)
{
	char path[128];

	if (is_one_of(word, words))
		return 0;
	(void)snprintf(path, sizeof(path), "%s[%zu]%s", list, index, member);
	return oci_word_check(path, word, words, err);
}

int oci_words_check(const char *path, const struct oci_strings *given, const char *const *words,
		    struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < given->count; i++)
		r = oci_item_check(path, i, "", given->items[i], words, err);
	return r;
}

/* A number of at most 5 digits at *@at, which moves on. Return: -1 if there is none. */
static long take_number(const char **at)
{
	size_t digits = strspn(*at, "0123456789");
	long number = 0;

	if (digits == 0 || digits > 5)
		return -1;
	for (; digits > 0; digits--)
		number = number * 10 + (*(*at)++ - '0');
	return number;
}

static bool take_range(const char **at)
{
	long first = take_number(at), last = first;

	if (first >= 0 && **at == '-') {
		++*at;
		last = take_number(at);
	}
	return first >= 0 && last >= first;
}

int oci_ranges_check(const char *path, const char *list, struct err *err)
{
	const char *at = list;

	while (take_range(&at)) {
		if (!*at)
			return 0;
		if (*at++ != ',')
			break;
	}
	return err_plain(err, -EINVAL, "%s: '%s' is no list of numbers (like 0-3,7)", path, list);
}
