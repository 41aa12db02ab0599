#include "oci/members.h"

#include "lib/json.h"
#include "oci/spec.h"

/* What every {count, items} pair of spec.h looks like. */
struct list {
	size_t count;
	void *items;
};

static void write_items(const struct member *member, const struct list *list, struct json_out *out)
{
	const char *items = list->items;

	json_out_array(out, member->name);
	for (size_t i = 0; i < list->count; i++) {
		const void *item = items + i * member_item_size(member);

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
		const void *item = items + i * member_item_size(member);
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
	switch (member->kind) {
	case MEMBER_STRING:
		if (*(const char *const *)at)
			json_out_string(out, member->name, *(const char *const *)at);
		return;
	case MEMBER_BOOL:
		json_out_bool(out, member->name, *(const bool *)at);
		return;
	case MEMBER_INT:
	case MEMBER_U32:
		json_out_u64(out, member->name, *(const uint32_t *)at);
		return;
	case MEMBER_U64:
		json_out_u64(out, member->name, *(const uint64_t *)at);
		return;
	case MEMBER_I64:
		json_out_i64(out, member->name, *(const int64_t *)at);
		return;
	default:
		write_optional(member, at, out);
	}
}

/* Whether anything in the struct at @at would be written: empty objects are left out. */
static bool is_set(const struct member *table, const void *at);

bool member_is_set(const struct member *member, const void *at)
{
	switch (member->kind) {
	case MEMBER_STRING:
	case MEMBER_POINTER:
		return *(void *const *)at != NULL;
	case MEMBER_BOOL:
	case MEMBER_OPT_U64:
	case MEMBER_OPT_I64:
	case MEMBER_OPT_BOOL:
		return *(const bool *)at; /* struct opt_* begins with set */
	case MEMBER_INT:
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
	if (!member->required && !member->always && !given && !member_is_set(member, at))
		return;
	switch (member->kind) {
	case MEMBER_STRINGS:
	case MEMBER_U32S:
	case MEMBER_LIST:
		write_items(member, at, out);
		return;
	case MEMBER_MAP:
	case MEMBER_NAMED:
		write_named(member, at, out);
		return;
	case MEMBER_OBJECT:
		write_struct(member, at, out);
		return;
	case MEMBER_POINTER:
		if (*(void *const *)at)
			write_struct(member, *(void *const *)at, out);
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

char *members_write_text(const struct member *table, const void *from, bool indented)
{
	struct json_out *out = json_out_new(indented);

	json_out_object(out, NULL);
	members_write(table, from, out);
	json_out_end(out);
	return json_out_take(out);
}

char *members_write_list(const struct member *table, size_t size, const void *list)
{
	const struct member member = {.kind = MEMBER_LIST, .table = table, .size = size};
	struct json_out *out = json_out_new(false);

	write_items(&member, list, out);
	return json_out_take(out);
}
