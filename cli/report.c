#include "cli/report.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/errno_name.h"
#include "lib/printable.h"
#include "lib/text.h"

#include <string.h>

static void row(struct text *report, const char *name, const char *value)
{
	if (!*value)
		return;
	text_addf(report, "  %-7s ", name);
	text_add_line(report, value);
	text_addc(report, '\n');
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

	text_add_line(&report, err->what);
	text_addf(&report, "%s%s\n", err->plain ? "" : ": ", err->plain ? "" : strerror(err->num));
	row(&report, "config", asked(arena, err, place));
	row(&report, "step", step(arena, err));
	row(&report, "call", call(arena, err));
	row(&report, "host", err->fact);
	row(&report, "fix", err->hint);
	return arena_strdup(arena, text_str(&report));
}
