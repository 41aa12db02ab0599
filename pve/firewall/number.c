#include "pve/firewall/parts.h"

#include "lib/arena.h"
#include "lib/list.h"
#include "lib/own.h"
#include "lib/text.h"

#include <string.h>
#include <strings.h>

enum { PORTS_MAX = 15, TCP = 6, UDP = 17 }; /* a range counts twice */

struct word {
	const char *name, *number;
};

/* Names of IANA's list that firewalls have to do with. */
static const struct word protocols[] = {
	{"icmp", "1"},   {"igmp", "2"},         {"ipencap", "4"},    {"tcp", "6"},
	{"egp", "8"},    {"udp", "17"},         {"dccp", "33"},      {"ipv6", "41"},
	{"rsvp", "46"},  {"gre", "47"},         {"esp", "50"},       {"ah", "51"},
	{"skip", "57"},  {"icmpv6", "58"},      {"ipv6-icmp", "58"}, {"eigrp", "88"},
	{"ospf", "89"},  {"ax.25", "93"},       {"ipip", "94"},      {"etherip", "97"},
	{"encap", "98"}, {"pim", "103"},        {"ipcomp", "108"},   {"vrrp", "112"},
	{"l2tp", "115"}, {"isis", "124"},       {"sctp", "132"},     {"udplite", "136"},
	{"fc", "133"},   {"mpls-in-ip", "137"}, {"hip", "139"},      {"shim6", "140"},
};

/* IANA: ICMP parameters. */
static const struct word types4[] = {
	{"echo-reply", "0"},
	{"destination-unreachable", "3"},
	{"network-unreachable", "3/0"},
	{"host-unreachable", "3/1"},
	{"protocol-unreachable", "3/2"},
	{"port-unreachable", "3/3"},
	{"fragmentation-needed", "3/4"},
	{"source-route-failed", "3/5"},
	{"network-unknown", "3/6"},
	{"host-unknown", "3/7"},
	{"network-prohibited", "3/9"},
	{"host-prohibited", "3/10"},
	{"TOS-network-unreachable", "3/11"},
	{"TOS-host-unreachable", "3/12"},
	{"communication-prohibited", "3/13"},
	{"host-precedence-violation", "3/14"},
	{"precedence-cutoff", "3/15"},
	{"source-quench", "4"},
	{"redirect", "5"},
	{"network-redirect", "5/0"},
	{"host-redirect", "5/1"},
	{"TOS-network-redirect", "5/2"},
	{"TOS-host-redirect", "5/3"},
	{"echo-request", "8"},
	{"router-advertisement", "9"},
	{"router-solicitation", "10"},
	{"time-exceeded", "11"},
	{"ttl-zero-during-transit", "11/0"},
	{"ttl-zero-during-reassembly", "11/1"},
	{"parameter-problem", "12"},
	{"ip-header-bad", "12/0"},
	{"required-option-missing", "12/1"},
	{"timestamp-request", "13"},
	{"timestamp-reply", "14"},
	{"address-mask-request", "17"},
	{"address-mask-reply", "18"},
};

/* IANA: ICMPv6 parameters. */
static const struct word types6[] = {
	{"destination-unreachable", "1"},
	{"no-route", "1/0"},
	{"communication-prohibited", "1/1"},
	{"beyond-scope", "1/2"},
	{"address-unreachable", "1/3"},
	{"port-unreachable", "1/4"},
	{"failed-policy", "1/5"},
	{"reject-route", "1/6"},
	{"packet-too-big", "2"},
	{"time-exceeded", "3"},
	{"ttl-zero-during-transit", "3/0"},
	{"ttl-zero-during-reassembly", "3/1"},
	{"parameter-problem", "4"},
	{"bad-header", "4/0"},
	{"unknown-header-type", "4/1"},
	{"unknown-option", "4/2"},
	{"echo-request", "128"},
	{"echo-reply", "129"},
	{"router-solicitation", "133"},
	{"router-advertisement", "134"},
	{"neighbor-solicitation", "135"},
	{"neighbour-solicitation", "135"},
	{"neighbor-advertisement", "136"},
	{"neighbour-advertisement", "136"},
	{"redirect", "137"},
};

static const char *find(const struct word *words, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcasecmp(words[i].name, name) == 0)
			return words[i].number;
	return NULL;
}

/* Without zeros in front, which mean eight to others. Return: NULL: no number up to @max. */
static const char *read_number(struct arena *arena, const char *text, unsigned int max)
{
	unsigned int value;

	return parse_u32(text, &value) == 0 && value <= max ? arena_printf(arena, "%u", value)
							    : NULL;
}

int firewall_protocol(struct arena *arena, const char *text, const char **number)
{
	*number =
		find(protocols, ARRAY_SIZE(protocols), text) ?: read_number(arena, text, UINT8_MAX);
	return *number ? 0 : -EINVAL;
}

/* "8", "3/4" */
static const char *read_type(struct arena *arena, const char *text)
{
	const char *slash = strchr(text, '/'), *type, *code;

	if (!slash)
		return read_number(arena, text, UINT8_MAX);
	type = read_number(arena, arena_strndup(arena, text, (size_t)(slash - text)), UINT8_MAX);
	code = read_number(arena, slash + 1, UINT8_MAX);
	return type && code ? arena_printf(arena, "%s/%s", type, code) : NULL;
}

int firewall_icmp(struct arena *arena, const char *text, bool v6, const char **number)
{
	*number = v6 ? find(types6, ARRAY_SIZE(types6), text)
		     : find(types4, ARRAY_SIZE(types4), text);
	if (!*number)
		*number = read_type(arena, text);
	return *number ? 0 : -EINVAL;
}

/* ------------------------------------------------------------------ ports */

/* A line of services(5): "http 80/tcp www # WorldWideWeb HTTP". Return: NULL: not this name. */
static const char *match_service(struct arena *arena, const char *line, const char *name,
				 const char *protocol)
{
	const char *rest = arena_strndup(arena, line, strcspn(line, "#\n"));
	const char *word, *port = NULL;
	size_t length;
	bool named = false;

	for (size_t i = 0; (word = next_word(&rest, &length)); i++) {
		if (i == 1)
			port = arena_strndup(arena, word, length);
		else if (strlen(name) == length && strncasecmp(word, name, length) == 0)
			named = true;
	}
	if (!named || !port || !strchr(port, '/') || strcmp(strchr(port, '/') + 1, protocol) != 0)
		return NULL;
	return arena_strndup(arena, port, strcspn(port, "/"));
}

static const char *find_service(struct arena *arena, const char *services, const char *name,
				const char *protocol)
{
	const char *word = strcmp(protocol, "17") == 0 ? "udp" : "tcp";
	const char *port = NULL;

	for (const char *line = services; line && *line && !port; line = strchr(line, '\n')) {
		line += *line == '\n';
		port = match_service(arena, line, name, word);
	}
	return port;
}

/* One of a list: a number, a name, or two with a colon between. */
static const char *read_port(struct arena *arena, const char *text, const char *services,
			     const char *protocol)
{
	const char *colon = strchr(text, ':'), *from;
	unsigned int low, high;

	if (!colon)
		return read_number(arena, text, UINT16_MAX)
			       ?: find_service(arena, services, text, protocol);
	from = arena_strndup(arena, text, (size_t)(colon - text));
	if (parse_u32(from, &low) < 0 || parse_u32(colon + 1, &high) < 0 || low > high ||
	    high > UINT16_MAX)
		return NULL;
	return arena_printf(arena, "%u-%u", low, high);
}

static bool has_ports(const char *protocol)
{
	static const char *const with[] = {"6", "17", "136", "33", "132"};

	for (size_t i = 0; protocol && i < ARRAY_SIZE(with); i++)
		if (strcmp(with[i], protocol) == 0)
			return true;
	return false;
}

int firewall_ports(struct arena *arena, const struct firewall_line *line, const char *text,
		   const char *services, const char *protocol, struct oci_strings *ports,
		   struct err *err)
{
	char *rest = arena_strdup(arena, text), *word;
	size_t counted = 0;

	if (!has_ports(protocol))
		return firewall_fail(line, err, "add -p tcp, or leave the ports out",
				     "ports need -p tcp, udp, udplite, dccp or sctp");
	while ((word = strsep(&rest, ","))) {
		const char *port = read_port(arena, word, services, protocol);

		if (!port)
			return firewall_fail(
				line, err,
				"write 1 to 65535, a range like 80:90, or a name of /etc/services",
				"'%s' is no port", word);
		counted += strchr(port, '-') ? 2 : 1;
		*list_push(arena, ports) = port;
	}
	return counted > PORTS_MAX
		       ? firewall_fail(line, err, "write another rule for the rest",
				       "more than %d ports (a range counts twice)", PORTS_MAX)
		       : 0;
}
