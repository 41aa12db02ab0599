#include "oci/ext_firewall.h"

#include "lib/err.h"
#include "lib/json.h"
#include "lib/text.h"
#include "oci/annotations.h"
#include "oci/ext.h"
#include "oci/members.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <linux/if_ether.h>
#include <net/if.h>
#include <string.h>

static const struct member interface_members[] = {
	MEMBER("host", STRING, oci_firewall_interface, host, .required = true),
	MEMBER("hwaddr", STRING, oci_firewall_interface, hwaddr),
	MEMBER("filtered", BOOL, oci_firewall_interface, filtered),
	MEMBER("sources", STRINGS, oci_firewall_interface, sources),
	MEMBER("origin", STRING, oci_firewall_interface, origin),
	{},
};

static const struct member set_members[] = {
	MEMBER("name", STRING, oci_firewall_set, name, .required = true),
	MEMBER("addresses", STRINGS, oci_firewall_set, addresses),
	{},
};

static const struct member rule_members[] = {
	MEMBER("direction", STRING, oci_firewall_rule, direction, .required = true),
	MEMBER("action", STRING, oci_firewall_rule, action, .required = true),
	MEMBER("interface", STRING, oci_firewall_rule, interface),
	MEMBER("protocol", STRING, oci_firewall_rule, protocol),
	MEMBER("sourceSet", STRING, oci_firewall_rule, source_set),
	MEMBER("destinationSet", STRING, oci_firewall_rule, destination_set),
	MEMBER("sources", STRINGS, oci_firewall_rule, sources),
	MEMBER("destinations", STRINGS, oci_firewall_rule, destinations),
	MEMBER("sourcePorts", STRINGS, oci_firewall_rule, source_ports),
	MEMBER("destinationPorts", STRINGS, oci_firewall_rule, destination_ports),
	MEMBER("icmpType", STRING, oci_firewall_rule, icmp_type),
	MEMBER("log", STRING, oci_firewall_rule, log),
	MEMBER("origin", STRING, oci_firewall_rule, origin),
	{},
};

static const struct member members[] = {
	MEMBER("name", STRING, oci_firewall, name, .required = true),
	LIST("interfaces", oci_firewall, interfaces, interface_members),
	LIST("sets", oci_firewall, sets, set_members),
	LIST("rules", oci_firewall, rules, rule_members),
	MEMBER("policyIn", STRING, oci_firewall, policy_in, .required = true),
	MEMBER("policyOut", STRING, oci_firewall, policy_out, .required = true),
	MEMBER("logIn", STRING, oci_firewall, log_in),
	MEMBER("logOut", STRING, oci_firewall, log_out),
	MEMBER("dhcp", BOOL, oci_firewall, dhcp),
	MEMBER("ndp", BOOL, oci_firewall, ndp),
	MEMBER("radv", BOOL, oci_firewall, radv),
	MEMBER("protocols", STRINGS, oci_firewall, protocols),
	MEMBER("invalid", BOOL, oci_firewall, invalid),
	MEMBER("origins", MAP, oci_firewall, origins),
	MEMBER("lacks", STRING, oci_firewall, lacks),
	MEMBER("origin", STRING, oci_firewall, origin),
	{},
};

/* ------------------------------------------------------------------ what goes into a script */

static int refuse(const char *member, const char *text, const char *want, struct err *err)
{
	return err_plain(err, -EINVAL, "%s: '%s' is not %s", member, text, want);
}

static bool is_name(const char *text)
{
	size_t length = strlen(text);

	for (const char *at = text; *at; at++)
		if (!isalnum((unsigned char)*at) && !strchr("-_", *at))
			return false;
	return length > 0 && length <= 100;
}

/* As nft's own grammar has it. */
static bool is_set_name(const char *text)
{
	return isalpha((unsigned char)*text) && is_name(text);
}

static bool is_number(const char *text, unsigned int max)
{
	unsigned int value;

	return parse_u32(text, &value) == 0 && value <= max;
}

/* Up to @separator and behind it. Return: false: there is no such, or too much before it. */
static bool split(const char *text, char separator, char first[INET6_ADDRSTRLEN],
		  const char **second)
{
	const char *at = strchr(text, separator);

	if (!at || at - text >= INET6_ADDRSTRLEN)
		return false;
	memcpy(first, text, (size_t)(at - text));
	first[at - text] = '\0';
	*second = at + 1;
	return true;
}

static bool is_address(const char *text)
{
	char first[INET6_ADDRSTRLEN];
	const char *second;

	if (split(text, '/', first, &second))
		return oci_address_bits(first) && is_number(second, oci_address_bits(first));
	if (split(text, '-', first, &second))
		return oci_address_bits(first) &&
		       oci_address_bits(first) == oci_address_bits(second);
	return oci_address_bits(text) != 0;
}

static bool is_port(const char *text)
{
	char first[INET6_ADDRSTRLEN];
	const char *second;

	if (split(text, '-', first, &second))
		return is_number(first, UINT16_MAX) && is_number(second, UINT16_MAX);
	return is_number(text, UINT16_MAX);
}

static bool is_icmp(const char *text)
{
	char first[INET6_ADDRSTRLEN];
	const char *second;

	if (split(text, '/', first, &second))
		return is_number(first, UINT8_MAX) && is_number(second, UINT8_MAX);
	return is_number(text, UINT8_MAX);
}

static bool is_protocol(const char *text)
{
	return is_number(text, UINT8_MAX);
}

/* Below are lengths. */
static bool is_frame(const char *text)
{
	unsigned int value;

	return parse_u32(text, &value) == 0 && value >= ETH_P_802_3_MIN && value <= UINT16_MAX;
}

static bool is_action(const char *text)
{
	return strcmp(text, "accept") == 0 || strcmp(text, "drop") == 0 ||
	       strcmp(text, "reject") == 0;
}

static bool is_direction(const char *text)
{
	return strcmp(text, "in") == 0 || strcmp(text, "out") == 0;
}

const char *const oci_log_levels[OCI_LOG_LEVELS] = {"emerg",   "alert",  "crit", "err",
						    "warning", "notice", "info", "debug"};

static bool is_level(const char *text)
{
	for (size_t i = 0; i < OCI_LOG_LEVELS; i++)
		if (strcmp(oci_log_levels[i], text) == 0)
			return true;
	return false;
}

struct text_check {
	const char *member, *text; /* NULL: not given */
	bool (*good)(const char *text);
	const char *want;
};

static int check_texts(const struct text_check *checks, size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++)
		if (checks[i].text && !checks[i].good(checks[i].text))
			return refuse(checks[i].member, checks[i].text, checks[i].want, err);
	return 0;
}

static int check_list(const char *member, const struct oci_strings *list,
		      bool (*good)(const char *text), const char *want, struct err *err)
{
	for (size_t i = 0; i < list->count; i++)
		if (!good(list->items[i]))
			return refuse(member, list->items[i], want, err);
	return 0;
}

#define SET_NAME "a name that begins with a letter"
#define ADDRESS  "an address, a network or a range"

/* Interfaces may be called nearly anything: in here only what is one word of nft's. */
static bool is_port_name(const char *text)
{
	for (const char *at = text; *at; at++)
		if (!isalnum((unsigned char)*at) && !strchr("-_.", *at))
			return false;
	return isalnum((unsigned char)*text) && strlen(text) < IFNAMSIZ;
}

static bool is_icmp_number(const char *protocol)
{
	return protocol && (strcmp(protocol, "1") == 0 || strcmp(protocol, "58") == 0);
}

static int check_rule(const struct oci_firewall_rule *rule, struct err *err)
{
	const struct text_check checks[] = {
		{"direction", rule->direction, is_direction, "in or out"},
		{"action", rule->action, is_action, "accept, drop or reject"},
		{"protocol", rule->protocol, is_protocol, "a number up to 255"},
		{"sourceSet", rule->source_set, is_set_name, SET_NAME},
		{"destinationSet", rule->destination_set, is_set_name, SET_NAME},
		{"icmpType", rule->icmp_type, is_icmp, "like 8 or 3/4"},
		{"log", rule->log, is_level, "a level of syslog"},
		{"interface", rule->interface, is_port_name, "the name of a port"},
	};
	int r = check_texts(checks, ARRAY_SIZE(checks), err);

	if (r == 0 && rule->icmp_type && !is_icmp_number(rule->protocol))
		r = refuse("protocol", rule->protocol ?: "", "1 or 58, which have an icmpType",
			   err);
	if (r == 0)
		r = check_list("sources", &rule->sources, is_address, ADDRESS, err);
	if (r == 0)
		r = check_list("destinations", &rule->destinations, is_address, ADDRESS, err);
	if (r == 0)
		r = check_list("sourcePorts", &rule->source_ports, is_port, "a port", err);
	if (r == 0)
		r = check_list("destinationPorts", &rule->destination_ports, is_port, "a port",
			       err);
	return r;
}

static int check_interface(const struct oci_firewall_interface *interface, struct err *err)
{
	int r = is_port_name(interface->host)
			? 0
			: refuse("host", interface->host, "the name of a port", err);

	if (r == 0 && interface->hwaddr)
		r = oci_hwaddr_check(interface->hwaddr, err);
	return r < 0 ? r : check_list("sources", &interface->sources, is_address, ADDRESS, err);
}

static int check_firewall(const struct oci_firewall *firewall, struct err *err)
{
	const struct text_check checks[] = {
		{"name", firewall->name, is_name, "a name"},
		{"policyIn", firewall->policy_in, is_action, "accept, drop or reject"},
		{"policyOut", firewall->policy_out, is_action, "accept, drop or reject"},
		{"logIn", firewall->log_in, is_level, "a level of syslog"},
		{"logOut", firewall->log_out, is_level, "a level of syslog"},
	};
	int r = check_texts(checks, ARRAY_SIZE(checks), err);

	if (r == 0)
		r = check_list("protocols", &firewall->protocols, is_frame, "a number from 1536 on",
			       err);
	for (size_t i = 0; r == 0 && i < firewall->interfaces.count; i++)
		r = check_interface(&firewall->interfaces.items[i], err);
	for (size_t i = 0; r == 0 && i < firewall->sets.count; i++) {
		const struct oci_firewall_set *set = &firewall->sets.items[i];

		r = is_set_name(set->name)
			    ? check_list("addresses", &set->addresses, is_address, ADDRESS, err)
			    : refuse("sets", set->name, SET_NAME, err);
	}
	for (size_t i = 0; r == 0 && i < firewall->rules.count; i++) {
		r = check_rule(&firewall->rules.items[i], err);
		if (r < 0)
			err_add(err, "rules[%zu]", i);
	}
	return r;
}

/* ------------------------------------------------------------------ reading and writing */

int oci_firewall_read(struct arena *arena, const struct oci_spec *spec,
		      const struct oci_firewall **firewall, struct err *err)
{
	const char *text = oci_map_find(&spec->annotations, ANNOTATION_FIREWALL);
	struct oci_firewall *read = arena_alloc(arena, sizeof(*read));
	int r;

	*firewall = NULL;
	if (!text)
		return 0;
	r = members_read_text(arena, members, ANNOTATION_FIREWALL, text, strlen(text), read, err);
	if (r < 0)
		return r;
	r = check_firewall(read, err);
	if (r == 0)
		*firewall = read;
	else
		err_add(err, ANNOTATION_FIREWALL);
	return r;
}

char *oci_firewall_write(const struct oci_firewall *firewall)
{
	return members_write_text(members, firewall, false);
}
