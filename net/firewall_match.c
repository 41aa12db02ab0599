#include "net/firewall_match.h"

#include "lib/json.h"
#include "lib/own.h"
#include "net/firewall_judge.h"
#include "net/firewall_table.h"

#include <arpa/inet.h>
#include <byteswap.h>
#include <linux/if_ether.h>
#include <string.h>
#include <strings.h>

/* ------------------------------------------------------------------ what a packet has */

/* VALUE_NONE: the packet has no such field, and the kernel's rule doesn't match then, whatever it
 * compares it with. */
struct value {
	enum {
		VALUE_UNKNOWN,
		VALUE_NONE,
		VALUE_NUMBER,
		VALUE_ETHER,
		VALUE_HWADDR,
		VALUE_INTERFACE,
		VALUE_ADDRESS
	} kind;
	uint64_t number;
	uint64_t or_else; /* what it may be as well, which can't be told; the same: nothing */
	const char *text;
	int family;
	struct in6_addr address;
};

static const struct value unknown = {VALUE_UNKNOWN}, none = {VALUE_NONE};

static struct value of_number(bool has, uint64_t number)
{
	return has ? (struct value){.kind = VALUE_NUMBER, .number = number, .or_else = number}
		   : none;
}

static struct value of_hwaddr(bool has, const char *hwaddr)
{
	return has ? (struct value){.kind = VALUE_HWADDR, .text = hwaddr} : none;
}

static struct value of_address(bool has, int family, const struct in6_addr *address)
{
	return has ? (struct value){.kind = VALUE_ADDRESS, .family = family, .address = *address}
		   : none;
}

static struct value of_interface(const char *name)
{
	return name ? (struct value){.kind = VALUE_INTERFACE, .text = name} : unknown;
}

static struct value of_ether(const struct packet *packet)
{
	const uint64_t type = packet->ether_type;

	return (struct value){.kind = VALUE_ETHER, .number = type, .or_else = type};
}

static struct value meta_value(const struct packet *packet, const char *key)
{
	const bool ip = packet->ether_type != ETH_P_ARP;

	if (strcmp(key, "iifname") == 0 || strcmp(key, "iif") == 0)
		return of_interface(packet->iif);
	if (strcmp(key, "oifname") == 0 || strcmp(key, "oif") == 0)
		return of_interface(packet->oif);
	if (strcmp(key, "nfproto") == 0)
		return of_number(ip, (uint64_t)packet->family);
	if (strcmp(key, "l4proto") == 0)
		return of_number(ip, packet->protocol);
	if (strcmp(key, "protocol") == 0)
		return of_ether(packet);
	return unknown;
}

static bool has_ports(const struct packet *packet, const char *header)
{
	static const struct {
		const char *header;
		uint8_t protocol;
	} rows[] = {
		{"tcp", IPPROTO_TCP},   {"udp", IPPROTO_UDP},   {"udplite", IPPROTO_UDPLITE},
		{"sctp", IPPROTO_SCTP}, {"dccp", IPPROTO_DCCP},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].protocol == packet->protocol)
			return packet->ether_type != ETH_P_ARP &&
			       (strcmp(header, "th") == 0 || strcmp(header, rows[i].header) == 0);
	return false;
}

static struct value port_value(const struct packet *packet, const char *header, const char *field)
{
	enum { SYN = 2, RST = 4, ACK = 16 };
	const uint64_t flags = packet->refusal ? RST | ACK : packet->answer ? SYN | ACK : SYN;

	if (strcmp(field, "sport") == 0)
		return of_number(has_ports(packet, header), packet->source_port);
	if (strcmp(field, "dport") == 0)
		return of_number(has_ports(packet, header), packet->destination_port);
	if (strcmp(header, "tcp") == 0 && strcmp(field, "flags") == 0)
		return of_number(has_ports(packet, header), flags);
	return has_ports(packet, header) ? unknown : none;
}

static struct value icmp_value(const struct packet *packet, uint8_t protocol, const char *field)
{
	const bool is = packet->ether_type != ETH_P_ARP && packet->protocol == protocol;

	if (strcmp(field, "type") == 0)
		return of_number(is, packet->icmp_type);
	if (strcmp(field, "code") == 0)
		return of_number(is, 0);
	return is ? unknown : none;
}

static struct value ip_value(const struct packet *packet, int family, const char *field)
{
	const bool is = packet->ether_type == (family == AF_INET ? ETH_P_IP : ETH_P_IPV6);
	const struct in6_addr *address = strcmp(field, "saddr") == 0   ? &packet->source
					 : strcmp(field, "daddr") == 0 ? &packet->destination
								       : NULL;

	if (address)
		return packet->vague && is ? unknown : of_address(is, family, address);
	if (strcmp(field, "protocol") == 0 || strcmp(field, "nexthdr") == 0)
		return of_number(is, packet->protocol);
	return is ? unknown : none;
}

/* On the way in, a sender's hardware address is anybody's. */
static struct value link_value(const struct packet *packet, const char *field)
{
	if (strcmp(field, "type") == 0)
		return of_ether(packet);
	return strcmp(field, "saddr") == 0 && !packet->in && packet->hwaddr
		       ? of_hwaddr(true, packet->hwaddr)
		       : unknown;
}

static struct value arp_value(const struct packet *packet, const char *field)
{
	const bool is = packet->ether_type == ETH_P_ARP;

	if (strcmp(field, "saddr ether") == 0)
		return (packet->in || !packet->hwaddr) && is ? unknown
							     : of_hwaddr(is, packet->hwaddr);
	if (strcmp(field, "saddr ip") == 0)
		return of_address(is, AF_INET, &packet->source);
	return is ? unknown : none;
}

static struct value payload_value(const struct packet *packet, const char *header,
				  const char *field)
{
	if (strcmp(header, "ether") == 0)
		return link_value(packet, field);
	if (strcmp(header, "arp") == 0)
		return arp_value(packet, field);
	if (strcmp(header, "ip") == 0 || strcmp(header, "ip6") == 0)
		return ip_value(packet, header[2] ? AF_INET6 : AF_INET, field);
	if (strcmp(header, "icmp") == 0 || strcmp(header, "icmpv6") == 0)
		return icmp_value(packet, header[4] ? IPPROTO_ICMPV6 : IPPROTO_ICMP, field);
	return port_value(packet, header, field);
}

/* NFT_CT_STATE: neighbours' questions are untracked, those of ARP invalid where the host has asked
 * them itself (nf_conntrack_bridge sees just what comes by a port), and everything else is the
 * first of its connection. */
static struct value state_of(const struct packet *packet)
{
	enum { INVALID = 1, ESTABLISHED = 2, RELATED = 4, NEW = 8, UNTRACKED = 64 };

	if (packet->ether_type == ETH_P_ARP)
		return (struct value){
			.kind = VALUE_NUMBER, .number = UNTRACKED, .or_else = INVALID};
	return of_number(true, packet->protocol == IPPROTO_ICMPV6 && packet->icmp_type >= 133 &&
					       packet->icmp_type <= 137
				       ? UNTRACKED
			       : packet->refusal ? RELATED
			       : packet->answer  ? ESTABLISHED
						 : NEW);
}

/* What a rule has translated makes an answer unclear before it can be asked for here. */
static struct value connection_value(const struct packet *packet, const char *key)
{
	if (strcmp(key, "state") == 0)
		return state_of(packet);
	if (packet->ether_type == ETH_P_ARP || packet->vague)
		return unknown;
	if (strcmp(key, "direction") == 0)
		return of_number(true, packet->answer);
	return strcmp(key, "status") == 0 && !packet->answer && !packet->refusal
		       ? of_number(true, 0)
		       : unknown;
}

/* @left: {"meta": {"key": "iifname"}}, {"payload": {"protocol": "ip", "field": "saddr"}}, ... */
static struct value left_value(const struct packet *packet, const struct json *left)
{
	const struct json *meta = json_find(left, "meta"), *ct = json_find(left, "ct");
	const struct json *payload = json_find(left, "payload");
	const char *header = json_string(payload, "protocol"),
		   *field = json_string(payload, "field");

	if (json_string(meta, "key"))
		return meta_value(packet, json_string(meta, "key"));
	if (header && field)
		return payload_value(packet, header, field);
	if (json_string(ct, "key"))
		return connection_value(packet, json_string(ct, "key"));
	return unknown;
}

/* ------------------------------------------------------------------ what it is compared with */

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

static enum match compare_masked(const struct match_scope *scope, const struct packet *packet,
				 const struct json *masked, const struct json *right)
{
	const struct json *left = masked->first, *mask = left ? left->next : NULL;
	struct value value;
	uint64_t bits, want;

	if (!mask || match_tired(scope, mask->count + right->count) || !read_bits(mask, &bits) ||
	    !read_bits(right, &want))
		return MATCH_UNKNOWN;
	value = left_value(packet, left);
	if (value.kind == VALUE_NONE)
		return MATCH_NO;
	return value.kind == VALUE_NUMBER
		       ? if_same((value.number & bits) == want, (value.or_else & bits) == want)
		       : MATCH_UNKNOWN;
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
	value = masked ? unknown : left_value(packet, left);
	if (value.kind == VALUE_NONE)
		return MATCH_NO;
	if (masked)
		one = compare_masked(scope, packet, masked, right);
	else
		one = value.kind == VALUE_UNKNOWN ? MATCH_UNKNOWN : compare(scope, &value, right);
	return inverted ? (enum match)(MATCH_YES - one) : one;
}

/* "*" is for what no other key is. */
enum match match_map_key(const struct json *left, const struct json *key,
			 const struct packet *packet)
{
	const struct value value = left_value(packet, left);

	if (value.kind == VALUE_NONE)
		return MATCH_NO;
	key = element(key);
	if (key->type == JSON_STRING && strcmp(key->text, "*") == 0)
		return MATCH_UNKNOWN;
	return compare_one(&value, key);
}
