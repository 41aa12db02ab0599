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

static int not_whole(const struct reading *reading, const struct json *value,
		     const struct where *where)
{
	if (value->type != JSON_NUMBER)
		return wrong_type(reading, value, where, "a number");
	return err_plain(reading->err, -EINVAL, "%s: %s is not a whole number",
			 where_text(reading, where), value->text);
}

static int read_u64(const struct reading *reading, const struct json *value,
		    const struct where *where, uint64_t limit, uint64_t *at)
{
	uint64_t number = 0;
	int64_t negative;
	int r = json_u64(value, &number);

	if (r == -EINVAL && json_i64(value, &negative) != -EINVAL)
		r = -ERANGE;
	if (r == -EINVAL)
		return not_whole(reading, value, where);
	if (r < 0 || number > limit)
		return err_plain(reading->err, -EINVAL, "%s: %s is not within 0 to %lu",
				 where_text(reading, where), value->text, limit);
	*at = number;
	return 0;
}

static int read_i64(const struct reading *reading, const struct json *value,
		    const struct where *where, int64_t *at)
{
	int r = json_i64(value, at);

	if (r == -ERANGE)
		return err_plain(reading->err, -EINVAL, "%s: %s is not within %ld to %ld",
				 where_text(reading, where), value->text, INT64_MIN, INT64_MAX);
	return r < 0 ? not_whole(reading, value, where) : 0;
}

static int read_u32(const struct reading *reading, const struct json *value,
		    const struct where *where, uint64_t limit, uint32_t *at)
{
	uint64_t wide = 0;
	int r = read_u64(reading, value, where, limit ? limit : UINT32_MAX, &wide);

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
		return read_u32(reading, value, where, 0, at);
	default:
		return read_object(reading, member, value, where, at);
	}
}

static int read_list(const struct reading *reading, const struct member *member,
		     const struct json *value, const struct where *where, struct list *list)
{
	size_t size = member_item_size(member), i = 0;
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

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of a map are any, and as many as the document has: sorted, equal ones are neighbours.
 */
static int check_names(const struct reading *reading, const struct json *object,
		       const struct where *where)
{
	const char **names = arena_array(reading->arena, object->count, sizeof(*names));
	size_t count = 0;

	json_each (item, object)
		names[count++] = item->name;
	qsort(names, count, sizeof(*names), by_text);
	for (size_t i = 1; i < count; i++)
		if (strcmp(names[i - 1], names[i]) == 0) {
			const struct where twice = {
				.outer = where, .name = names[i], .quoted = true};

			return err_plain(reading->err, -EINVAL, "%s: is there twice",
					 where_text(reading, &twice));
		}
	return 0;
}

static int read_named_item(const struct reading *reading, const struct member *member,
			   const struct json *item, const struct where *where, void *at)
{
	struct oci_pair *pair = at;

	*(const char **)at = item->name;
	if (member->kind == MEMBER_MAP)
		return read_string(reading, item, where, &pair->value);
	return read_object(reading, member, item, where, at);
}

/* An object whose member names are data: the name is the item's first string. */
static int read_named(const struct reading *reading, const struct member *member,
		      const struct json *value, const struct where *where, struct list *list)
{
	size_t size = member_item_size(member), count = 0;
	char *items;
	int r;

	if (value->type != JSON_OBJECT)
		return wrong_type(reading, value, where, "an object");
	r = check_names(reading, value, where);
	if (r < 0)
		return r;
	items = arena_array(reading->arena, value->count, size);
	json_each (item, value) {
		const struct where inner = {.outer = where, .name = item->name, .quoted = true};

		if (item->type == JSON_NULL)
			continue;
		r = read_named_item(reading, member, item, &inner, items + count++ * size);
		if (r < 0)
			return r;
	}
	list->count = count;
	list->items = items;
	return 0;
}

static uint64_t largest(const struct member *member)
{
	return member->limit ? member->limit : UINT64_MAX;
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
		r = read_u64(reading, value, where, largest(member), &u64->value);
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
	case MEMBER_INT:
		return read_u32(reading, value, where, INT32_MAX, at);
	case MEMBER_U32:
		return read_u32(reading, value, where, member->limit, at);
	case MEMBER_U64:
		return read_u64(reading, value, where, largest(member), at);
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
	}
	return 0;
}

/* The member at @where, NULL if it is absent or null. Which of two would count is anybody's guess.
 */
static int find_once(const struct reading *reading, const struct json *object,
		     const struct where *where, const struct json **found)
{
	*found = NULL;
	json_each (member, object) {
		if (strcmp(member->name, where->name) != 0)
			continue;
		if (*found)
			return err_plain(reading->err, -EINVAL, "%s: is there twice",
					 where_text(reading, where));
		*found = member;
	}
	if (*found && (*found)->type == JSON_NULL)
		*found = NULL;
	return 0;
}

static int read_members(const struct reading *reading, const struct member *table,
			const struct json *object, const struct where *where, void *into)
{
	for (const struct member *member = table; member->name; member++) {
		const struct where inner = {.outer = where, .name = member->name};
		const struct json *value;
		int r;

		r = find_once(reading, object, &inner, &value);
		if (r == 0 && !value && member->required)
			return err_plain(reading->err, -EINVAL, "%s: is missing",
					 where_text(reading, &inner));
		if (r == 0 && value)
			r = read_value(reading, member, value, &inner,
				       (char *)into + member->offset);
		if (r < 0)
			return r;
		if (value && member->given)
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

int members_read_text(struct arena *arena, const struct member *table, const char *name,
		      const char *text, size_t length, void *into, struct err *err)
{
	const struct json *root;
	int r;

	r = json_read(arena, name, text, length, &root, err);
	if (r < 0)
		return r;
	if (root->type != JSON_OBJECT)
		return err_plain(err, -EINVAL, "%s: is %s, an object is needed", name,
				 json_type_name(root->type));
	r = members_read(arena, table, root, into, err);
	if (r < 0)
		err_add(err, "%s", name);
	return r;
}

int members_read_list(struct arena *arena, const struct member *table, size_t size,
		      const char *name, const char *text, void *list, struct err *err)
{
	const struct member member = {.kind = MEMBER_LIST, .table = table, .size = size};
	const struct where where = {.name = name};
	const struct reading reading = {arena, err};
	const struct json *root;
	int r = json_read(arena, name, text, strlen(text), &root, err);

	return r < 0 ? r : read_list(&reading, &member, root, &where, list);
}

size_t member_item_size(const struct member *member)
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
