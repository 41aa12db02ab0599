#include "pve/conf/property.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/text.h"
#include "pve/conf/value.h"

#include <inttypes.h>
#include <string.h>

#define TABLE_MAX 64 /* of a table's rows: more than any has */

static const struct property *property_find(const struct property *table, const char *name)
{
	for (; table->name; table++)
		if (strcmp(table->name, name) == 0)
			return table;
	return NULL;
}

static const struct property *default_find(const struct property *table)
{
	for (; table->name; table++)
		if (table->default_key)
			return table;
	return NULL;
}

static int limits_check(const struct property *property, int64_t value, struct err *err)
{
	if (!property->limited || (value >= property->min && value <= property->max))
		return 0;
	err_plain(err, -EINVAL, "%s: value must have a %s value of %" PRIi64, property->name,
		  value < property->min ? "minimum" : "maximum",
		  value < property->min ? property->min : property->max);
	if (property->max == INT64_MAX)
		err_hint(err, "write %s=%" PRIi64 " or more", property->name, property->min);
	else
		err_hint(err, "write %s=%" PRIi64 " to %" PRIi64, property->name, property->min,
			 property->max);
	return -EINVAL;
}

static int type_error(const struct property *property, const char *type, const char *text,
		      struct err *err)
{
	err_plain(err, -EINVAL, "%s: type check ('%s') failed - got '%s'", property->name, type,
		  text);
	err_hint(err, "%s takes %s", property->name,
		 strcmp(type, "boolean") == 0  ? "0 or 1"
		 : strcmp(type, "number") == 0 ? "digits, and a dot between them"
					       : "digits alone");
	return -EINVAL;
}

static int word_check(const struct property *property, const char *text, struct err *err)
{
	cleanup_(text_free) struct text words = {};

	for (const char *const *word = property->words; *word; word++) {
		if (strcmp(*word, text) == 0)
			return 0;
		text_addf(&words, "%s%s", words.length ? ", " : "", *word);
	}
	err_plain(err, -EINVAL, "%s: value '%s' does not have a value in the enumeration '%s'",
		  property->name, text, text_str(&words));
	err_hint(err, "write one of these: %s", text_str(&words));
	return -EINVAL;
}

static int text_read(struct arena *arena, const struct property *property, const char *text,
		     void *at, struct err *err)
{
	if (property->words && word_check(property, text, err) < 0)
		return -EINVAL;
	if (property->check && !property->check(text)) {
		err_plain(err, -EINVAL, "%s: invalid format - '%s' is no %s", property->name, text,
			  property->check_name);
		err_hint(err, "it looks like %s", property->example);
		return -EINVAL;
	}
	*(const char **)at = text;
	return 0;
}

static int number_read(struct arena *arena, const struct property *property, const char *text,
		       void *at, struct err *err)
{
	if (!value_is_number(text))
		return type_error(property, "number", text, err);
	*(const char **)at = text;
	return 0;
}

static int bool_read(struct arena *arena, const struct property *property, const char *text,
		     void *at, struct err *err)
{
	int value = value_bool(text);

	if (value < 0)
		return type_error(property, "boolean", text, err);
	*(struct opt_bool *)at = (struct opt_bool){.set = true, .value = value};
	return 0;
}

static int integer_read(struct arena *arena, const struct property *property, const char *text,
			void *at, struct err *err)
{
	const char *digits = text + (*text == '+');
	long value;

	if (!value_is_integer(text) || parse_i64(digits, &value) < 0)
		return type_error(property, "integer", text, err);
	if (limits_check(property, value, err) < 0)
		return -EINVAL;
	*(struct opt_i64 *)at = (struct opt_i64){.set = true, .value = value};
	return 0;
}

static int size_read(struct arena *arena, const struct property *property, const char *text,
		     void *at, struct err *err)
{
	uint64_t bytes;

	if (value_size(text, &bytes) < 0)
		return err_wrong(err, "it looks like 8G or 512M",
				 "%s: invalid format - '%s' is no disk size", property->name, text);
	*(struct opt_u64 *)at = (struct opt_u64){.set = true, .value = bytes};
	return 0;
}

static int (*const readers[])(struct arena *, const struct property *, const char *, void *,
			      struct err *) = {
	[PROPERTY_TEXT] = text_read, [PROPERTY_NUMBER] = number_read,
	[PROPERTY_BOOL] = bool_read, [PROPERTY_INTEGER] = integer_read,
	[PROPERTY_SIZE] = size_read,
};

bool property_given(const struct property *property, const void *from)
{
	const void *at = (const char *)from + property->offset;

	switch (property->type) {
	case PROPERTY_BOOL:
		return ((const struct opt_bool *)at)->set;
	case PROPERTY_INTEGER:
		return ((const struct opt_i64 *)at)->set;
	case PROPERTY_SIZE:
		return ((const struct opt_u64 *)at)->set;
	default:
		return *(const char *const *)at;
	}
}

static bool is_blank(const char *item)
{
	while (value_is_space(*item))
		item++;
	return !*item;
}

static int unknown_key(const struct property *table, const char *item, struct err *err)
{
	cleanup_(text_free) struct text keys = {};

	for (; table->name; table++)
		text_addf(&keys, "%s%s", keys.length ? ", " : "", table->name);
	err_plain(err, -EINVAL,
		  "%s: property is not defined in schema and the schema does not allow additional "
		  "properties",
		  item);
	err_hint(err, "its keys are %s; no blank stands behind a comma", text_str(&keys));
	return -EINVAL;
}

/* Which key @item is for; its value in *@value. @item is cut at the '='. */
static int item_split(const struct property *table, char *item, const struct property **property,
		      const char **value, struct err *err)
{
	char *equals = strchr(item, '=');

	*value = item;
	if (!equals) {
		*property = default_find(table);
		if (*property)
			return 0;
		err_wrong(err, "write KEY=VALUE",
			  "value without key, but schema does not define a default key: '%s'",
			  item);
		return -EINVAL;
	}
	if (equals == item || !equals[1]) {
		err_wrong(err, "write KEY=VALUE",
			  "missing key in comma-separated list property: '%s'", item);
		return -EINVAL;
	}
	*equals = '\0';
	*value = equals + 1;
	*property = property_find(table, item);
	if (!*property)
		return unknown_key(table, item, err);
	return 0;
}

static int item_read(struct arena *arena, const struct property *table, char *item, void *into,
		     struct err *err)
{
	const struct property *property = NULL;
	const char *value;
	int r;

	r = item_split(table, item, &property, &value, err);
	if (r < 0)
		return r;
	if (property_given(property, into))
		return err_wrong(err, "say it once",
				 "duplicate key in comma-separated list property: %s",
				 property->name);
	return readers[property->type](arena, property, value, (char *)into + property->offset,
				       err);
}

int property_read(struct arena *arena, const struct property *table, const char *text, void *into,
		  struct err *err)
{
	char *rest = arena_strdup(arena, text);
	char *item;

	while ((item = strsep(&rest, ","))) {
		int r = is_blank(item) ? 0 : item_read(arena, table, item, into, err);

		if (r < 0)
			return r;
	}
	for (const struct property *p = table; p->name; p++)
		if (p->required && !property_given(p, into))
			return err_wrong(err, arena_printf(arena, "add %s=: %s", p->name, p->help),
					 "%s: property is missing and it is not optional", p->name);
	return 0;
}

static void value_write(struct text *out, const struct property *property, const void *at)
{
	char size[24];

	switch (property->type) {
	case PROPERTY_BOOL:
		text_addc(out, ((const struct opt_bool *)at)->value ? '1' : '0');
		break;
	case PROPERTY_INTEGER:
		text_addf(out, "%ld", ((const struct opt_i64 *)at)->value);
		break;
	case PROPERTY_SIZE:
		text_add(out, value_size_print(((const struct opt_u64 *)at)->value, size));
		break;
	default:
		text_add(out, *(const char *const *)at);
		break;
	}
}

/* Has the value to stand behind its key? A bare one that reads as something else has, too. */
static bool needs_key(const struct property *property, const void *at)
{
	const char *value = property->type == PROPERTY_TEXT ? *(const char *const *)at : "0";

	return !property->default_key || strchr(value, '=') || is_blank(value);
}

static void item_write(struct text *out, const struct property *property, const void *from)
{
	const void *at = (const char *)from + property->offset;

	if (out->length)
		text_addc(out, ',');
	if (needs_key(property, at))
		text_addf(out, "%s=", property->name);
	value_write(out, property, at);
}

static int rank(const struct property *property)
{
	return property->default_key ? 0 : property->required ? 1 : 2;
}

static int order(const void *a, const void *b)
{
	const struct property *left = *(const struct property *const *)a;
	const struct property *right = *(const struct property *const *)b;

	return rank(left) != rank(right) ? rank(left) - rank(right)
					 : strcmp(left->name, right->name);
}

const char *property_write(struct arena *arena, const struct property *table, const void *from)
{
	cleanup_(text_free) struct text out = {};
	const struct property *given[TABLE_MAX];
	size_t count = 0;

	for (; table->name && count < TABLE_MAX; table++)
		if (property_given(table, from))
			given[count++] = table;
	qsort(given, count, sizeof(given[0]), order);
	for (size_t i = 0; i < count; i++)
		item_write(&out, given[i], from);
	return arena_strdup(arena, text_str(&out));
}

enum pve_mount_kind pve_mount_kind(const char *volume)
{
	if (starts_with(volume, "/dev/"))
		return PVE_MOUNT_DEVICE;
	return *volume == '/' ? PVE_MOUNT_BIND : PVE_MOUNT_VOLUME;
}
