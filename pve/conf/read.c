#include "pve/conf/conf.h"

#include "lib/err.h"
#include "lib/sha1.h"
#include "lib/text.h"
#include "pve/conf/description.h"
#include "pve/conf/edit.h"
#include "pve/conf/hint.h"
#include "pve/conf/schema.h"
#include "pve/conf/value.h"
#include "pve/lxc/raw_keys.h"

#include <string.h>
#include <strings.h>

/*
 * The grammar is a list of rules; the first that fits a line takes it, in the order of rules[]
 * below. A rule that doesn't fit leaves no trace.
 */

#define LOWER   "abcdefghijklmnopqrstuvwxyz"
#define UPPER   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS  "0123456789"
#define RAW_SET LOWER DIGITS "_.-"

struct reader {
	struct pve_conf *conf;
	struct pve_section *section;
	struct text description; /* of the section that is open */
	struct pve_warning *last_warning;
	unsigned int line;
	bool strict;
	bool failed; /* strictly: @err says why */
	struct err *err;
};

static const char *skip_space(const char *at)
{
	while (value_is_space(*at))
		at++;
	return at;
}

/* A copy of @text without blanks around it. */
static char *trimmed(struct reader *reader, const char *text)
{
	size_t length;

	text = skip_space(text);
	length = strlen(text);
	while (length && value_is_space(text[length - 1]))
		length--;
	return arena_strndup(&reader->conf->arena, text, length);
}

static void warn(struct reader *reader, enum pve_finding finding, const char *text)
{
	struct arena *arena = &reader->conf->arena;
	struct pve_warning *warning = arena_alloc(arena, sizeof(*warning));

	*warning = (struct pve_warning){.finding = finding, .line = reader->line};
	warning->text = arena_strdup(arena, text);
	if (reader->last_warning)
		reader->last_warning->next = warning;
	else
		reader->conf->warnings = warning;
	reader->last_warning = warning;
	if (reader->strict && finding != PVE_DEPRECATED && !reader->failed) {
		reader->failed = true;
		err_plain(reader->err, -EINVAL, "%s",
			  conf_warning_text(arena, reader->conf, warning));
	}
}

static void warn_line(struct reader *reader, const char *line)
{
	warn(reader, PVE_BAD_LINE,
	     arena_printf(&reader->conf->arena, "unable to parse config: %s", line));
	reader->last_warning->hint = conf_hint(line);
}

static void flush_description(struct reader *reader)
{
	struct text *text = &reader->description;
	struct pve_section *section = reader->section;

	if (!text->length)
		return;
	section->description.at =
		memcpy(arena_alloc(&reader->conf->arena, text->length + 1), text->at, text->length);
	section->description.length = text->length;
	text_clear(text);
}

static void section_open(struct reader *reader, struct pve_section *section)
{
	section->line = reader->line;
	reader->section = section;
}

static bool take_blank(struct reader *reader, const char *line)
{
	return !*skip_space(line);
}

static bool take_pending(struct reader *reader, const char *line)
{
	static const char header[] = "[pve:pending]";
	size_t length = strlen(header);

	if (strncasecmp(line, header, length) != 0 || *skip_space(line + length))
		return false;
	flush_description(reader);
	section_clear(&reader->conf->pending);
	section_open(reader, &reader->conf->pending);
	return true;
}

static bool take_snapshot(struct reader *reader, const char *line)
{
	size_t length = strspn(line + (*line == '['), LOWER UPPER DIGITS "_-");
	const char *name;

	if (line[0] != '[' || length < 2 || !strchr(LOWER UPPER, line[1]) ||
	    line[1 + length] != ']' || *skip_space(line + length + 2))
		return false;
	flush_description(reader);
	name = arena_strndup(&reader->conf->arena, line + 1, length);
	section_open(reader, conf_snapshot_add(reader->conf, name));
	return true;
}

static bool take_comment(struct reader *reader, const char *line)
{
	if (*line != '#')
		return false;
	description_decode(&reader->description, line + 1, strlen(line + 1));
	text_addc(&reader->description, '\n');
	return true;
}

/* Upstream keeps variables apart from the other raw lines; one without text vanishes. */
static void raw_put(struct reader *reader, const char *key, const char *value)
{
	struct pve_section *section = reader->section;
	bool variable = strcmp(key, "lxc.environment.runtime") == 0;

	if (variable && !*value)
		return;
	entry_add(&reader->conf->arena, variable ? &section->env : &section->raw, key, value,
		  reader->line);
}

static void raw_judge(struct reader *reader, const char *key, const char *value, const char *line)
{
	struct arena *arena = &reader->conf->arena;
	const char *why = NULL;

	switch (raw_key_check(key, &why)) {
	case RAW_UNKNOWN:
		warn_line(reader, line);
		return;
	case RAW_REFUSED:
		warn(reader, PVE_BAD_RAW, arena_printf(arena, "%s: %s", key, why));
		return;
	case RAW_DEPRECATED:
		warn(reader, PVE_DEPRECATED, arena_printf(arena, "%s %s", key, why));
		break;
	case RAW_FINE:
		break;
	}
	raw_put(reader, key, value);
}

/* "lxc.cap.drop: x" or "lxc.cap.drop = x", also without a value. */
static bool take_raw(struct reader *reader, const char *line)
{
	const char *key = line;
	const char *end;
	size_t length;

	if (!starts_with(line, "lxc."))
		return false;
	length = strspn(line, RAW_SET);
	end = line + length;
	if (length == strlen("lxc."))
		return false;
	if (*end != ':')
		end = skip_space(end);
	if (*end != '=' && (*end != ':' || end != line + length))
		return false;
	key = arena_strndup(&reader->conf->arena, line, length);
	raw_judge(reader, key, trimmed(reader, end + 1), line);
	return true;
}

/* The value behind "@key:", without blanks around it; NULL when it isn't that or is empty. */
static const char *value_after(struct reader *reader, const char *line, const char *key)
{
	size_t length = strlen(key);
	const char *value;

	if (!starts_with(line, key) || line[length] != ':')
		return NULL;
	value = trimmed(reader, line + length + 1);
	return *value ? value : NULL;
}

static bool take_description(struct reader *reader, const char *line)
{
	const char *value = value_after(reader, line, "description");

	if (!value)
		return false;
	description_decode(&reader->description, value, strlen(value));
	return true;
}

static bool take_snapstate(struct reader *reader, const char *line)
{
	const char *value = value_after(reader, line, "snapstate");

	if (!value || (strcmp(value, "prepare") != 0 && strcmp(value, "delete") != 0))
		return false;
	entry_put(&reader->conf->arena, &reader->section->options, "snapstate", value,
		  reader->line);
	return true;
}

/* A snapshot that is named "pending" may have it too, as upstream mixes up the two. */
static bool take_delete(struct reader *reader, const char *line)
{
	struct pve_section *section = reader->section;
	const char *value = value_after(reader, line, "delete");

	if (!value)
		return false;
	if (section == &reader->conf->pending || strcmp(section->name, "pending") == 0)
		entry_put(&reader->conf->arena, &section->options, "delete", value, reader->line);
	else
		warn(reader, PVE_BAD_DELETE, "property 'delete' is only allowed in [pve:pending]");
	return true;
}

/* Names that upstream's memory of a config uses for itself: they are never written. */
static bool is_internal(const char *key)
{
	static const char *const keys[] = {"digest",   "description", "pending",
					   "snapname", "snapshots",   "lxc"};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

/* As in Proxmox the last of several with one key holds. */
static void last_put(struct reader *reader, const char *key, const char *value)
{
	const struct pve_entry *before = conf_find(reader->section, key);
	const unsigned int earlier = before ? before->line : 0;

	entry_put(&reader->conf->arena, &reader->section->options, key, value, reader->line)
		->earlier = earlier;
}

static void option_put(struct reader *reader, const char *key, const char *value)
{
	struct pve_section *section = reader->section;

	if (strcmp(key, "env") == 0) {
		section->env = (struct pve_entries){};
		raw_put(reader, "lxc.environment.runtime", trimmed(reader, value));
	} else if (!is_internal(key)) {
		last_put(reader, key, value);
	}
}

/* A value of blanks alone is its last blank, as upstream's pattern has it. */
static const char *option_value(struct reader *reader, const char *text)
{
	const char *value = trimmed(reader, text);

	return *value || !*text ? value : text + strlen(text) - 1;
}

static bool take_option(struct reader *reader, const char *line)
{
	struct arena *arena = &reader->conf->arena;
	size_t length = strspn(line, LOWER "_");
	struct err err = {};
	const char *value;
	const char *key;

	if (!length || *line == '_')
		return false;
	length += strspn(line + length, DIGITS);
	if (line[length] != ':' || !line[length + 1])
		return false;
	key = arena_strndup(arena, line, length);
	value = option_value(reader, line + length + 1);
	if (schema_check(arena, key, value, &value, &err) < 0)
		warn(reader, PVE_BAD_VALUE,
		     arena_printf(arena, "unable to parse value of '%s' - %s", key, err.what));
	option_put(reader, key, value);
	return true;
}

static bool take_anything(struct reader *reader, const char *line)
{
	warn_line(reader, line);
	return true;
}

static bool (*const rules[])(struct reader *reader, const char *line) = {
	take_blank,       take_pending,   take_snapshot, take_comment, take_raw,
	take_description, take_snapstate, take_delete,   take_option,  take_anything,
};

static void line_read(struct reader *reader, const char *text, size_t length)
{
	const char *line = arena_strndup(&reader->conf->arena, text, length);

	reader->line++;
	if (memchr(text, '\0', length)) {
		take_anything(reader, line); /* no value can hold a NUL byte */
		return;
	}
	for (size_t i = 0; !rules[i](reader, line); i++)
		;
}

int conf_read(struct pve_conf *conf, const char *id, const char *text, size_t length, bool strict,
	      struct err *err)
{
	struct reader reader = {.conf = conf, .strict = strict, .err = err};
	const char *end = text + length;

	conf_init(conf, id);
	sha1_hex(text, length, conf->digest);
	reader.section = &conf->main;
	while (text < end && !reader.failed) {
		const char *newline = memchr(text, '\n', end - text);
		const char *stop = newline ? newline : end;

		line_read(&reader, text, stop - text);
		text = newline ? newline + 1 : end;
	}
	flush_description(&reader);
	text_free(&reader.description);
	return reader.failed ? -EINVAL : 0;
}
