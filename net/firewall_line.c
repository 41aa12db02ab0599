#include "net/firewall_line.h"

#include "lib/text.h"
#include "lib/utf8.h"
#include "oci/ext_firewall.h"

#include <stdarg.h>
#include <string.h>

enum { COMMENT_MAX = 120 }; /* NFTNL_UDATA_COMMENT_MAXLEN is 128 */

const struct line_family line_families[FAMILIES] = {{"ip", '4', false, "icmp", "1"},
						    {"ip6", '6', true, "icmpv6", "58"}};

static bool of_family(const struct line_family *family, const char *address)
{
	return (strchr(address, ':') != NULL) == family->colons;
}

bool line_has_family(const struct line_family *family, const struct oci_strings *addresses)
{
	for (size_t i = 0; i < addresses->count; i++)
		if (of_family(family, addresses->items[i]))
			return true;
	return addresses->count == 0;
}

/* "10.0.0.1, 10.1.0.0/16" */
void line_addresses(struct text *script, const struct line_family *family,
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

/* ------------------------------------------------------------------ lines */

static void add_quoted(struct text *script, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		text_addc(script, strchr("\"\\\n", text[i]) ? '\'' : text[i]);
}

/* As far as there is room: the file and the line are the end of an origin. Characters stay whole:
 * a comment that is no UTF-8 isn't in nft's JSON, which the rules are read back from. */
void line_comment(struct text *script, const char *origin)
{
	const size_t length = strlen(origin);
	size_t head = COMMENT_MAX / 2 - 3, tail = length - COMMENT_MAX / 2;

	text_add(script, " comment \"");
	if (length <= COMMENT_MAX) {
		add_quoted(script, origin, length);
	} else {
		while (head > 0 && utf8_continues(origin[head]))
			head--;
		while (utf8_continues(origin[tail]))
			tail++;
		add_quoted(script, origin, head);
		text_add(script, "...");
		add_quoted(script, origin + tail, length - tail);
	}
	text_add(script, "\"\n");
}

/* One rule, and who asked for it, which the kernel keeps with it. */
void line_add(struct text *script, const char *origin, const char *fmt, ...)
{
	va_list args;

	text_add(script, "\t\t");
	va_start(args, fmt);
	text_addv(script, fmt, args);
	va_end(args);
	line_comment(script, origin);
}

/* The same for what an option decides. */
void line_option(struct text *script, const struct oci_firewall *firewall, const char *option,
		 const char *fmt, ...)
{
	const char *origin = oci_map_find(&firewall->origins, option);
	cleanup_(text_free) struct text by_default = {}, line = {};
	va_list args;

	va_start(args, fmt);
	text_addv(&line, fmt, args);
	va_end(args);
	text_addf(&by_default, "%s, by default", option);
	line_add(script, origin ? origin : text_str(&by_default), "%s", text_str(&line));
}

/* ------------------------------------------------------------------ one rule */

const char *line_verdict(const char *action, bool in)
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

const char *line_upper(const char *action)
{
	if (strcmp(action, "accept") == 0)
		return "ACCEPT";
	return strcmp(action, "drop") == 0 ? "DROP" : "REJECT";
}

/* For whoever listens at group 0, as Proxmox's logger does, at most once a second. */
void line_log(struct text *text, const struct oci_firewall *firewall, const char *level,
	      const char *chain, const char *action)
{
	text_addf(text, "limit rate 1/second log prefix \":%s:%u:%s: %s: \" group 0",
		  firewall->name, level_number(level), chain, action);
}

static void add_matches(struct text *match, const char *direction, const struct line_family *family,
			const char *set, const struct oci_strings *addresses)
{
	if (set)
		text_addf(match, "%s %s @%s-%c ", family->name, direction, set, family->letter);
	if (!addresses->count)
		return;
	text_addf(match, "%s %s { ", family->name, direction);
	line_addresses(match, family, addresses);
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
static void add_icmp(struct text *match, const struct line_family *family, const char *type)
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
		      const struct line_family *family, bool in)
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
			const struct oci_firewall_rule *rule, const struct line_family *family)
{
	bool in = strcmp(rule->direction, "in") == 0;
	const char *origin = rule->origin ? rule->origin : "a rule of the annotation";
	cleanup_(text_free) struct text match = {};

	text_add(&match, "\t\t");
	add_match(&match, rule, family, in);
	if (rule->log) {
		text_add(script, text_str(&match));
		line_log(script, firewall, rule->log, rule->direction, line_upper(rule->action));
		line_comment(script, origin);
	}
	text_addf(script, "%s%s", text_str(&match), line_verdict(rule->action, in));
	line_comment(script, origin);
}

/* That whose ICMP the rule is about. Return: NULL: it is about something else. */
static const struct line_family *icmp_family(const struct oci_firewall_rule *rule)
{
	for (size_t f = 0; f < ARRAY_SIZE(line_families); f++)
		if (rule->protocol && strcmp(rule->protocol, line_families[f].icmp_number) == 0)
			return &line_families[f];
	return NULL;
}

static bool has_addresses(const struct oci_firewall_rule *rule)
{
	return rule->source_set || rule->destination_set || rule->sources.count ||
	       rule->destinations.count;
}

/* A rule about addresses is one for each family that it can be about. */
void line_rule(struct text *script, const struct oci_firewall *firewall,
	       const struct oci_firewall_rule *rule)
{
	const struct line_family *icmp = icmp_family(rule);

	if (!has_addresses(rule)) {
		add_rule_of(script, firewall, rule, icmp);
		return;
	}
	for (size_t f = 0; f < ARRAY_SIZE(line_families); f++)
		if ((!icmp || icmp == &line_families[f]) &&
		    line_has_family(&line_families[f], &rule->sources) &&
		    line_has_family(&line_families[f], &rule->destinations))
			add_rule_of(script, firewall, rule, &line_families[f]);
}
