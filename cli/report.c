#include "cli/report.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/errno_name.h"
#include "lib/text.h"

#include <string.h>

enum { DELETE = 0x7f };

static void row(struct text *report, const char *name, const char *value)
{
	if (value && *value)
		text_addf(report, "  %-7s %s\n", name, value);
}

/* Names from a document go to a terminal. */
static const char *plain(char *text)
{
	for (char *c = text; *c; c++)
		if (((unsigned char)*c < ' ' && *c != '\n') || *c == DELETE)
			*c = ' ';
	return text;
}

/* One line of it: a value may have line feeds. */
static const char *flat(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text);

	for (char *c = copy; *c; c++)
		if (*c == '\n')
			*c = ' ';
	return copy;
}

static const char *asked(struct arena *arena, const struct err *err,
			 const struct report_place *place)
{
	if (!place->where)
		return err->origin;
	return place->text ? arena_printf(arena, "%s: %s", place->where, place->text)
			   : arena_printf(arena, "%s: %s", place->where, err->origin);
}

static const char *step(struct arena *arena, const struct err *err)
{
	if (err->number == 0)
		return !*err->stage ? ""
		       : err->of ? arena_printf(arena, "none of %u, stage %s", err->of, err->stage)
				 : arena_printf(arena, "none yet, stage %s", err->stage);
	return arena_printf(arena, "%u of %u, stage %s", err->number, err->of, err->stage);
}

static const char *call(struct arena *arena, const struct err *err)
{
	if (err->plain)
		return "";
	return arena_printf(arena, "%s%s%s: %s", err->call, *err->call ? ": " : "", err->leaf,
			    errno_name(arena, err->num));
}

const char *report_text(struct arena *arena, const struct err *err,
			const struct report_place *place)
{
	cleanup_(text_free) struct text report = {};

	text_addf(&report, "%s%s%s\n", flat(arena, err->what), err->plain ? "" : ": ",
		  err->plain ? "" : strerror(err->num));
	row(&report, "config", flat(arena, asked(arena, err, place)));
	row(&report, "step", step(arena, err));
	row(&report, "call", flat(arena, call(arena, err)));
	row(&report, "host", flat(arena, err->fact));
	row(&report, "fix", flat(arena, err->hint));
	return plain(arena_strdup(arena, text_str(&report)));
}
