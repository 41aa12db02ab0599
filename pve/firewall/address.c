#include "pve/firewall/parts.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/list.h"
#include "lib/own.h"
#include "lib/text.h"
#include "oci/ext.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A name without a scope is looked for in the container's file first. */
static const struct scope {
	const char *prefix, *name;
	const char *file; /* for people */
	size_t offset;
} scopes[] = {
	{"guest/", "guest", "the container's", offsetof(struct firewall_files, guest)},
	{"dc/", "dc", "firewall/cluster.fw", offsetof(struct firewall_files, cluster)},
};

static const struct firewall_file *scope_file(const struct firewall_files *files,
					      const struct scope *scope)
{
	return (const struct firewall_file *)((const char *)files + scope->offset);
}

/* Whether @text may mean something in @scope, and what is left of it without the scope. */
static bool in_scope(const struct scope *scope, const char *text, const char **name)
{
	bool scoped = starts_with(text, scope->prefix);

	*name = scoped ? text + strlen(scope->prefix) : text;
	return scoped || !strchr(text, '/');
}

/* ------------------------------------------------------------------ aliases */

/* "web 10.0.0.1". Return: NULL: another alias. */
static const char *match_alias(struct arena *arena, const struct firewall_line *line,
			       const char *name)
{
	const char *rest = line->text;
	size_t length;
	const char *word = next_word(&rest, &length);

	if (!word || strlen(name) != length || strncasecmp(word, name, length) != 0)
		return NULL;
	word = next_word(&rest, &length);
	return word ? arena_strndup(arena, word, length) : "";
}

static const char *find_alias(struct arena *arena, const struct firewall_files *files,
			      const char *text, const struct firewall_line **where)
{
	const char *name, *value = NULL;

	for (size_t s = 0; s < ARRAY_SIZE(scopes) && !value; s++) {
		const struct firewall_section *section =
			firewall_section(scope_file(files, &scopes[s]), "aliases", NULL);

		if (!in_scope(&scopes[s], text, &name) || !section)
			continue;
		for (size_t i = 0; i < section->lines.count && !value; i++) {
			*where = &section->lines.items[i];
			value = match_alias(arena, *where, name);
		}
	}
	return value;
}

/* An address, a network, or an alias for one. */
static int read_network(struct arena *arena, const struct firewall_files *files,
			const struct firewall_line *line, const char *text, struct network *network,
			struct err *err)
{
	const struct firewall_line *where = line;
	const char *value;

	if (network_read(text, network) == 0)
		return 0;
	value = find_alias(arena, files, text, &where);
	if (!value)
		return firewall_fail(line, err,
				     "write 192.0.2.7, 192.0.2.0/24, or a name of [ALIASES]",
				     "'%s' is no address, no network and no alias", text);
	return network_read(value, network) < 0
		       ? firewall_fail(where, err,
				       "write 192.0.2.7 or 192.0.2.0/24 behind the alias' name",
				       "'%s' is no address and no network", value)
		       : 0;
}

/* ------------------------------------------------------------------ of a rule */

/* "+web", "+dc/web" */
static int read_set(struct arena *arena, const struct firewall_files *files,
		    const struct firewall_line *line, const char *text,
		    struct firewall_addresses *addresses, struct err *err)
{
	const char *name, *missing = "NAME", *where = line->file;

	for (size_t s = 0; s < ARRAY_SIZE(scopes); s++) {
		const struct firewall_section *section;

		if (!in_scope(&scopes[s], text, &name))
			continue;
		missing = name;
		where = name == text ? line->file : scopes[s].file;
		section = firewall_section(scope_file(files, &scopes[s]), "ipset", name);
		if (!section)
			continue;
		addresses->set = arena_printf(arena, "%s-%s", scopes[s].name, section->name);
		return 0;
	}
	return firewall_fail(line, err,
			     arena_printf(arena,
					  "add a section [IPSET %s] to %s, or name one that is "
					  "there",
					  missing, where),
			     "there is no ipset '%s'", text);
}

/* "10.0.0.1-10.0.0.9" */
static int read_range(struct arena *arena, const struct firewall_line *line, const char *text,
		      struct firewall_addresses *addresses, struct err *err)
{
	const char *dash = strchr(text, '-');
	const char *from = arena_strndup(arena, text, (size_t)(dash - text)), *to = dash + 1;
	struct network low, high;

	if (network_read(from, &low) < 0 || network_read(to, &high) < 0 || low.bits != high.bits ||
	    strchr(text, '/') || memcmp(low.bytes, high.bytes, sizeof(low.bytes)) > 0)
		return firewall_fail(line, err,
				     "write it like 192.0.2.1-192.0.2.9, the lower one first",
				     "'%s' is no range of addresses", text);
	*list_push(arena, &addresses->list) = arena_printf(
		arena, "%s-%s", network_write(arena, &low), network_write(arena, &high));
	return 0;
}

static bool is_range(const char *text)
{
	const char *dash = strchr(text, '-');
	char first[64];

	if (!dash || (size_t)(dash - text) >= sizeof(first))
		return false;
	memcpy(first, text, (size_t)(dash - text));
	first[dash - text] = '\0';
	return oci_address_bits(first) != 0;
}

int firewall_addresses_read(struct arena *arena, const struct firewall_files *files,
			    const struct firewall_line *line, const char *text,
			    struct firewall_addresses *addresses, struct err *err)
{
	char *rest = arena_strdup(arena, text), *word;
	struct network_entries entries = {};
	int r = 0;

	*addresses = (struct firewall_addresses){};
	if (*text == '+')
		return read_set(arena, files, line, text + 1, addresses, err);
	if (is_range(text))
		return read_range(arena, line, text, addresses, err);
	while (r == 0 && (word = strsep(&rest, ","))) {
		struct network *network = &list_push(arena, &entries)->network;

		r = read_network(arena, files, line, word, network, err);
		if (r == 0 && network->bits != entries.items[0].network.bits)
			r = firewall_fail(line, err, "write a rule for each",
					  "'%s' has addresses of both IPv4 and IPv6", text);
	}
	if (r == 0)
		networks_cover(arena, &entries, &addresses->list);
	return r;
}

/* ------------------------------------------------------------------ of a set */

static int read_entry(struct arena *arena, const struct firewall_files *files,
		      const struct firewall_line *line, struct network_entry *entry,
		      struct err *err)
{
	const char *text = line->text;
	int r;

	entry->except = *text == '!';
	text += entry->except;
	text += strspn(text, " \t");
	r = read_network(arena, files, line, text, &entry->network, err);
	if (r == 0 && entry->network.prefix == 0)
		r = firewall_fail(line, err,
				  "leave -source or -dest out of the rule: that is every address",
				  "'%s' is every address, which a set can't have", text);
	return r;
}

int firewall_set_read(struct arena *arena, const struct firewall_files *files,
		      const struct firewall_section *section, struct oci_strings *addresses,
		      struct err *err)
{
	struct network_entries entries = {};
	int r = 0;

	for (size_t i = 0; r == 0 && i < section->lines.count; i++)
		r = read_entry(arena, files, &section->lines.items[i], list_push(arena, &entries),
			       err);
	if (r == 0)
		networks_cover(arena, &entries, addresses);
	return r;
}
