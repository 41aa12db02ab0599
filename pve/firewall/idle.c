#include "pve/firewall/parts.h"

#include "lib/arena.h"
#include "lib/list.h"
#include "lib/text.h"

#include <string.h>
#include <strings.h>

/* Lines that are allowed and that nothing comes of. */

static void add(struct arena *arena, struct firewall_idle *idle, const struct firewall_line *line,
		const char *why)
{
	*list_push(arena, idle) = (struct firewall_idle_line){firewall_origin(arena, line), why};
}

/* ------------------------------------------------------------------ rules */

static bool has_net(const struct firewall_request *request, const char *key)
{
	for (size_t i = 0; i < request->net_count; i++)
		if (strcmp(request->nets[i].key, key) == 0)
			return true;
	return false;
}

/* A group's rules are other containers' as well: one of them may have that interface. */
static void find_rules(struct arena *arena, const struct firewall_request *request,
		       struct firewall_idle *idle)
{
	const struct firewall_section *rules =
		firewall_section(&request->files->guest, "rules", NULL);

	for (size_t i = 0; rules && i < rules->lines.count; i++) {
		const struct firewall_line *line = &rules->lines.items[i];
		struct firewall_rule rule;

		if (firewall_rule_read(arena, line, &rule, NULL) < 0 || rule.disabled ||
		    !rule.interface || has_net(request, rule.interface))
			continue;
		add(arena, idle, line,
		    arena_printf(arena,
				 "no packet meets this rule: the config has no %s with firewall=1",
				 rule.interface));
	}
}

/* ------------------------------------------------------------------ aliases */

static const struct firewall_line *same_alias(const struct firewall_section *aliases, size_t end)
{
	const char *name = aliases->lines.items[end].text;
	const size_t length = strcspn(name, " \t");

	for (size_t i = 0; i < end; i++) {
		const char *other = aliases->lines.items[i].text;

		if (strcspn(other, " \t") == length && strncasecmp(name, other, length) == 0)
			return &aliases->lines.items[i];
	}
	return NULL;
}

static void find_aliases(struct arena *arena, const struct firewall_file *file,
			 struct firewall_idle *idle)
{
	const struct firewall_section *aliases = firewall_section(file, "aliases", NULL);

	for (size_t i = 1; aliases && i < aliases->lines.count; i++) {
		const struct firewall_line *line = &aliases->lines.items[i];
		const struct firewall_line *first = same_alias(aliases, i);

		if (first)
			add(arena, idle, line,
			    arena_printf(arena,
					 "this alias does not hold: line %u has the name already",
					 first->number));
	}
}

void firewall_idle_find(struct arena *arena, const struct firewall_request *request,
			struct firewall_idle *idle)
{
	find_rules(arena, request, idle);
	find_aliases(arena, &request->files->guest, idle);
	find_aliases(arena, &request->files->cluster, idle);
}
