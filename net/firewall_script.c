#include "lib/text.h"
#include "net/firewall.h"
#include "oci/ext_firewall.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/*
 * nft(8). Everything that comes from the annotation has been checked to be no more than a word.
 *
 * What a packet is says "meta protocol", always: "ether type", which nft puts before some matches
 * of its own accord, is that of the VLAN for one that has a tag, and a packet with the tag 0 is
 * taken by everybody as one without.
 */

enum { COMMENT_MAX = 120 }; /* NFTNL_UDATA_COMMENT_MAXLEN is 128 */

static const struct family {
	const char *name; /* of its matches and protocol */
	char letter;      /* of its sets                 */
	bool colons;
	const char *icmp, *icmp_number;
} families[] = {{"ip", '4', false, "icmp", "1"}, {"ip6", '6', true, "icmpv6", "58"}};

static bool of_family(const struct family *family, const char *address)
{
	return (strchr(address, ':') != NULL) == family->colons;
}

static bool has_family(const struct family *family, const struct oci_strings *addresses)
{
	for (size_t i = 0; i < addresses->count; i++)
		if (of_family(family, addresses->items[i]))
			return true;
	return addresses->count == 0;
}

/* ------------------------------------------------------------------ sets */

/* "10.0.0.1, 10.1.0.0/16" */
static void add_addresses(struct text *script, const struct family *family,
			  const struct oci_strings *addresses)
{
	const char *comma = "";

	for (size_t i = 0; i < addresses->count; i++) {
		if (!of_family(family, addresses->items[i]))
			continue;
		text_addf(script, "%s%s", comma, addresses->items[i]);
		comma = ", ";
	}
}

/* Overlaps are merged: a set has to bear an address and its network. */
static void add_set(struct text *script, const struct family *family, const char *name,
		    const struct oci_strings *addresses)
{
	text_addf(script,
		  "\tset %s-%c {\n\t\ttype ipv%c_addr\n\t\tflags interval\n\t\tauto-merge\n", name,
		  family->letter, family->letter);
	if (addresses->count && has_family(family, addresses)) {
		text_add(script, "\t\telements = { ");
		add_addresses(script, family, addresses);
		text_add(script, " }\n");
	}
	text_add(script, "\t}\n");
}

static void add_sets(struct text *script, const struct oci_firewall *firewall)
{
	for (size_t f = 0; f < ARRAY_SIZE(families); f++) {
		for (size_t i = 0; i < firewall->sets.count; i++)
			add_set(script, &families[f], firewall->sets.items[i].name,
				&firewall->sets.items[i].addresses);
		for (size_t i = 0; i < firewall->interfaces.count; i++) {
			const struct oci_firewall_interface *item = &firewall->interfaces.items[i];
			cleanup_(text_free) struct text name = {};

			text_addf(&name, "sources-%s", item->host);
			if (item->filtered)
				add_set(script, &families[f], text_str(&name), &item->sources);
		}
	}
}

/* ------------------------------------------------------------------ lines */

static void add_quoted(struct text *script, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		text_addc(script, strchr("\"\\\n", text[i]) ? '\'' : text[i]);
}

/* As far as there is room: the file and the line are the end of an origin. */
static void add_comment(struct text *script, const char *origin)
{
	size_t length = strlen(origin);

	text_add(script, " comment \"");
	if (length <= COMMENT_MAX) {
		add_quoted(script, origin, length);
	} else {
		add_quoted(script, origin, COMMENT_MAX / 2 - 3);
		text_add(script, "...");
		add_quoted(script, origin + length - COMMENT_MAX / 2, COMMENT_MAX / 2);
	}
	text_add(script, "\"\n");
}

/* One rule, and who asked for it, which the kernel keeps with it. */
static __attribute__((format(printf, 3, 4))) void add_line(struct text *script, const char *origin,
							   const char *fmt, ...)
{
	char line[512];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	text_addf(script, "\t\t%s", line);
	add_comment(script, origin);
}

/* The same for what an option decides. */
static __attribute__((format(printf, 4, 5))) void add_option(struct text *script,
							     const struct oci_firewall *firewall,
							     const char *option, const char *fmt,
							     ...)
{
	const char *origin = oci_map_find(&firewall->origins, option);
	cleanup_(text_free) struct text by_default = {};
	char line[512];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	text_addf(&by_default, "%s, by default", option);
	add_line(script, origin ? origin : text_str(&by_default), "%s", line);
}

/* ------------------------------------------------------------------ one rule */

static const char *verdict(const char *action, bool in)
{
	/* Where a packet leaves the bridge there is no way back to its sender. */
	if (strcmp(action, "reject") == 0)
		return in ? "drop" : "jump refuse";
	return action;
}

static unsigned int level_number(const char *level)
{
	unsigned int number = 0;

	while (number < OCI_LOG_LEVELS - 1 && strcmp(oci_log_levels[number], level) != 0)
		number++;
	return number;
}

static const char *upper(const char *action)
{
	if (strcmp(action, "accept") == 0)
		return "ACCEPT";
	return strcmp(action, "drop") == 0 ? "DROP" : "REJECT";
}

/* For whoever listens at group 0, as Proxmox's logger does, at most once a second. */
static void add_log(struct text *text, const struct oci_firewall *firewall, const char *level,
		    const char *chain, const char *action)
{
	text_addf(text, "limit rate 1/second log prefix \":%s:%u:%s: %s: \" group 0",
		  firewall->name, level_number(level), chain, action);
}

static void add_matches(struct text *match, const char *direction, const struct family *family,
			const char *set, const struct oci_strings *addresses)
{
	if (set)
		text_addf(match, "%s %s @%s-%c ", family->name, direction, set, family->letter);
	if (!addresses->count)
		return;
	text_addf(match, "%s %s { ", family->name, direction);
	add_addresses(match, family, addresses);
	text_add(match, " } ");
}

static void add_ports(struct text *match, const char *direction, const struct oci_strings *ports)
{
	if (!ports->count)
		return;
	text_addf(match, "th %s { ", direction);
	for (size_t i = 0; i < ports->count; i++)
		text_addf(match, "%s%s", i ? ", " : "", ports->items[i]);
	text_add(match, " } ");
}

/* "8", "3/4" */
static void add_icmp(struct text *match, const struct family *family, const char *type)
{
	int length = (int)strcspn(type, "/");

	text_addf(match, "%s type %.*s ", family->icmp, length, type);
	if (type[length])
		text_addf(match, "%s code %s ", family->icmp, type + length + 1);
}

/*
 * What a packet has to be for @rule, a blank behind it.
 * @family: NULL: it is about none
 */
static void add_match(struct text *match, const struct oci_firewall_rule *rule,
		      const struct family *family, bool in)
{
	if (rule->interface)
		text_addf(match, "%s \"%s\" ", in ? "oifname" : "iifname", rule->interface);
	if (family) {
		text_addf(match, "meta protocol %s ", family->name);
		add_matches(match, "saddr", family, rule->source_set, &rule->sources);
		add_matches(match, "daddr", family, rule->destination_set, &rule->destinations);
	}
	if (family && rule->icmp_type)
		add_icmp(match, family, rule->icmp_type);
	else if (rule->protocol)
		text_addf(match, "meta l4proto %s ", rule->protocol);
	add_ports(match, "sport", &rule->source_ports);
	add_ports(match, "dport", &rule->destination_ports);
}

static void add_rule_of(struct text *script, const struct oci_firewall *firewall,
			const struct oci_firewall_rule *rule, const struct family *family)
{
	bool in = strcmp(rule->direction, "in") == 0;
	const char *origin = rule->origin ? rule->origin : "a rule of the annotation";
	cleanup_(text_free) struct text match = {};

	text_add(&match, "\t\t");
	add_match(&match, rule, family, in);
	if (rule->log) {
		text_add(script, text_str(&match));
		add_log(script, firewall, rule->log, rule->direction, upper(rule->action));
		add_comment(script, origin);
	}
	text_addf(script, "%s%s", text_str(&match), verdict(rule->action, in));
	add_comment(script, origin);
}

/* That whose ICMP the rule is about. Return: NULL: it is about something else. */
static const struct family *icmp_family(const struct oci_firewall_rule *rule)
{
	for (size_t f = 0; f < ARRAY_SIZE(families); f++)
		if (rule->protocol && strcmp(rule->protocol, families[f].icmp_number) == 0)
			return &families[f];
	return NULL;
}

static bool has_addresses(const struct oci_firewall_rule *rule)
{
	return rule->source_set || rule->destination_set || rule->sources.count ||
	       rule->destinations.count;
}

/* A rule about addresses is one for each family that it can be about. */
static void add_rule(struct text *script, const struct oci_firewall *firewall,
		     const struct oci_firewall_rule *rule)
{
	const struct family *icmp = icmp_family(rule);

	if (!has_addresses(rule)) {
		add_rule_of(script, firewall, rule, icmp);
		return;
	}
	for (size_t f = 0; f < ARRAY_SIZE(families); f++)
		if ((!icmp || icmp == &families[f]) && has_family(&families[f], &rule->sources) &&
		    has_family(&families[f], &rule->destinations))
			add_rule_of(script, firewall, rule, &families[f]);
}

/* ------------------------------------------------------------------ what comes before rules */

/* Its own address alone, also in what it tells others about it. */
static void add_hwaddrs(struct text *script, const struct oci_firewall *firewall)
{
	for (size_t i = 0; i < firewall->interfaces.count; i++) {
		const struct oci_firewall_interface *item = &firewall->interfaces.items[i];

		if (!item->hwaddr)
			continue;
		add_option(script, firewall, "macfilter", "iifname \"%s\" ether saddr != %s drop",
			   item->host, item->hwaddr);
		add_option(script, firewall, "macfilter",
			   "iifname \"%s\" meta protocol arp arp saddr ether != %s drop",
			   item->host, item->hwaddr);
	}
}

static void add_sources(struct text *script, const struct oci_firewall *firewall)
{
	for (size_t i = 0; i < firewall->interfaces.count; i++) {
		const struct oci_firewall_interface *item = &firewall->interfaces.items[i];

		const char *origin = item->origin ? item->origin : "ipfilter";

		if (!item->filtered)
			continue;
		for (size_t f = 0; f < ARRAY_SIZE(families); f++)
			add_line(script, origin,
				 "iifname \"%s\" meta protocol %s %s saddr != @sources-%s-%c drop",
				 item->host, families[f].name, families[f].name, item->host,
				 families[f].letter);
		add_line(script, origin,
			 "iifname \"%s\" meta protocol arp arp saddr ip != @sources-%s-4 drop",
			 item->host, item->host);
	}
}

/* Errors without which connections hang, and packets of those that are known. A packet of
 * another protocol belongs to none, which is no fault of it. */
static void add_connections(struct text *script, const struct oci_firewall *firewall)
{
	static const char errors[] = "errors without which connections hang";

	add_line(script, errors, "meta protocol ip icmp type { 3, 4, 11, 12 } accept");
	add_line(script, errors, "meta protocol ip6 icmpv6 type { 1, 2, 3, 4 } accept");
	add_line(script, "connections that are known", "ct state established,related accept");
	if (!firewall->invalid)
		add_option(script, firewall, "nf_conntrack_allow_invalid",
			   "meta protocol { ip, ip6 } ct state invalid drop");
}

/* RFC 2131: a client's port is 68; RFC 8415: 546. */
static void add_dhcp(struct text *script, const struct oci_firewall *firewall, bool in)
{
	const char *word = firewall->dhcp ? "accept" : "drop";

	add_option(script, firewall, "dhcp", "meta protocol ip udp sport %d udp dport %d %s",
		   in ? 67 : 68, in ? 68 : 67, word);
	add_option(script, firewall, "dhcp", "meta protocol ip6 udp sport %d udp dport %d %s",
		   in ? 547 : 546, in ? 546 : 547, word);
}

/* RFC 4861: 133 router solicitation, 134 router advertisement, 135 and 136 neighbours. */
static void add_ndp(struct text *script, const struct oci_firewall *firewall, bool in)
{
	if (!in)
		add_option(script, firewall, "radv", "meta protocol ip6 icmpv6 type 134 %s",
			   firewall->radv ? "accept" : "drop");
	add_option(script, firewall, "ndp", "meta protocol ip6 icmpv6 type { 133, %s135, 136 } %s",
		   in ? "134, " : "", firewall->ndp ? "accept" : "drop");
}

/* ------------------------------------------------------------------ chains */

static void add_rules(struct text *script, const struct oci_firewall *firewall, bool in)
{
	const char *direction = in ? "in" : "out";
	const char *policy = in ? firewall->policy_in : firewall->policy_out;
	const char *log = in ? firewall->log_in : firewall->log_out;
	const char *option = in ? "policy_in" : "policy_out";

	for (size_t i = 0; i < firewall->rules.count; i++)
		if (strcmp(firewall->rules.items[i].direction, direction) == 0)
			add_rule(script, firewall, &firewall->rules.items[i]);
	if (log && strcmp(policy, "accept") != 0) {
		cleanup_(text_free) struct text words = {}, line = {};

		text_addf(&words, "policy %s", upper(policy));
		add_log(&line, firewall, log, direction, text_str(&words));
		add_option(script, firewall, option, "%s", text_str(&line));
	}
	add_option(script, firewall, option, "%s", verdict(policy, in));
}

static void add_neighbours(struct text *script)
{
	add_line(script, "how neighbours find each other", "meta protocol arp accept");
}

static void add_out(struct text *script, const struct oci_firewall *firewall)
{
	text_add(script, "\tchain out {\n");
	add_hwaddrs(script, firewall);
	add_connections(script, firewall);
	add_dhcp(script, firewall, false);
	add_ndp(script, firewall, false);
	add_sources(script, firewall);
	add_neighbours(script);
	add_rules(script, firewall, false);
	text_add(script, "\t}\n");
}

#define REFUSAL "the answer of a refusal"

static bool refuses(const struct oci_firewall *firewall)
{
	bool any = strcmp(firewall->policy_out, "reject") == 0;

	for (size_t i = 0; i < firewall->rules.count; i++)
		any = any || (strcmp(firewall->rules.items[i].direction, "out") == 0 &&
			      strcmp(firewall->rules.items[i].action, "reject") == 0);
	return any;
}

static void add_in(struct text *script, const struct oci_firewall *firewall)
{
	text_add(script, "\tchain in {\n");
	add_neighbours(script);
	/* The answer of a refusal belongs to no connection that the kernel knows. */
	if (refuses(firewall))
		add_line(script, REFUSAL,
			 "ct state invalid tcp flags & (fin | syn | rst | ack) == (rst | ack) "
			 "accept");
	add_connections(script, firewall);
	add_dhcp(script, firewall, true);
	add_ndp(script, firewall, true);
	add_rules(script, firewall, true);
	text_add(script, "\t}\n");
}

/* RFC 1122: a port where nobody listens; a host that one must not talk to. */
static void add_refuse(struct text *script)
{
	text_add(script, "\tchain refuse {\n");
	add_line(script, REFUSAL, "meta l4proto 6 reject with tcp reset");
	add_line(script, REFUSAL, "meta l4proto 17 reject with icmpx type port-unreachable");
	add_line(script, REFUSAL, "meta protocol ip reject with icmp type host-prohibited");
	add_line(script, REFUSAL, "meta protocol ip6 reject with icmpv6 type admin-prohibited");
	add_line(script, REFUSAL, "drop");
	text_add(script, "\t}\n");
}

static void add_hook(struct text *script, const struct oci_firewall *firewall, const char *hook,
		     const char *match, const char *chain)
{
	text_addf(script,
		  "\tchain %s {\n\t\ttype filter hook %s priority 0; policy accept;\n\t\t%s { ",
		  hook, hook, match);
	for (size_t i = 0; i < firewall->interfaces.count; i++)
		text_addf(script, "%s\"%s\"", i ? ", " : "", firewall->interfaces.items[i].host);
	text_addf(script, " } goto %s", chain);
	add_comment(script, "ports of the container");
	text_add(script, "\t}\n");
}

/*
 * A bridge follows the connections of what it forwards. The host's own packets it takes as the
 * host's stack has them: there too connections have to be followed, and a rule that asks for
 * their state makes the kernel do so.
 */
static void add_host(struct text *script, const char *table)
{
	text_addf(script,
		  "table inet %s\ndelete table inet %s\ntable inet %s {\n"
		  "\tchain output {\n\t\ttype filter hook output priority 0; policy accept;\n",
		  table, table, table);
	add_line(script, "so that connections are followed", "ct state established accept");
	text_add(script, "\t}\n}\n");
}

void firewall_script(const struct oci_firewall *firewall, const char *table, struct text *script)
{
	/* What may not be there can't be deleted, so it is made first. */
	text_addf(script, "table bridge %s\ndelete table bridge %s\ntable bridge %s {\n", table,
		  table, table);
	add_sets(script, firewall);
	add_refuse(script);
	add_out(script, firewall);
	add_in(script, firewall);
	add_hook(script, firewall, "prerouting", "iifname", "out");
	add_hook(script, firewall, "postrouting", "oifname", "in");
	text_add(script, "}\n");
	add_host(script, table);
}
