#include "pve/firewall/parts.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/list.h"
#include "lib/own.h"
#include "lib/text.h"

#include <string.h>
#include <strings.h>

static int fail(const struct expansion *e, const struct firewall_line *line, const char *fix,
		const char *why, const char *what)
{
	return firewall_fail(line, e->err, fix, "'%s' %s", what, why);
}

/* ------------------------------------------------------------------ one rule */

/* "net0" */
static bool is_net(const char *key)
{
	unsigned int index;

	return starts_with(key, "net") && parse_u32(key + strlen("net"), &index) == 0;
}

/* -i of a rule, or of the group that it is in: an interface of the config. */
static int find_interface(const struct expansion *e, const struct firewall_line *line,
			  const char *key, const char **host)
{
	*host = NULL;
	for (size_t i = 0; key && i < e->request->net_count; i++)
		if (strcmp(e->request->nets[i].key, key) == 0)
			*host = e->request->nets[i].host;
	if (!key || *host)
		return 0;
	if (!is_net(key))
		return fail(e, line, "write the interface's key in the config",
			    "is no interface like net0", key);
	return -ENOENT; /* one without firewall=1: the rule has nothing to do */
}

static int set_addresses(const struct expansion *e, const struct firewall_rule *rule,
			 struct oci_firewall_rule *to)
{
	const struct {
		const char *text;
		struct oci_strings *list;
		const char **set;
	} ends[] = {
		{rule->source, &to->sources, &to->source_set},
		{rule->dest, &to->destinations, &to->destination_set},
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(ends); i++) {
		struct firewall_addresses addresses = {};

		if (!ends[i].text)
			continue;
		r = firewall_addresses_read(e->arena, e->request->files, rule->line, ends[i].text,
					    &addresses, e->err);
		*ends[i].list = addresses.list;
		*ends[i].set = addresses.set;
	}
	return r;
}

static bool is_icmp(const char *protocol)
{
	return protocol && (strcmp(protocol, "1") == 0 || strcmp(protocol, "58") == 0);
}

/* An older way to write an ICMP type is as -dport. */
static int set_protocol(const struct expansion *e, const struct firewall_rule *rule,
			struct oci_firewall_rule *to)
{
	const struct firewall_line *line = rule->line;
	const char *services = e->request->files->services;
	const char *type = rule->icmp_type, *dport = rule->dport;
	int r = 0;

	if (rule->protocol && firewall_protocol(e->arena, rule->protocol, &to->protocol) < 0)
		return fail(e, line,
			    "write tcp, udp, icmp, another one of /etc/protocols, or its number",
			    "is no protocol", rule->protocol);
	if (is_icmp(to->protocol) && !type && dport)
		type = dport, dport = NULL;
	if (type && !is_icmp(to->protocol))
		return fail(e, line, "add -p icmp or -p icmpv6, or leave the type out",
			    "needs -p icmp or icmpv6", type);
	if (type && strcasecmp(type, "any") != 0 &&
	    firewall_icmp(e->arena, type, strcmp(to->protocol, "58") == 0, &to->icmp_type) < 0)
		return fail(e, line, "write a name like echo-request, or a number",
			    "is no ICMP type of that protocol", type);
	if (dport)
		r = firewall_ports(e->arena, line, dport, services, to->protocol,
				   &to->destination_ports, e->err);
	if (r == 0 && rule->sport)
		r = firewall_ports(e->arena, line, rule->sport, services, to->protocol,
				   &to->source_ports, e->err);
	return r;
}

/* ------------------------------------------------------------------ families of addresses */

enum family { ANY, IPV4, IPV6, NONE };

static enum family family_of_list(const struct oci_strings *list)
{
	if (!list->count)
		return ANY; /* of a set, too */
	return strchr(list->items[0], ':') ? IPV6 : IPV4;
}

static enum family family_of_protocol(const char *protocol)
{
	if (protocol && strcmp(protocol, "1") == 0)
		return IPV4;
	return protocol && strcmp(protocol, "58") == 0 ? IPV6 : ANY;
}

static enum family both(enum family one, enum family other)
{
	if (one == ANY || one == other)
		return other;
	return other == ANY ? one : NONE;
}

/* What packets of @rule have to be of. NONE: there can't be any. */
static enum family family_of(const struct oci_firewall_rule *rule)
{
	return both(family_of_protocol(rule->protocol),
		    both(family_of_list(&rule->sources), family_of_list(&rule->destinations)));
}

/* ------------------------------------------------------------------ a rule as values */

static const char *origin_of(const struct expansion *e, const struct firewall_line *line,
			     const struct firewall_line *group)
{
	const char *own = firewall_origin(e->arena, line);

	return group ? arena_printf(e->arena, "%s, by %s, line %u", own, group->file, group->number)
		     : own;
}

static int add_rule(const struct expansion *e, const struct firewall_rule *rule, const char *host,
		    const struct firewall_line *group)
{
	struct oci_firewall_rule to = {
		.direction = rule->type,
		.action = rule->action,
		.interface = host,
		.origin = origin_of(e, rule->line, group),
	};
	int r;

	if (rule->log && firewall_level(rule->log, &to.log) < 0)
		return fail(e, rule->line,
			    "write emerg, alert, crit, err, warning, notice, info, debug or nolog",
			    "is no level of syslog", rule->log);
	r = set_protocol(e, rule, &to);
	if (r == 0)
		r = set_addresses(e, rule, &to);
	if (r == 0 && family_of(&to) == NONE)
		r = fail(e, rule->line, "write a rule for each",
			 "is about both IPv4 and IPv6, which no packet is", rule->line->text);
	if (r == 0)
		*list_push(e->arena, &e->firewall->rules) = to;
	return r;
}

/* ------------------------------------------------------------------ macros */

/* Whether an item for one family can be about the addresses of the rule. */
static bool fits(const struct expansion *e, const struct firewall_item *item,
		 const struct firewall_rule *rule)
{
	const enum family family = item->family == '6' ? IPV6 : IPV4;
	struct oci_firewall_rule to = {};

	if (!item->family || set_addresses(e, rule, &to) < 0)
		return true; /* add_rule() says what is wrong */
	return family_of(&to) == NONE || both(family, family_of(&to)) != NONE;
}

static bool same_protocol(const struct expansion *e, const char *one, const char *other)
{
	const char *a, *b;

	return firewall_protocol(e->arena, one, &a) == 0 &&
	       firewall_protocol(e->arena, other, &b) == 0 && strcmp(a, b) == 0;
}

static int add_item(const struct expansion *e, const struct firewall_item *item,
		    const struct firewall_rule *rule, const char *host,
		    const struct firewall_line *group)
{
	struct firewall_rule one = *rule;

	if ((rule->dport && item->dport) || (rule->sport && item->sport) || rule->icmp_type ||
	    (rule->protocol && !same_protocol(e, rule->protocol, item->protocol)))
		return fail(e, rule->line, "leave out the macro, or -p, -sport and -dport",
			    "has its own protocol and ports", rule->macro);
	one.macro = NULL;
	one.protocol = item->protocol;
	one.icmp_type = item->icmp_type;
	one.dport = item->dport ? item->dport : rule->dport;
	one.sport = item->sport ? item->sport : rule->sport;
	return add_rule(e, &one, host, group);
}

static int add_macro(const struct expansion *e, const struct firewall_rule *rule, const char *host,
		     const struct firewall_line *group)
{
	bool found = false, fitting = false;
	int r = 0;

	for (const struct firewall_item *item = firewall_items; r == 0 && item->macro; item++) {
		if (strcasecmp(item->macro, rule->macro) != 0)
			continue;
		found = true;
		if (!fits(e, item, rule))
			continue;
		fitting = true;
		r = add_item(e, item, rule, host, group);
	}
	if (!found)
		return fail(e, rule->line,
			    "write one of Proxmox' macros, like SSH or Web, or -p and -dport",
			    "is no macro", rule->macro);
	return fitting ? r
		       : fail(e, rule->line,
			      "write addresses of the family that the macro is about",
			      "is not about such addresses", rule->macro);
}

/* ------------------------------------------------------------------ groups */

static int add_group(const struct expansion *e, const struct firewall_rule *group,
		     const char *host);

/* @host: of the group that the line is in, which its rules have too */
static int add_line(const struct expansion *e, const struct firewall_line *line, const char *host,
		    const struct firewall_line *group)
{
	struct firewall_rule rule;
	const char *own;
	int r = firewall_rule_read(e->arena, line, &rule, e->err);

	if (r < 0 || rule.disabled)
		return r;
	r = find_interface(e, line, rule.interface, &own);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	if (own && host && strcmp(own, host) != 0)
		return 0; /* no packet is of both */
	if (!own)
		own = host;
	if (strcmp(rule.type, "group") == 0)
		return group ? fail(e, line, "write its rules here", "is a group in a group",
				    rule.action)
			     : add_group(e, &rule, own);
	return rule.macro ? add_macro(e, &rule, own, group) : add_rule(e, &rule, own, group);
}

static int add_group(const struct expansion *e, const struct firewall_rule *group, const char *host)
{
	const struct firewall_section *section =
		firewall_section(&e->request->files->cluster, "group", group->action);
	int r = 0;

	if (!section)
		return fail(e, group->line,
			    "add a section [group NAME] there, or name one that is there",
			    "is no group in cluster.fw", group->action);
	for (size_t i = 0; r == 0 && i < section->lines.count; i++)
		r = add_line(e, &section->lines.items[i], host, group->line);
	return r;
}

int firewall_expand_rules(const struct expansion *e)
{
	const struct firewall_section *rules =
		firewall_section(&e->request->files->guest, "rules", NULL);
	int r = 0;

	for (size_t i = 0; rules && r == 0 && i < rules->lines.count; i++)
		r = add_line(e, &rules->lines.items[i], NULL, NULL);
	return r;
}
