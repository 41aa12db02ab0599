#include "oci/members.h"

#include "lib/err.h"
#include "lib/json.h"
#include "oci/spec.h"

#include <string.h>

/* What every {count, items} pair of spec.h looks like. */
struct list {
	size_t count;
	void *items;
};

struct reading {
	struct arena *arena;
	struct err *err;
};

/* Where in the document we are: made into words only for an error. */
struct where {
	const struct where *outer; /* NULL: the document */
	const char *name;          /* of a member        */
	size_t index;              /* of an item, where @name is NULL */
	bool quoted;               /* the name is data   */
};

static const char *where_text(const struct reading *reading, const struct where *where)
{
	const char *outer = where->outer ? where_text(reading, where->outer) : "";

	if (!where->name)
		return arena_printf(reading->arena, "%s[%zu]", outer, where->index);
	if (where->quoted)
		return arena_printf(reading->arena, "%s[\"%s\"]", outer, where->name);
	return arena_printf(reading->arena, "%s%s%s", outer, *outer ? "." : "", where->name);
}

static int read_members(const struct reading *reading, const struct member *table,
			const struct json *object, const struct where *where, void *into);

static int read_value(const struct reading *reading, const struct member *member,
		      const struct json *value, const struct where *where, void *at);

static int wrong_type(const struct reading *reading, const struct json *value,
		      const struct where *where, const char *wanted)
{
	return err_plain(reading->err, -EINVAL, "%s: is %s, %s is needed",
			 where_text(reading, where), json_type_name(value->type), wanted);
}

static int read_string(const struct reading *reading, const struct json *value,
		       const struct where *where, const char **at)
{
	if (value->type != JSON_STRING)
		return wrong_type(reading, value, where, "a string");
	if (strlen(value->text) != value->length)
		return err_plain(reading->err, -EINVAL, "%s: holds a NUL character",
				 where_text(reading, where));
	*at = value->text;
	return 0;
}

static int read_bool(const struct reading *reading, const struct json *value,
		     const struct where *where, bool *at)
{
	if (value->type != JSON_BOOL)
		return wrong_type(reading, value, where, "a boolean");
	*at = value->boolean;
	return 0;
}

static int bad_number(const struct reading *reading, const struct json *value,
		      const struct where *where, int r, const char *wanted)
{
	if (value->type != JSON_NUMBER)
		return wrong_type(reading, value, where, "a number");
	return err_plain(reading->err, -EINVAL, "%s: %s is %s %s", where_text(reading, where),
			 value->text, r == -ERANGE ? "out of range for" : "not", wanted);
}

static int read_u64(const struct reading *reading, const struct json *value,
		    const struct where *where, uint64_t limit, uint64_t *at)
{
	uint64_t number = 0;
	int r = json_u64(value, &number);

	if (r == 0 && number > limit)
		r = -ERANGE;
	if (r < 0)
		return bad_number(reading, value, where, r,
				  limit == UINT32_MAX ? "a whole number of 32 bits"
						      : "a whole number of 64 bits, 0 or more");
	*at = number;
	return 0;
}

static int read_i64(const struct reading *reading, const struct json *value,
		    const struct where *where, int64_t *at)
{
	int r = json_i64(value, at);

	return r < 0 ? bad_number(reading, value, where, r, "a whole number of 64 bits") : 0;
}

static int read_u32(const struct reading *reading, const struct json *value,
		    const struct where *where, uint32_t *at)
{
	uint64_t wide = 0;
	int r = read_u64(reading, value, where, UINT32_MAX, &wide);

	if (r == 0)
		*at = (uint32_t)wide;
	return r;
}

static int read_object(const struct reading *reading, const struct member *member,
		       const struct json *value, const struct where *where, void *at)
{
	if (value->type != JSON_OBJECT)
		return wrong_type(reading, value, where, "an object");
	return read_members(reading, member->table, value, where, at);
}

static int read_pointer(const struct reading *reading, const struct member *member,
			const struct json *value, const struct where *where, void **at)
{
	*at = arena_alloc(reading->arena, member->size);
	return read_object(reading, member, value, where, *at);
}

/* One item of a list: a string, a number, or a struct. */
static int read_item(const struct reading *reading, const struct member *member,
		     const struct json *value, const struct where *where, void *at)
{
	switch (member->kind) {
	case MEMBER_STRINGS:
		return read_string(reading, value, where, at);
	case MEMBER_U32S:
		return read_u32(reading, value, where, at);
	default:
		return read_object(reading, member, value, where, at);
	}
}

static size_t item_size(const struct member *member)
{
	switch (member->kind) {
	case MEMBER_STRINGS:
		return sizeof(char *);
	case MEMBER_U32S:
		return sizeof(uint32_t);
	case MEMBER_MAP:
		return sizeof(struct oci_pair);
	default:
		return member->size;
	}
}

static int read_list(const struct reading *reading, const struct member *member,
		     const struct json *value, const struct where *where, struct list *list)
{
	size_t size = item_size(member), i = 0;
	char *items;
	int r = 0;

	if (value->type != JSON_ARRAY)
		return wrong_type(reading, value, where, "an array");
	items = arena_array(reading->arena, value->count, size);
	json_each (item, value) {
		const struct where inner = {.outer = where, .index = i};

		r = read_item(reading, member, item, &inner, items + i++ * size);
		if (r < 0)
			return r;
	}
	list->count = value->count;
	list->items = items;
	return 0;
}

/* An object whose member names are data: the name is the item's first string. */
static int read_named(const struct reading *reading, const struct member *member,
		      const struct json *value, const struct where *where, struct list *list)
{
	size_t size = item_size(member), i = 0;
	char *items;
	int r = 0;

	if (value->type != JSON_OBJECT)
		return wrong_type(reading, value, where, "an object");
	items = arena_array(reading->arena, value->count, size);
	json_each (item, value) {
		char *at = items + i++ * size;
		const struct where inner = {.outer = where, .name = item->name, .quoted = true};

		*(const char **)at = item->name;
		if (member->kind == MEMBER_MAP)
			r = read_string(reading, item, &inner, &((struct oci_pair *)at)->value);
		else
			r = read_object(reading, member, item, &inner, at);
		if (r < 0)
			return r;
	}
	list->count = value->count;
	list->items = items;
	return 0;
}

static int read_optional(const struct reading *reading, const struct member *member,
			 const struct json *value, const struct where *where, void *at)
{
	struct opt_u64 *u64 = at;
	struct opt_i64 *i64 = at;
	struct opt_bool *boolean = at;
	int r;

	switch (member->kind) {
	case MEMBER_OPT_U64:
		r = read_u64(reading, value, where, UINT64_MAX, &u64->value);
		u64->set = r == 0;
		return r;
	case MEMBER_OPT_I64:
		r = read_i64(reading, value, where, &i64->value);
		i64->set = r == 0;
		return r;
	default:
		r = read_bool(reading, value, where, &boolean->value);
		boolean->set = r == 0;
		return r;
	}
}

static int read_value(const struct reading *reading, const struct member *member,
		      const struct json *value, const struct where *where, void *at)
{
	switch (member->kind) {
	case MEMBER_STRING:
		return read_string(reading, value, where, at);
	case MEMBER_BOOL:
		return read_bool(reading, value, where, at);
	case MEMBER_U32:
		return read_u32(reading, value, where, at);
	case MEMBER_U64:
		return read_u64(reading, value, where, UINT64_MAX, at);
	case MEMBER_I64:
		return read_i64(reading, value, where, at);
	case MEMBER_OPT_U64:
	case MEMBER_OPT_I64:
	case MEMBER_OPT_BOOL:
		return read_optional(reading, member, value, where, at);
	case MEMBER_STRINGS:
	case MEMBER_U32S:
	case MEMBER_LIST:
		return read_list(reading, member, value, where, at);
	case MEMBER_MAP:
	case MEMBER_NAMED:
		return read_named(reading, member, value, where, at);
	case MEMBER_OBJECT:
		return read_object(reading, member, value, where, at);
	case MEMBER_POINTER:
		return read_pointer(reading, member, value, where, at);
	case MEMBER_GIVEN:
		*(bool *)at = true;
		return 0;
	}
	return 0;
}

static int read_members(const struct reading *reading, const struct member *table,
			const struct json *object, const struct where *where, void *into)
{
	for (const struct member *member = table; member->name; member++) {
		const struct json *value = json_find(object, member->name);
		const struct where inner = {.outer = where, .name = member->name};
		int r;

		if (!value && member->required)
			return err_plain(reading->err, -EINVAL, "%s: is missing",
					 where_text(reading, &inner));
		if (!value)
			continue;
		r = read_value(reading, member, value, &inner, (char *)into + member->offset);
		if (r < 0)
			return r;
		if (member->given)
			*((bool *)((char *)into + member->given - 1)) = true;
	}
	return 0;
}

int members_read(struct arena *arena, const struct member *table, const struct json *object,
		 void *into, struct err *err)
{
	const struct reading reading = {arena, err};

	return read_members(&reading, table, object, NULL, into);
}

static void write_items(const struct member *member, const struct list *list, struct json_out *out)
{
	const char *items = list->items;

	json_out_array(out, member->name);
	for (size_t i = 0; i < list->count; i++) {
		const void *item = items + i * item_size(member);

		if (member->kind == MEMBER_STRINGS) {
			json_out_string(out, NULL, *(const char *const *)item);
		} else if (member->kind == MEMBER_U32S) {
			json_out_u64(out, NULL, *(const uint32_t *)item);
		} else {
			json_out_object(out, NULL);
			members_write(member->table, item, out);
			json_out_end(out);
		}
	}
	json_out_end(out);
}

static void write_named(const struct member *member, const struct list *list, struct json_out *out)
{
	const char *items = list->items;

	json_out_object(out, member->name);
	for (size_t i = 0; i < list->count; i++) {
		const void *item = items + i * item_size(member);
		const struct oci_pair *pair = item;

		if (member->kind == MEMBER_MAP) {
			json_out_string(out, pair->name, pair->value);
			continue;
		}
		json_out_object(out, *(const char *const *)item);
		members_write(member->table, item, out);
		json_out_end(out);
	}
	json_out_end(out);
}

static void write_optional(const struct member *member, const void *at, struct json_out *out)
{
	const struct opt_u64 *u64 = at;
	const struct opt_i64 *i64 = at;
	const struct opt_bool *boolean = at;

	if (member->kind == MEMBER_OPT_U64 && u64->set)
		json_out_u64(out, member->name, u64->value);
	if (member->kind == MEMBER_OPT_I64 && i64->set)
		json_out_i64(out, member->name, i64->value);
	if (member->kind == MEMBER_OPT_BOOL && boolean->set)
		json_out_bool(out, member->name, boolean->value);
}

static void write_scalar(const struct member *member, const void *at, struct json_out *out)
{
	bool needed = member->required;

	switch (member->kind) {
	case MEMBER_STRING:
		if (*(const char *const *)at)
			json_out_string(out, member->name, *(const char *const *)at);
		return;
	case MEMBER_BOOL:
		if (needed || *(const bool *)at)
			json_out_bool(out, member->name, *(const bool *)at);
		return;
	case MEMBER_U32:
		if (needed || *(const uint32_t *)at)
			json_out_u64(out, member->name, *(const uint32_t *)at);
		return;
	case MEMBER_U64:
		if (needed || *(const uint64_t *)at)
			json_out_u64(out, member->name, *(const uint64_t *)at);
		return;
	case MEMBER_I64:
		if (needed || *(const int64_t *)at)
			json_out_i64(out, member->name, *(const int64_t *)at);
		return;
	default:
		write_optional(member, at, out);
	}
}

/* Whether anything in the struct at @at would be written: empty objects are left out. */
static bool is_set(const struct member *table, const void *at);

static bool member_is_set(const struct member *member, const void *at)
{
	switch (member->kind) {
	case MEMBER_STRING:
	case MEMBER_POINTER:
		return *(void *const *)at != NULL;
	case MEMBER_BOOL:
	case MEMBER_GIVEN:
	case MEMBER_OPT_U64:
	case MEMBER_OPT_I64:
	case MEMBER_OPT_BOOL:
		return *(const bool *)at; /* struct opt_* begins with set */
	case MEMBER_U32:
		return *(const uint32_t *)at != 0;
	case MEMBER_U64:
	case MEMBER_I64:
		return *(const uint64_t *)at != 0;
	case MEMBER_STRINGS:
	case MEMBER_U32S:
	case MEMBER_MAP:
	case MEMBER_LIST:
	case MEMBER_NAMED:
		return ((const struct list *)at)->count > 0;
	case MEMBER_OBJECT:
		return is_set(member->table, at);
	}
	return false;
}

static bool is_set(const struct member *table, const void *from)
{
	for (const struct member *member = table; member->name; member++) {
		if (member->given && *((const bool *)((const char *)from + member->given - 1)))
			return true;
		if (member_is_set(member, (const char *)from + member->offset))
			return true;
	}
	return false;
}

static void write_struct(const struct member *member, const void *at, struct json_out *out)
{
	json_out_object(out, member->name);
	members_write(member->table, at, out);
	json_out_end(out);
}

static void write_member(const struct member *member, const void *at, bool given,
			 struct json_out *out)
{
	bool wanted = member->required || given || member_is_set(member, at);

	switch (member->kind) {
	case MEMBER_STRINGS:
	case MEMBER_U32S:
	case MEMBER_LIST:
		if (wanted)
			write_items(member, at, out);
		return;
	case MEMBER_MAP:
	case MEMBER_NAMED:
		if (wanted)
			write_named(member, at, out);
		return;
	case MEMBER_OBJECT:
		if (wanted)
			write_struct(member, at, out);
		return;
	case MEMBER_POINTER:
		if (*(void *const *)at)
			write_struct(member, *(void *const *)at, out);
		return;
	case MEMBER_GIVEN:
		return;
	default:
		write_scalar(member, at, out);
	}
}

void members_write(const struct member *table, const void *from, struct json_out *out)
{
	for (const struct member *member = table; member->name; member++) {
		bool given =
			member->given && *((const bool *)((const char *)from + member->given - 1));

		write_member(member, (const char *)from + member->offset, given, out);
	}
}
