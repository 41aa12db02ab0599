#include "lib/mountinfo.h"

#include "lib/file.h"

#include <stdio.h>
#include <string.h>

static int octal(const char *s)
{
	int value = 0;

	for (int i = 0; i < 3; i++) {
		if (s[i] < '0' || s[i] > '7')
			return -1;
		value = value * 8 + (s[i] - '0');
	}
	return value;
}

/* Blanks, tabs, line breaks and backslashes in names come as \040 and the like. */
static void unescape(char *field)
{
	char *out = field;

	for (const char *in = field; *in; out++) {
		int c = in[0] == '\\' ? octal(in + 1) : -1;

		*out = c > 0 ? (char)c : *in;
		in += c > 0 ? 4 : 1;
	}
	*out = '\0';
}

static char *field(char **rest)
{
	char *word = strsep(rest, " ");

	if (word)
		unescape(word);
	return word;
}

/* The optional fields end with a lone "-". */
static const char *tags(struct arena *arena, char **rest)
{
	const char *all = "";

	for (char *word = field(rest); word && strcmp(word, "-") != 0; word = field(rest))
		all = arena_printf(arena, "%s%s%s", all, *all ? " " : "", word);
	return all;
}

static struct mountinfo *parse_line(struct arena *arena, char *line)
{
	struct mountinfo *mount = arena_alloc(arena, sizeof(*mount));
	int length = 0;

	if (sscanf(line, "%d %d %u:%u %n", &mount->id, &mount->parent, &mount->major, &mount->minor,
		   &length) != 4)
		return NULL;
	line += length;
	mount->root = field(&line);
	mount->target = field(&line);
	mount->options = field(&line);
	mount->propagation = tags(arena, &line);
	mount->type = field(&line);
	mount->source = field(&line);
	mount->super_options = field(&line);
	return mount->super_options ? mount : NULL;
}

const struct mountinfo *mountinfo_parse(struct arena *arena, const char *text)
{
	const struct mountinfo *first = NULL;
	const struct mountinfo **end = &first;
	char *rest = arena_strdup(arena, text);

	for (char *line; (line = strsep(&rest, "\n"));) {
		struct mountinfo *mount = parse_line(arena, line);

		if (!mount)
			continue;
		*end = mount;
		end = &mount->next;
	}
	return first;
}

int mountinfo_read(struct arena *arena, int pid_dir_fd, const struct mountinfo **list,
		   struct err *err)
{
	const char *text;
	int r;

	r = file_read(arena, pid_dir_fd, "mountinfo", 0, &text, NULL, err);
	if (r < 0)
		return r;
	*list = mountinfo_parse(arena, text);
	return 0;
}

const struct mountinfo *mountinfo_find(const struct mountinfo *list, const char *target)
{
	const struct mountinfo *found = NULL;

	for (const struct mountinfo *mount = list; mount; mount = mount->next)
		if (strcmp(mount->target, target) == 0)
			found = mount;
	return found;
}

static const struct mountinfo *parent_of(const struct mountinfo *list,
					 const struct mountinfo *mount)
{
	while (list && (list->id != mount->parent || list == mount))
		list = list->next;
	return list;
}

static bool is_above(const char *target, const char *path)
{
	const size_t length = strcmp(target, "/") == 0 ? 0 : strlen(target);

	return strncmp(target, path, length) == 0 && path[length] == '/' && path[length + 1];
}

/* A way leads from each mount to its child; a sibling in between takes it elsewhere. */
const struct mountinfo *mountinfo_hidden(const struct mountinfo *list,
					 const struct mountinfo *mount)
{
	const struct mountinfo *parent;

	for (; (parent = parent_of(list, mount)); mount = parent)
		for (const struct mountinfo *other = list; other; other = other->next)
			if (other != mount && other->parent == parent->id &&
			    is_above(other->target, mount->target))
				return other;
	return NULL;
}

bool mountinfo_has(const char *options, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = options; at; at = strchr(at, ','), at = at ? at + 1 : NULL)
		if (strncmp(at, word, length) == 0 && (at[length] == ',' || at[length] == '\0'))
			return true;
	return false;
}
