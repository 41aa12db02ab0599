#include "cli/pctrun/pctrun.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/printable.h"
#include "lib/text.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIDES = 2, DEPTH_MAX = 16 };

static const struct option_row options[] = {{}};

static const char *const sides[SIDES] = {"host", "container"};

/* One thing that took time: from its begin to its end on one side. */
struct span {
	const char *name, *what, *origin;
	size_t side;
	double at, took; /* microseconds */
	int depth;
	bool ended;
};

struct line {
	struct arena *arena;
	size_t count;
	struct span *spans;
	struct span *open[SIDES][DEPTH_MAX];
	int depth[SIDES];
};

static double number_of(const struct json *event, const char *name)
{
	const struct json *number = json_find(event, name);

	return number && number->type == JSON_NUMBER ? strtod(number->text, NULL) : 0;
}

static void begin(struct line *line, const struct json *event, size_t side)
{
	const struct json *args = json_find(event, "args");
	const int depth = line->depth[side];
	struct span *span;

	if (depth == DEPTH_MAX)
		return;
	span = &line->spans[line->count++];
	*span = (struct span){
		.name = json_string(event, "name"),
		.what = json_string(args, "step"),
		.origin = json_string(args, "origin"),
		.side = side,
		.at = number_of(event, "ts"),
		.depth = depth,
	};
	line->open[side][line->depth[side]++] = span;
}

static void end(struct line *line, const struct json *event, size_t side)
{
	struct span *span;

	if (line->depth[side] == 0)
		return;
	span = line->open[side][--line->depth[side]];
	span->took = number_of(event, "ts") - span->at;
	span->ended = true;
}

static void take(struct line *line, const struct json *event)
{
	const char *phase = json_string(event, "ph");
	const size_t side = (size_t)number_of(event, "tid") - 1;

	if (!phase || side >= SIDES || !json_string(event, "name"))
		return;
	if (strcmp(phase, "B") == 0)
		begin(line, event, side);
	else if (strcmp(phase, "E") == 0)
		end(line, event, side);
}

/* A killed process leaves the closing bracket out, and what it was about to write. */
static int read_events(struct arena *arena, const char *name, const struct json **root,
		       struct err *err)
{
	const char *text, *last;
	size_t length;
	int r = file_read(arena, AT_FDCWD, name, 0, &text, &length, err);

	if (r < 0)
		return r;
	last = strrchr(text, '}');
	text = arena_printf(arena, "%.*s]", last ? (int)(last + 1 - text) : (int)length, text);
	r = json_read(arena, name, text, strlen(text), root, err);
	return r == 0 && (*root)->type != JSON_ARRAY
		       ? err_plain(err, -EINVAL, "%s: is no time line of --trace", name)
		       : r;
}

static int by_begin(const void *a, const void *b)
{
	const double one = ((const struct span *)a)->at, other = ((const struct span *)b)->at;

	return one < other ? -1 : one > other;
}

static bool is_wait(const struct span *span)
{
	return starts_with(span->name, "wait ");
}

static void show(const struct line *line, const struct span *span, double start)
{
	(void)printf("%10.1f ", span->at - start);
	if (span->ended)
		(void)printf("%10.1f", span->took);
	else
		(void)printf("%10s", "no end");
	(void)printf("  %-9s  %*s%s", sides[span->side], 2 * span->depth, "",
		     printable(line->arena, span->name));
	if (span->what && *span->what)
		(void)printf(" %s", printable(line->arena, span->what));
	if (span->origin && *span->origin)
		(void)printf(" (from %s)", printable(line->arena, span->origin));
	(void)putchar('\n');
}

/* What is within something else has been counted with it. */
static void sum_up(const struct line *line, size_t side)
{
	double worked = 0, waited = 0;

	for (size_t i = 0; i < line->count; i++) {
		const struct span *span = &line->spans[i];

		if (span->side == side && span->depth == 0)
			*(is_wait(span) ? &waited : &worked) += span->took;
	}
	(void)printf("%-9s  %.1f us in steps, %.1f us waiting\n", sides[side], worked, waited);
}

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	struct line line = {.arena = &arena};
	const struct json *root;
	int r = read_events(&arena, given->words[0], &root, err);

	if (r < 0)
		return r;
	line.spans = arena_array(&arena, root->count, sizeof(*line.spans));
	json_each (event, root)
		take(&line, event);
	if (line.count == 0)
		return err_plain(err, -EINVAL, "%s: has no step", given->words[0]);
	qsort(line.spans, line.count, sizeof(*line.spans), by_begin);
	(void)printf("%10s %10s  %-9s  %s\n", "at us", "took us", "side", "step");
	for (size_t i = 0; i < line.count; i++)
		show(&line, &line.spans[i], line.spans[0].at);
	for (size_t side = 0; side < SIDES; side++)
		sum_up(&line, side);
	return 0;
}

const struct verb verb_trace = {
	.name = "trace",
	.words = "FILE",
	.help = "print the time line that --trace has written: when each step began, how long it "
		"took, "
		"on which side, and who waited for whom",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
