#include "pve/firewall/firewall.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/list.h"
#include "lib/own.h"
#include "lib/printable.h"
#include "lib/text.h"
#include "lib/utf8.h"
#include "pve/firewall/parts.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct kind {
	const char *kind;
	size_t longest; /* name; 0: there is none */
} kinds[] = {{"options"}, {"aliases"}, {"rules"}, {"ipset", 64}, {"group", 18}};

int firewall_fail(const struct firewall_line *line, struct err *err, const char *fix,
		  const char *fmt, ...)
{
	char why[512], origin[128];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	(void)snprintf(origin, sizeof(origin), "%s, line %u", line->file, line->number);
	err_wrong(err, fix, "%s", why);
	err_origin(err, origin);
	return -EINVAL;
}

const char *firewall_origin(struct arena *arena, const struct firewall_line *line)
{
	return arena_printf(arena, "%s in %s, line %u", line->text, line->file, line->number);
}

static char *trimmed(char *line)
{
	size_t length;

	line += strspn(line, " \t\r");
	length = strlen(line);
	while (length > 0 && isspace((unsigned char)line[length - 1]))
		line[--length] = '\0';
	return line;
}

static void lower(char *text)
{
	for (; *text; text++)
		*text = (char)tolower((unsigned char)*text);
}

/* [A-Za-z][A-Za-z0-9_-]+ */
bool firewall_is_name(const char *text)
{
	if (!isalpha((unsigned char)*text) || !text[1])
		return false;
	for (const char *at = text; *at; at++)
		if (!isalnum((unsigned char)*at) && !strchr("_-", *at))
			return false;
	return true;
}

/* What has a name is there once; the others go on where they have ended. */
static int enter_section(struct arena *arena, struct firewall_file *file,
			 const struct firewall_line *line, const char *kind, const char *name,
			 size_t *index, struct err *err)
{
	const struct firewall_section *found = firewall_section(file, kind, name);

	if (found && name)
		return firewall_fail(line, err, "put the lines of both into one section",
				     "[%s %s] is in line %u already", kind, name, found->line);
	if (!found) {
		*list_push(arena, file) =
			(struct firewall_section){.kind = kind, .name = name, .line = line->number};
		found = &file->items[file->count - 1];
	}
	*index = (size_t)(found - file->items);
	return 0;
}

static int check_name(const struct kind *kind, const struct firewall_line *line, const char *name,
		      struct err *err)
{
	if (!kind->longest)
		return *name ? firewall_fail(line, err, "leave the name out",
					     "[%s] has no name: '%s'", kind->kind, name)
			     : 0;
	if (!firewall_is_name(name))
		return firewall_fail(line, err, "write a letter, then letters, digits, - and _",
				     "'%s' is no name for [%s NAME]", name, kind->kind);
	if (strlen(name) > kind->longest)
		return firewall_fail(line, err, "choose a shorter name",
				     "'%s' is longer than %zu bytes", name, kind->longest);
	return 0;
}

/* "[IPSET web]", its comment gone. */
static int read_header(struct arena *arena, struct firewall_file *file,
		       const struct firewall_line *line, size_t *index, struct err *err)
{
	char *text = arena_strdup(arena, line->text + 1);
	char *end = strchr(text, ']'), *name;
	int r;

	if (!end || end[1])
		return firewall_fail(
			line, err,
			"write [OPTIONS], [ALIASES], [IPSET NAME], [RULES] or [group NAME]",
			"'%s' is no section like [RULES]", line->text);
	*end = '\0';
	text = trimmed(text);
	lower(text);
	name = text + strcspn(text, " \t");
	if (*name)
		*name++ = '\0';
	name = trimmed(name);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (strcmp(kinds[i].kind, text) != 0)
			continue;
		r = check_name(&kinds[i], line, name, err);
		return r < 0 ? r
			     : enter_section(arena, file, line, kinds[i].kind,
					     kinds[i].longest ? name : NULL, index, err);
	}
	return firewall_fail(line, err,
			     "write [OPTIONS], [ALIASES], [IPSET NAME], [RULES] or [group NAME]",
			     "there is no section [%s]", text);
}

int firewall_file_read(struct arena *arena, const char *name, const char *text,
		       struct firewall_file *file, struct err *err)
{
	char *rest = arena_strdup(arena, text), *at;
	struct firewall_line line = {.file = name};
	size_t section = 0;
	int r = 0;

	*file = (struct firewall_file){};
	while (r == 0 && (at = strsep(&rest, "\n"))) {
		line.number++;
		at[strcspn(at, "#")] = '\0';
		line.text = trimmed(at);
		if (!*line.text)
			continue;
		if (!utf8_valid(line.text))
			r = firewall_fail(&line, err, "write the file in UTF-8", "'%s' is no UTF-8",
					  printable(arena, line.text));
		else if (*line.text == '[')
			r = read_header(arena, file, &line, &section, err);
		else if (!file->count)
			r = firewall_fail(&line, err,
					  "put it behind a line like [OPTIONS] or [RULES]",
					  "'%s' stands before any section", line.text);
		else
			*list_push(arena, &file->items[section].lines) = line;
	}
	return r;
}

const struct firewall_section *firewall_section(const struct firewall_file *file, const char *kind,
						const char *name)
{
	for (size_t i = 0; i < file->count; i++) {
		const struct firewall_section *section = &file->items[i];

		if (strcmp(section->kind, kind) == 0 &&
		    (name ? section->name && strcasecmp(section->name, name) == 0 : true))
			return section;
	}
	return NULL;
}
