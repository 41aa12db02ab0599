#include "cli/duration.h"
#include "cli/pctrun/pctrun.h"

#include "lib/err.h"
#include "runtime/events.h"

#include <stdio.h>

enum { INTERVAL_MS = 5000 };

static const struct option_row options[] = {
	{"stats", 0, NULL, "print once what it uses, and end"},
	{"interval", 0, "TIME", "how often to print that: 1m30s, 500ms (default: 5s)"},
	{},
};

static int read_interval(const struct options *given, int64_t *ms, struct err *err)
{
	const char *text = option_value(given, "interval");

	*ms = INTERVAL_MS;
	if (text && duration_read(text, ms) < 0)
		return err_plain(err, -EINVAL, "--interval: '%s' is no time like 1m30s", text);
	if (*ms == 0)
		return err_plain(err, -EINVAL, "--interval: has to be greater than 0");
	return 0;
}

/* Whoever reads it wants it now. */
static void print_line(void *data, const char *line)
{
	(void)puts(line);
	(void)fflush(stdout);
}

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	static const struct event_sink sink = {.line = print_line};
	const char *id = given->words[0];
	int64_t interval_ms;
	int r;

	r = read_interval(given, &interval_ms, err);
	if (r < 0)
		return r;
	return option_flag(given, "stats") ? container_stats(runtime, id, &sink, err)
					   : container_events(runtime, id, interval_ms, &sink, err);
}

const struct verb verb_events = {
	.name = "events",
	.words = "ID",
	.help = "print what a container uses, and when it ran out of memory, as JSON lines",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
