#include "pve/firewall/parts.h"

#include "lib/arena.h"
#include "lib/own.h"
#include "lib/text.h"

#include <string.h>
#include <strings.h>

/* "[|]TYPE ACTION [-i net0] [-p tcp] ...", and the words of it. */

static const struct param {
	const char *names[2]; /* after one dash or two */
	size_t offset;
	bool of_group;
} params[] = {
	{{"i", "iface"}, offsetof(struct firewall_rule, interface), .of_group = true},
	{{"source", "src"}, offsetof(struct firewall_rule, source)},
	{{"dest", "dst"}, offsetof(struct firewall_rule, dest)},
	{{"p", "proto"}, offsetof(struct firewall_rule, protocol)},
	{{"dport"}, offsetof(struct firewall_rule, dport)},
	{{"sport"}, offsetof(struct firewall_rule, sport)},
	{{"log"}, offsetof(struct firewall_rule, log)},
	{{"icmp-type"}, offsetof(struct firewall_rule, icmp_type)},
};

const char *firewall_action(const char *text)
{
	static const char *const actions[] = {"accept", "drop", "reject"};

	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		if (strcasecmp(actions[i], text) == 0)
			return actions[i];
	return NULL;
}

int firewall_level(const char *text, const char **level)
{
	*level = NULL;
	if (!*text || strcasecmp(text, "nolog") == 0)
		return 0;
	for (size_t i = 0; i < OCI_LOG_LEVELS; i++)
		if (strcasecmp(oci_log_levels[i], text) == 0)
			*level = oci_log_levels[i];
	return *level ? 0 : -EINVAL;
}

static const char *word(struct arena *arena, const char **rest)
{
	size_t length;
	const char *at = next_word(rest, &length);

	return at ? arena_strndup(arena, at, length) : NULL;
}

static int read_type(struct firewall_rule *rule, const char *text, struct err *err)
{
	static const char *const types[] = {"in", "out", "group"};

	for (size_t i = 0; text && i < ARRAY_SIZE(types); i++)
		if (strcasecmp(types[i], text) == 0)
			rule->type = types[i];
	return rule->type ? 0
			  : firewall_fail(rule->line, err, "begin the line with IN, OUT or GROUP",
					  "'%s' is no kind of rule of a container: IN, OUT, GROUP",
					  text ? text : "");
}

/* "ACCEPT", "SSH(ACCEPT)", of a group its name. */
static int read_action(struct arena *arena, struct firewall_rule *rule, const char *text,
		       struct err *err)
{
	const char *open = text ? strchr(text, '(') : NULL;
	const char *action = text;

	if (!text)
		return firewall_fail(rule->line, err,
				     "write ACCEPT, DROP, REJECT or a macro like SSH(ACCEPT)",
				     "the action is missing");
	if (strcmp(rule->type, "group") == 0) {
		rule->action = text;
		return firewall_is_name(text)
			       ? 0
			       : firewall_fail(rule->line, err,
					       "name a section [group NAME] of cluster.fw",
					       "'%s' is no name of a group", text);
	}
	if (open && ends_with(open, ")")) {
		rule->macro = arena_strndup(arena, text, (size_t)(open - text));
		action = arena_strndup(arena, open + 1, strlen(open) - 2);
	}
	rule->action = firewall_action(action);
	return rule->action
		       ? 0
		       : firewall_fail(rule->line, err,
				       "write ACCEPT, DROP, REJECT or a macro like SSH(ACCEPT)",
				       "'%s' is no action", text);
}

static const struct param *find_param(const char *name)
{
	const size_t dashes = strspn(name, "-");

	if (dashes < 1 || dashes > 2)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(params); i++)
		for (size_t j = 0; j < ARRAY_SIZE(params[i].names); j++)
			if (params[i].names[j] && strcmp(params[i].names[j], name + dashes) == 0)
				return &params[i];
	return NULL;
}

static int read_params(struct arena *arena, struct firewall_rule *rule, const char *rest,
		       struct err *err)
{
	const bool group = strcmp(rule->type, "group") == 0;
	const char *name;

	while ((name = word(arena, &rest))) {
		const struct param *param = find_param(name);
		const char **value = param ? (const char **)((char *)rule + param->offset) : NULL;

		if (!param)
			return firewall_fail(rule->line, err,
					     "leave it out; a rule has -p, -source, -dest, -sport, "
					     "-dport, -icmp-type, -i, -log",
					     "'%s' is nothing that a rule has", name);
		if (group && !param->of_group)
			return firewall_fail(rule->line, err,
					     "leave it out, or put it into the rules of the group",
					     "%s is for the rules in the group: here is -i alone",
					     name);
		if (*value)
			return firewall_fail(rule->line, err, "say it once", "%s is there twice",
					     name);
		*value = word(arena, &rest);
		if (!*value)
			return firewall_fail(rule->line, err,
					     "write its value behind it, or leave it out",
					     "%s needs a value", name);
	}
	return 0;
}

int firewall_rule_read(struct arena *arena, const struct firewall_line *line,
		       struct firewall_rule *rule, struct err *err)
{
	const char *rest = line->text;
	int r;

	*rule = (struct firewall_rule){.line = line, .disabled = *rest == '|'};
	rest += rule->disabled;
	r = read_type(rule, word(arena, &rest), err);
	if (r == 0)
		r = read_action(arena, rule, word(arena, &rest), err);
	if (r == 0)
		r = read_params(arena, rule, rest, err);
	return r;
}
