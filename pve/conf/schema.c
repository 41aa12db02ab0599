#include "pve/conf/schema.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/text.h"
#include "pve/conf/property.h"
#include "pve/conf/value.h"

#include <inttypes.h>
#include <string.h>

/* Is @key @row's name, with an index if it is a family's: no leading zeros, below the count? */
static bool names_key(const struct schema_key *row, const char *key)
{
	size_t length = strlen(row->name);
	const char *index = key + length;
	unsigned int value;

	if (strncmp(key, row->name, length) != 0)
		return false;
	if (!row->count)
		return !*index;
	if (index[0] == '0' && index[1])
		return false;
	return value_is_digits(index) && parse_u32(index, &value) == 0 && value < row->count;
}

const struct schema_key *schema_find(const char *key)
{
	for (const struct schema_key *row = schema_keys; row->name; row++)
		if (names_key(row, key))
			return row;
	return NULL;
}

const char *schema_default(const char *key)
{
	const struct schema_key *row = schema_find(key);

	return row ? row->default_value : NULL;
}

static int type_error(const char *type, const char *text, struct err *err)
{
	return err_plain(err, -EINVAL, "type check ('%s') failed - got '%s'", type, text);
}

static int bool_check(const struct schema_key *row, const char *text, const char **value,
		      struct err *err)
{
	int r = value_bool(text);

	if (r < 0)
		return type_error("boolean", text, err);
	*value = r ? "1" : "0";
	return 0;
}

static int integer_check(const struct schema_key *row, const char *text, const char **value,
			 struct err *err)
{
	if (!value_is_digits(text))
		return type_error("integer", text, err);
	while (text[0] == '0' && text[1])
		text++;
	*value = text;
	return 0;
}

static int number_check(const struct schema_key *row, const char *text, const char **value,
			struct err *err)
{
	*value = text;
	return value_is_decimal(text) ? 0 : type_error("number", text, err);
}

static int text_check(const struct schema_key *row, const char *text, const char **value,
		      struct err *err)
{
	union pve_properties subject = {};
	struct arena arena = {};
	int r = 0;

	*value = text;
	if (row->format && !row->format(text))
		return err_plain(err, -EINVAL, "invalid format - '%s' is no %s", text,
				 row->format_name);
	if (row->properties)
		r = property_read(&arena, row->properties, text, &subject, err);
	arena_free(&arena);
	return r;
}

static int (*const checks[])(const struct schema_key *, const char *, const char **,
			     struct err *) = {
	[SCHEMA_BOOL] = bool_check,
	[SCHEMA_INTEGER] = integer_check,
	[SCHEMA_NUMBER] = number_check,
	[SCHEMA_TEXT] = text_check,
};

int schema_check(struct arena *arena, const char *key, const char *text, const char **value,
		 struct err *err)
{
	const struct schema_key *row = schema_find(key);
	const char *checked = text;
	int r;

	if (!row)
		return err_plain(err, -EINVAL, "unknown setting '%s'", key);
	r = checks[row->type](row, text, &checked, err);
	if (r == 0 && value)
		*value = arena_strdup(arena, checked);
	return r;
}

static int limits_check(const struct schema_key *row, const char *text, struct err *err)
{
	double value = value_number(text);

	if (row->limited && value < (double)row->min)
		return err_plain(err, -EINVAL, "value must have a minimum value of %" PRIi64,
				 row->min);
	if (row->limited && value > (double)row->max)
		return err_plain(err, -EINVAL, "value must have a maximum value of %" PRIi64,
				 row->max);
	return 0;
}

static int words_check(const struct schema_key *row, const char *text, struct err *err)
{
	cleanup_(text_free) struct text words = {};

	if (!row->words)
		return 0;
	for (const char *const *word = row->words; *word; word++) {
		if (strcmp(*word, text) == 0)
			return 0;
		text_addf(&words, "%s%s", words.length ? ", " : "", *word);
	}
	return err_plain(err, -EINVAL, "value '%s' does not have a value in the enumeration '%s'",
			 text, text_str(&words));
}

static int form_check(const struct schema_key *row, const char *text, struct err *err)
{
	if (row->max_length && strlen(text) > row->max_length)
		return err_plain(err, -EINVAL, "value may only be %zu characters long",
				 row->max_length);
	if (row->pattern && !row->pattern(text))
		return err_plain(err, -EINVAL, "value does not match the regex pattern");
	if (strpbrk(text, "\r\n") && strcmp(row->name, "description") != 0)
		return err_plain(err, -EINVAL, "value has a line break");
	return 0;
}

int schema_check_api(struct arena *arena, const char *key, const char *text, const char **value,
		     struct err *err)
{
	const struct schema_key *row = schema_find(key);
	int r = schema_check(arena, key, text, value, err);

	if (r == 0)
		r = limits_check(row, text, err);
	if (r == 0)
		r = words_check(row, text, err);
	if (r == 0)
		r = form_check(row, text, err);
	return r;
}
