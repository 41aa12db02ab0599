#include "cli/pct/pct.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "runtime/ending.h"

#include <stdio.h>

static const struct option_row options[] = {{}};

static void show_memory(const struct ending *note)
{
	if (!note->oom_kills.set || note->oom_kills.value == 0)
		return;
	(void)printf("killed for memory: %lu", note->oom_kills.value);
	if (note->oom_time)
		(void)printf(", last at %s", note->oom_time);
	if (note->memory_origin)
		(void)printf(" (from %s)", note->memory_origin);
	(void)putchar('\n');
}

static void show(struct pct *pct, const struct ending *note)
{
	if (note->failed)
		(void)printf("%s, a start that failed\n%s", note->failed,
			     note->report ? note->report : "");
	if (note->time)
		(void)printf("%s, ended: %s\n", note->time, ending_text(pct->arena, note));
	show_memory(note);
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	const char *id = given->words[0];
	struct ending note = {};
	int r;

	r = pct_exists(pct, id, err);
	if (r < 0)
		return r;
	r = ending_read(pct->arena, &pct->runtime, id, &note, err);
	if (r < 0 && r != -ENOENT)
		return r;
	err_clear(err);
	if (r == -ENOENT)
		(void)printf("nothing is noted of CT %s: %s\n", id,
			     pct_running(pct, id) ? "it runs" : "it has not run here");
	else
		show(pct, &note);
	return 0;
}

const struct pct_verb pct_last = {
	.name = "last",
	.ours = true,
	.words = "<vmid>",
	.help = "print the report of a container's last start if it failed, else how it ended",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
