#include "cli/report.h"

#include "lib/arena.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/json_path.h"
#include "lib/text.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN_MAX = 160 };

static const char *shown(struct arena *arena, const char *text, size_t length)
{
	if (length <= SHOWN_MAX)
		return arena_strndup(arena, text, length);
	return arena_printf(arena, "%.*s...", SHOWN_MAX, text);
}

/* ------------------------------------------------------------ config files */

/* "mp0: in 100.conf, line 7" -> "mp0", "100.conf", 7 */
static bool split_origin(struct arena *arena, const char *origin, const char **key,
			 const char **file, unsigned int *line)
{
	const char *in = strstr(origin, ": in "), *number = strstr(origin, ", line ");

	if (!in || !number || number < in || parse_u32(number + strlen(", line "), line) < 0)
		return false;
	*key = arena_strndup(arena, origin, (size_t)(in - origin));
	in += strlen(": in ");
	*file = arena_strndup(arena, in, (size_t)(number - in));
	return !strchr(*file, '/');
}

static bool has_key(const char *line, const char *key)
{
	const size_t length = strlen(key);

	return strncmp(line, key, length) == 0 && strchr(" :=", line[length]) && line[length];
}

/* A start that has applied pending changes has written the file anew: then the key decides. */
static const char *find_line(const char *text, const char *key, unsigned int *number)
{
	const char *found = NULL;
	unsigned int at = 1, same = 0;

	for (const char *line = text; *line && *line != '[';
	     line += strcspn(line, "\n"), line += *line == '\n', at++) {
		if (at == *number && has_key(line, key))
			return line;
		if (!found && has_key(line, key)) {
			found = line;
			same = at;
		}
	}
	*number = found ? same : *number;
	return found;
}

static struct report_place conf_line(struct arena *arena, const char *etc, const char *origin)
{
	const char *key, *file, *text, *line;
	struct report_place place = {};
	unsigned int number;

	if (!split_origin(arena, origin, &key, &file, &number))
		return place;
	file = arena_printf(arena, "%s/lxc/%s", etc, file);
	if (file_read(arena, AT_FDCWD, file, 0, &text, NULL, NULL) == 0) {
		line = find_line(text, key, &number);
		place.text = line ? shown(arena, line, strcspn(line, "\r\n")) : NULL;
	}
	place.where = arena_printf(arena, "%s:%u", file, number);
	return place;
}

/* "firewall/100.fw, line 7", and with the line itself before it: "IN ACCPT in firewall/..." */
static struct report_place firewall_line(struct arena *arena, const char *etc, const char *origin)
{
	const char *in = strstr(origin, " in firewall/"), *file = in ? in + strlen(" in ") : origin;
	const char *end = strstr(file, ", line "), *line;
	struct report_place place = {};
	unsigned int number, at = 1;

	if (!starts_with(file, "firewall/") || !end || sscanf(end, ", line %u", &number) != 1)
		return place;
	file = arena_printf(arena, "%s/%.*s", etc, (int)(end - file), file);
	place.where = arena_printf(arena, "%s:%u", file, number);
	if (file_read(arena, AT_FDCWD, file, 0, &line, NULL, NULL) < 0)
		return place;
	for (; *line && at < number; at++)
		line += strcspn(line, "\n"), line += *line == '\n';
	place.text = *line ? shown(arena, line, strcspn(line, "\r\n")) : NULL;
	return place;
}

struct report_place report_config_line(struct arena *arena, const char *etc, const char *origin)
{
	const struct report_place place = firewall_line(arena, etc, origin);

	return place.where ? place : conf_line(arena, etc, origin);
}

/* --------------------------------------------------------------- documents */

static const char *member_text(struct arena *arena, const struct json *member)
{
	struct json_out *out = json_out_new(false);
	const char *text;

	json_out_value(out, NULL, member);
	text = json_out_keep(out, arena);
	return shown(arena, text, strcspn(text, "\n"));
}

const char *report_spec_origin(struct arena *arena, const char *message)
{
	static const char document[] = "config.json: ";
	const char *end;

	message += starts_with(message, document) ? strlen(document) : 0;
	end = strstr(message, ": ");
	if (!end || memchr(message, ' ', (size_t)(end - message)))
		return NULL;
	return arena_printf(arena, "%.*s in config.json", (int)(end - message), message);
}

struct report_place report_spec_member(struct arena *arena, const char *file, const char *origin)
{
	const char *end = strstr(origin, " in config.json"), *text, *path;
	struct report_place place = {};
	const struct json *at = NULL;
	size_t length;

	if (!end)
		return place;
	path = arena_strndup(arena, origin, (size_t)(end - origin));
	place.where = arena_printf(arena, "%s: %s", file, path);
	if (file_read(arena, AT_FDCWD, file, 0, &text, &length, NULL) < 0 ||
	    json_read(arena, file, text, length, &at, NULL) < 0)
		return place;
	at = json_at(arena, at, path);
	place.text = at ? member_text(arena, at) : "not given";
	return place;
}
