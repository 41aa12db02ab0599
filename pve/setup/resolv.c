#include "pve/setup/parts.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/conf/value.h"

#include <string.h>

enum { NAMESERVERS_MAX = 3 };

static void add_items(struct text *text, const char *rest)
{
	const char *item;
	size_t length;

	while ((item = value_next(&rest, &length)))
		text_addf(text, "%s%.*s", text->length ? " " : "", (int)length, item);
}

/* What follows @word at the start of the host's lines, of @max of them. */
static void add_host_items(struct text *text, struct arena *arena, const char *resolv,
			   const char *word, unsigned int max)
{
	size_t length = strlen(word);

	for (const char *line = resolv; line && *line && max > 0; line = strchr(line, '\n')) {
		line += strspn(line, "\n");
		if (strncmp(line, word, length) != 0 || strspn(line + length, " \t") == 0)
			continue;
		add_items(text, arena_strndup(arena, line + length, strcspn(line + length, "\n")));
		max--;
	}
}

/* Of the config's option, else of the host; blanks between, in @arena. */
static const char *items(const struct setup *setup, struct arena *arena, const char *option,
			 const char *word, unsigned int max)
{
	const char *given = setup_option(setup, option);
	cleanup_(text_free) struct text text = {};

	if (given)
		add_items(&text, given);
	else
		add_host_items(&text, arena, setup->resolv_conf, word, max);
	return arena_strdup(arena, text_str(&text));
}

const char *setup_search(const struct setup *setup, struct arena *arena)
{
	return items(setup, arena, "searchdomain", "search", 1);
}

const char *setup_nameservers(const struct setup *setup, struct arena *arena)
{
	return items(setup, arena, "nameserver", "nameserver", NAMESERVERS_MAX);
}

int setup_resolv(const struct setup *setup, struct err *err)
{
	const struct guest guest = setup_guest(setup);
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text text = {};
	const char *old = guest_read(&arena, &guest, "/etc/resolv.conf");
	const char *search = setup_search(setup, &arena);
	const char *rest = setup_nameservers(setup, &arena), *server;
	size_t length;

	if (*search)
		text_addf(&text, "search %s\n", search);
	while ((server = next_word(&rest, &length)))
		text_addf(&text, "nameserver %.*s\n", (int)length, server);
	return guest_write(&guest, "/etc/resolv.conf",
			   guest_section(&arena, old, text_str(&text), GUEST_REPLACE), 0644, err);
}
