#include "lib/text.h"
#include "net/firewall.h"
#include "net/firewall_line.h"
#include "oci/ext_firewall.h"

#include <string.h>

/*
 * nft(8). Everything that comes from the annotation has been checked to be no more than a word.
 *
 * What a packet is says "meta protocol", always: "ether type", which nft puts before some matches
 * of its own accord, is that of the VLAN for one that has a tag, and a packet with the tag 0 is
 * taken by everybody as one without.
 */

#define IPV4 "2048"
#define IPV6 "34525"

/* ------------------------------------------------------------------ sets */

/* Overlaps are merged: a set has to bear an address and its network. */
static void add_set(struct text *script, const struct line_family *family, const char *name,
		    const struct oci_strings *addresses)
{
	text_addf(script,
		  "\tset %s-%c {\n\t\ttype ipv%c_addr\n\t\tflags interval\n\t\tauto-merge\n", name,
		  family->letter, family->letter);
	if (addresses->count && line_has_family(family, addresses)) {
		text_add(script, "\t\telements = { ");
		line_addresses(script, family, addresses);
		text_add(script, " }\n");
	}
	text_add(script, "\t}\n");
}

static void add_sets(struct text *script, const struct oci_firewall *firewall)
{
	for (size_t f = 0; f < ARRAY_SIZE(line_families); f++) {
		for (size_t i = 0; i < firewall->sets.count; i++)
			add_set(script, &line_families[f], firewall->sets.items[i].name,
				&firewall->sets.items[i].addresses);
		for (size_t i = 0; i < firewall->interfaces.count; i++) {
			const struct oci_firewall_interface *item = &firewall->interfaces.items[i];
			cleanup_(text_free) struct text name = {};

			text_addf(&name, "sources-%s", item->host);
			if (item->filtered)
				add_set(script, &line_families[f], text_str(&name), &item->sources);
		}
	}
}

/* ------------------------------------------------------------------ what comes before rules */

/* Its own address alone, also in what it tells others about it. */
static void add_hwaddrs(struct text *script, const struct oci_firewall *firewall)
{
	for (size_t i = 0; i < firewall->interfaces.count; i++) {
		const struct oci_firewall_interface *item = &firewall->interfaces.items[i];

		if (!item->hwaddr)
			continue;
		line_option(script, firewall, "macfilter", "iifname \"%s\" ether saddr != %s drop",
			    item->host, item->hwaddr);
		line_option(script, firewall, "macfilter",
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
		for (size_t f = 0; f < ARRAY_SIZE(line_families); f++)
			line_add(script, origin,
				 "iifname \"%s\" meta protocol %s %s saddr != @sources-%s-%c drop",
				 item->host, line_families[f].name, line_families[f].name,
				 item->host, line_families[f].letter);
		line_add(script, origin,
			 "iifname \"%s\" meta protocol arp arp saddr ip != @sources-%s-4 drop",
			 item->host, item->host);
	}
}

/* Errors without which connections hang, and packets of those that are known. A packet of
 * another protocol belongs to none, which is no fault of it. */
static void add_connections(struct text *script, const struct oci_firewall *firewall)
{
	static const char errors[] = "errors without which connections hang";

	line_add(script, errors, "meta protocol ip icmp type { 3, 4, 11, 12 } accept");
	line_add(script, errors, "meta protocol ip6 icmpv6 type { 1, 2, 3, 4 } accept");
	line_add(script, "connections that are known", "ct state established,related accept");
	if (!firewall->invalid)
		line_option(script, firewall, "nf_conntrack_allow_invalid",
			    "meta protocol { ip, ip6 } ct state invalid drop");
}

/* RFC 2131: a client's port is 68; RFC 8415: 546. */
static void add_dhcp(struct text *script, const struct oci_firewall *firewall, bool in)
{
	const char *word = firewall->dhcp ? "accept" : "drop";

	line_option(script, firewall, "dhcp", "meta protocol ip udp sport %d udp dport %d %s",
		    in ? 67 : 68, in ? 68 : 67, word);
	line_option(script, firewall, "dhcp", "meta protocol ip6 udp sport %d udp dport %d %s",
		    in ? 547 : 546, in ? 546 : 547, word);
}

/* RFC 4861: 133 router solicitation, 134 router advertisement, 135 and 136 neighbours. */
static void add_ndp(struct text *script, const struct oci_firewall *firewall, bool in)
{
	if (!in)
		line_option(script, firewall, "radv", "meta protocol ip6 icmpv6 type 134 %s",
			    firewall->radv ? "accept" : "drop");
	line_option(script, firewall, "ndp", "meta protocol ip6 icmpv6 type { 133, %s135, 136 } %s",
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
			line_rule(script, firewall, &firewall->rules.items[i]);
	if (log && strcmp(policy, "accept") != 0) {
		cleanup_(text_free) struct text words = {}, line = {};

		text_addf(&words, "policy %s", line_upper(policy));
		line_log(&line, firewall, log, direction, text_str(&words));
		line_option(script, firewall, option, "%s", text_str(&line));
	}
	line_option(script, firewall, option, "%s", line_verdict(policy, in));
}

static bool is_ip(const char *protocol)
{
	return strcmp(protocol, IPV4) == 0 || strcmp(protocol, IPV6) == 0;
}

/* Return: whether there is any in the list that isn't IP, about which rules decide. */
static bool list_frames(const struct oci_firewall *firewall, const char *first, struct text *list)
{
	const char *comma = first;

	for (size_t i = 0; i < firewall->protocols.count; i++) {
		if (is_ip(firewall->protocols.items[i]))
			continue;
		text_addf(list, "%s%s", *comma ? ", " : "", firewall->protocols.items[i]);
		comma = ",";
	}
	return list->length > 0;
}

/* What isn't IP: what is in the list, where there is one; else neighbours' questions, and the
 * policy decides on the rest. */
static void add_frames(struct text *script, const struct oci_firewall *firewall, bool in)
{
	static const char option[] = "layer2_protocols";
	cleanup_(text_free) struct text others = {}, listed = {};

	if (in || !firewall->protocols.count)
		line_add(script, "how neighbours find each other", "meta protocol arp accept");
	if (!firewall->protocols.count)
		return;
	(void)list_frames(firewall, ",", &others);
	if (!in)
		line_option(script, firewall, option, "meta protocol != { ip, ip6%s } drop",
			    text_str(&others));
	if (list_frames(firewall, "", &listed))
		line_option(script, firewall, option, "meta protocol { %s } accept",
			    text_str(&listed));
}

static void add_out(struct text *script, const struct oci_firewall *firewall)
{
	text_add(script, "\tchain out {\n");
	add_hwaddrs(script, firewall);
	add_connections(script, firewall);
	add_dhcp(script, firewall, false);
	add_ndp(script, firewall, false);
	add_sources(script, firewall);
	add_frames(script, firewall, false);
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
	add_frames(script, firewall, true);
	/* The answer of a refusal belongs to no connection that the kernel knows. */
	if (refuses(firewall))
		line_add(script, REFUSAL,
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
	line_add(script, REFUSAL, "meta l4proto 6 reject with tcp reset");
	line_add(script, REFUSAL, "meta l4proto 17 reject with icmpx type port-unreachable");
	line_add(script, REFUSAL, "meta protocol ip reject with icmp type host-prohibited");
	line_add(script, REFUSAL, "meta protocol ip6 reject with icmpv6 type admin-prohibited");
	line_add(script, REFUSAL, "drop");
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
	line_comment(script, "ports of the container");
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
	line_add(script, "so that connections are followed", "ct state established accept");
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
