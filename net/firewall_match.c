#include "net/firewall_match.h"

#include "lib/json.h"
#include "net/firewall_judge.h"
#include "net/firewall_table.h"
#include "net/firewall_value.h"

#include <arpa/inet.h>
#include <byteswap.h>
#include <string.h>
#include <strings.h>

const struct table_item *match_find(const struct match_scope *scope, enum table_kind kind,
				    const char *name)
{
	const struct table *table = scope->table;
	const struct table_item *item =
		match_tired(scope, 0) ? NULL : table_find(table, kind, scope->family, name);

	return match_tired(scope, item ? (size_t)(item - table->items) : table->count) ? NULL
										       : item;
}

static enum match yes_or_no(bool yes)
{
	return yes ? MATCH_YES : MATCH_NO;
}

/* Of what may be one or the other, @one and @other say whether it fits. */
static enum match if_same(bool one, bool other)
{
	return one == other ? yes_or_no(one) : MATCH_UNKNOWN;
}

/* libnftables 1.0 has ether types in the network's order. */
static bool is_ether_type(const struct value *value, uint64_t number)
{
	return value->kind == VALUE_ETHER && number == bswap_16((uint16_t)value->number);
}

static enum match compare_number(const struct value *value, const struct json *right)
{
	uint64_t number;

	if (right->type != JSON_NUMBER || json_u64(right, &number) < 0)
		return MATCH_UNKNOWN;
	return is_ether_type(value, number)
		       ? MATCH_YES
		       : if_same(number == value->number, number == value->or_else);
}

static enum match compare_hwaddr(const struct value *value, const struct json *right)
{
	return right->type == JSON_STRING ? yes_or_no(strcasecmp(value->text, right->text) == 0)
					  : MATCH_UNKNOWN;
}

/* "veth*" is all that begin so, "veth\*" the one that has the star in its name. */
static enum match compare_interface(const struct value *value, const struct json *right)
{
	const char *star;
	size_t length;

	if (right->type != JSON_STRING)
		return MATCH_UNKNOWN;
	star = strrchr(right->text, '*');
	if (!star || star[1])
		return yes_or_no(strcmp(value->text, right->text) == 0);
	length = (size_t)(star - right->text);
	if (length > 0 && star[-1] == '\\')
		return yes_or_no(strncmp(value->text, right->text, length - 1) == 0 &&
				 strcmp(value->text + length - 1, star) == 0);
	return yes_or_no(strncmp(value->text, right->text, length) == 0);
}

static bool read_address(const struct value *value, const struct json *text,
			 struct in6_addr *address)
{
	*address = (struct in6_addr){};
	return text && text->type == JSON_STRING &&
	       inet_pton(value->family, text->text, address) == 1;
}

static bool same_prefix(const struct in6_addr *a, const struct in6_addr *b, uint64_t bits)
{
	const size_t bytes = bits / 8;
	const unsigned int rest = bits % 8;

	return memcmp(a, b, bytes) == 0 &&
	       (rest == 0 || (a->s6_addr[bytes] ^ b->s6_addr[bytes]) >> (8 - rest) == 0);
}

static enum match compare_prefix(const struct value *value, const struct json *prefix)
{
	const struct json *length = json_find(prefix, "len");
	struct in6_addr address;
	uint64_t bits;

	if (!read_address(value, json_find(prefix, "addr"), &address) || !length ||
	    json_u64(length, &bits) < 0 || bits > 128)
		return MATCH_UNKNOWN;
	return yes_or_no(same_prefix(&value->address, &address, bits));
}

static enum match compare_range(const struct value *value, const struct json *range)
{
	const struct json *first = range->first, *last = first ? first->next : NULL;
	struct in6_addr from, to;
	uint64_t low, high;

	if (!last)
		return MATCH_UNKNOWN;
	if (value->kind == VALUE_ADDRESS)
		return read_address(value, first, &from) && read_address(value, last, &to)
			       ? yes_or_no(memcmp(&from, &value->address, sizeof(from)) <= 0 &&
					   memcmp(&value->address, &to, sizeof(to)) <= 0)
			       : MATCH_UNKNOWN;
	if (value->kind != VALUE_NUMBER || json_u64(first, &low) < 0 || json_u64(last, &high) < 0)
		return MATCH_UNKNOWN;
	return if_same(low <= value->number && value->number <= high,
		       low <= value->or_else && value->or_else <= high);
}

static enum match compare_one(const struct value *value, const struct json *right)
{
	const struct json *prefix = json_find(right, "prefix"), *range = json_find(right, "range");
	struct in6_addr address;

	if (range)
		return compare_range(value, range);
	switch (value->kind) {
	case VALUE_NUMBER:
	case VALUE_ETHER:
		return compare_number(value, right);
	case VALUE_HWADDR:
		return compare_hwaddr(value, right);
	case VALUE_INTERFACE:
		return compare_interface(value, right);
	case VALUE_ADDRESS:
		if (prefix)
			return compare_prefix(value, prefix);
		return read_address(value, right, &address)
			       ? yes_or_no(same_prefix(&value->address, &address, 128))
			       : MATCH_UNKNOWN;
	default:
		return MATCH_UNKNOWN;
	}
}

/* With a time or a comment it is {"elem": {"val": ...}}. */
static const struct json *element(const struct json *item)
{
	const struct json *inner = json_find(json_find(item, "elem"), "val");

	return inner ? inner : item;
}

static enum match compare_list(const struct match_scope *scope, const struct value *value,
			       const struct json *list)
{
	enum match match = MATCH_NO;

	json_each (item, list) {
		enum match one = compare_one(value, element(item));

		match = one > match ? one : match;
		if (match_tired(scope, LOOK))
			return MATCH_UNKNOWN;
	}
	return match;
}

static enum match compare(const struct match_scope *scope, const struct value *value,
			  const struct json *right)
{
	const struct json *set = json_find(right, "set");
	const struct table_item *named;

	if (right->type == JSON_ARRAY)
		return compare_list(scope, value, right);
	if (set)
		return set->type == JSON_ARRAY ? compare_list(scope, value, set)
					       : compare_one(value, set);
	if (right->type != JSON_STRING || right->text[0] != '@')
		return compare_one(value, right);
	named = match_find(scope, TABLE_SET, right->text + 1);
	return named ? compare_list(scope, value, json_find(named->json, "elem")) : MATCH_UNKNOWN;
}

/* tcp flags & (fin | syn) == syn: {"&": [left, bits]}, where several bits are a list. */
static bool read_bits(const struct json *bits, uint64_t *value)
{
	uint64_t one;

	*value = 0;
	if (bits->type == JSON_NUMBER)
		return json_u64(bits, value) == 0;
	json_each (bit, bits) {
		if (bit->type != JSON_NUMBER || json_u64(bit, &one) < 0)
			return false;
		*value |= one;
	}
	return bits->type == JSON_ARRAY;
}

static enum match compare_masked(const struct match_scope *scope, const struct value *value,
				 const struct json *masked, const struct json *right)
{
	const struct json *mask = masked->first ? masked->first->next : NULL;
	uint64_t bits, want;

	if (value->kind != VALUE_NUMBER || !mask ||
	    match_tired(scope, mask->count + right->count) || !read_bits(mask, &bits) ||
	    !read_bits(right, &want))
		return MATCH_UNKNOWN;
	return if_same((value->number & bits) == want, (value->or_else & bits) == want);
}

enum match match_packet(const struct match_scope *scope, const struct json *match,
			const struct packet *packet)
{
	const struct json *left = json_find(match, "left"), *right = json_find(match, "right");
	const struct json *masked = json_find(left, "&");
	const char *op = json_string(match, "op");
	const bool inverted = op && strcmp(op, "!=") == 0;
	struct value value;
	enum match one;

	if (!op || !left || !right || (!inverted && strcmp(op, "==") != 0 && strcmp(op, "in") != 0))
		return MATCH_UNKNOWN;
	value = value_of(packet, masked ? masked->first : left);
	if (value.kind == VALUE_NONE)
		return MATCH_NO;
	if (value.kind == VALUE_UNKNOWN)
		return MATCH_UNKNOWN;
	one = masked ? compare_masked(scope, &value, masked, right) : compare(scope, &value, right);
	return inverted ? (enum match)(MATCH_YES - one) : one;
}

/* "*" is for what no other key is. */
enum match match_map_key(const struct json *left, const struct json *key,
			 const struct packet *packet)
{
	const struct value value = value_of(packet, left);

	if (value.kind == VALUE_NONE)
		return MATCH_NO;
	key = element(key);
	if (key->type == JSON_STRING && strcmp(key->text, "*") == 0)
		return MATCH_UNKNOWN;
	return compare_one(&value, key);
}
