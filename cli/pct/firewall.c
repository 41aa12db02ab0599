#include "cli/pct/pct.h"
#include "cli/pct/power.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/own.h"
#include "lib/text.h"
#include "oci/ext_firewall.h"
#include "pve/conf/conf.h"
#include "pve/facts/facts.h"
#include "pve/facts/firewall.h"
#include "pve/firewall/firewall.h"
#include "pve/translate/translate.h"

#include <stdio.h>
#include <string.h>

static const struct option_row options[] = {
	{"apply", 0, NULL, "give a running container these rules, in one step"},
	{},
};

/* ------------------------------------------------------------------ printing */

static void add_list(struct text *text, const char *what, const char *set,
		     const struct oci_strings *list)
{
	if (!set && !list->count)
		return;
	text_addf(text, " %s %s", what, set ? set : "");
	for (size_t i = 0; i < list->count; i++)
		text_addf(text, "%s%s", i ? "," : "", list->items[i]);
}

static void print_rule(const struct oci_firewall_rule *rule)
{
	static const struct {
		const char *number, *name;
	} names[] = {{"1", "icmp"}, {"6", "tcp"}, {"17", "udp"}, {"58", "icmpv6"}};
	cleanup_(text_free) struct text text = {};
	const char *protocol = rule->protocol;

	for (size_t i = 0; protocol && i < ARRAY_SIZE(names); i++)
		if (strcmp(names[i].number, protocol) == 0)
			protocol = names[i].name;
	if (rule->interface)
		text_addf(&text, " %s", rule->interface);
	if (protocol)
		text_addf(&text, " %s", protocol);
	if (rule->icmp_type)
		text_addf(&text, " type %s", rule->icmp_type);
	add_list(&text, "from", rule->source_set, &rule->sources);
	add_list(&text, "from port", NULL, &rule->source_ports);
	add_list(&text, "to", rule->destination_set, &rule->destinations);
	add_list(&text, "to port", NULL, &rule->destination_ports);
	(void)printf("%-4s %-7s%s (%s)\n", rule->direction, rule->action, text_str(&text),
		     rule->origin);
}

/* What an option decides: @what it is about, in the words of a rule. */
static void print_option(const struct oci_firewall *firewall, const char *direction,
			 const char *action, const char *what, const char *option)
{
	const char *origin = oci_map_find(&firewall->origins, option);

	(void)printf("%-4s %-7s%s%s ", direction, action, *what ? " " : "", what);
	if (origin)
		(void)printf("(%s)\n", origin);
	else
		(void)printf("(%s, by default)\n", option);
}

/* In the order in which they are asked, before all rules. */
static void print_switches(const struct oci_firewall *firewall, const char *direction)
{
	const struct {
		const char *option, *what;
		bool on, out_alone;
	} rows[] = {
		{"nf_conntrack_allow_invalid", "what fits no connection", firewall->invalid, false},
		{"dhcp", "a client's DHCP", firewall->dhcp, false},
		{"radv", "advertisements of a router", firewall->radv, true},
		{"ndp", "neighbours' discovery", firewall->ndp, false},
	};
	const bool out = strcmp(direction, "out") == 0;

	for (size_t i = !!firewall->invalid; i < ARRAY_SIZE(rows); i++)
		if (out || !rows[i].out_alone)
			print_option(firewall, direction, rows[i].on ? "accept" : "drop",
				     rows[i].what, rows[i].option);
}

/* What is in a frame besides IP, which the rules are about. */
static void print_frames(const struct oci_firewall *firewall, const char *direction)
{
	const struct oci_strings *protocols = &firewall->protocols;
	cleanup_(text_free) struct text what = {};
	unsigned int number;

	for (size_t i = 0; i < protocols->count; i++)
		if (parse_u32(protocols->items[i], &number) == 0)
			text_addf(&what, "%s0x%04x", i ? "," : "frames of ", number);
	if (!protocols->count)
		return;
	print_option(firewall, direction, "accept", text_str(&what), "layer2_protocols");
	if (strcmp(direction, "out") == 0)
		print_option(firewall, direction, "drop", "other frames than IP's",
			     "layer2_protocols");
}

static void print_direction(const struct oci_firewall *firewall, const char *direction,
			    const char *policy, const char *option)
{
	print_switches(firewall, direction);
	print_frames(firewall, direction);
	for (size_t i = 0; i < firewall->rules.count; i++)
		if (strcmp(firewall->rules.items[i].direction, direction) == 0)
			print_rule(&firewall->rules.items[i]);
	print_option(firewall, direction, policy, "", option);
}

static void print_firewall(const struct oci_firewall *firewall)
{
	for (size_t i = 0; i < firewall->interfaces.count; i++) {
		const struct oci_firewall_interface *interface = &firewall->interfaces.items[i];
		cleanup_(text_free) struct text text = {};

		if (interface->hwaddr)
			text_addf(&text, " sends from %s", interface->hwaddr);
		if (interface->filtered)
			add_list(&text, "as", NULL, &interface->sources);
		(void)printf("port %s%s\n", interface->host, text_str(&text));
	}
	for (size_t i = 0; i < firewall->sets.count; i++) {
		cleanup_(text_free) struct text text = {};

		add_list(&text, "", NULL, &firewall->sets.items[i].addresses);
		(void)printf("set  %s%s\n", firewall->sets.items[i].name, text_str(&text));
	}
	print_direction(firewall, "in", firewall->policy_in, "policy_in");
	print_direction(firewall, "out", firewall->policy_out, "policy_out");
}

/* ------------------------------------------------------------------ the verb */

static void tell_notices(const struct translation *translation, const struct oci_firewall *firewall)
{
	for (size_t i = 0; i < translation->notices->count; i++) {
		const struct pve_notice *notice = &translation->notices->items[i];

		if (starts_with(notice->what, "net.firewall"))
			(void)fprintf(stderr, "pct: %s%s (from %s)\n",
				      notice->unenforced ? "not enforced: " : "", notice->text,
				      notice->origin);
	}
	if (firewall && firewall->lacks)
		(void)fprintf(stderr, "pct: not enforced: %s\n", firewall->lacks);
}

static const char *why_none(struct pct *pct, const struct translation *translation)
{
	const char *id = translation->conf.id;
	struct firewall_options found;
	struct firewall_files files;

	if (!firewall_wanted(pct->arena, &translation->conf))
		return "no interface has firewall=1";
	if (firewall_files_read(pct->arena, id, &translation->facts->files, &files, NULL) < 0 ||
	    firewall_options_read(pct->arena, &files, &found, NULL) < 0 || !found.enable)
		return arena_printf(pct->arena, "enable: 1 is not in firewall/%s.fw", id);
	return "enable: 1 is not in firewall/cluster.fw";
}

static int show(struct pct *pct, const struct translation *translation, struct err *err)
{
	const struct oci_firewall *firewall;
	int r = oci_firewall_read(pct->arena, translation->spec, &firewall, err);

	if (r < 0)
		return r;
	tell_notices(translation, firewall);
	if (firewall)
		print_firewall(firewall);
	else
		(void)printf("no rules: %s\n", why_none(pct, translation));
	return 0;
}

/* The config is not changed: what is pending in it stays so. */
static int apply(struct pct *pct, const char *id, struct err *err)
{
	cleanup_(power_end) struct power power = POWER_NONE;
	struct translation translation = {};
	const struct oci_firewall *firewall;
	int r = power_begin(&power, pct, id, err);

	if (r == 0 && !pct_running(pct, id))
		r = err_plain(err, -ESRCH, "CT %s not running", id);
	if (r < 0)
		return r;
	translation.conf = power.conf;
	r = pct_change(pct, id, &translation, err);
	if (r == 0)
		r = oci_firewall_read(pct->arena, translation.spec, &firewall, err);
	if (r == 0) /* also where that is nothing new, and no change */
		tell_notices(&translation, firewall);
	return r;
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	const char *id = given->words[0];
	struct translation translation = {};
	int r;

	if (option_flag(given, "apply"))
		return apply(pct, id, err);
	r = pct_load(pct, id, &translation.conf, err);
	if (r == 0)
		r = pct_translate_conf(pct, "/", &translation, err);
	if (r == 0)
		r = show(pct, &translation, err);
	conf_free(&translation.conf);
	return r;
}

const struct pct_verb pct_firewall = {
	.name = "firewall",
	.reads = true,
	.ours = true,
	.words = "<vmid>",
	.help = "print the rules for a container's packets, each with the line that asked for it",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
