#include "cli/pct/config_lines.h"
#include "cli/pct/pct.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "pve/conf/conf.h"
#include "pve/conf/pending.h"

#include <stdlib.h>
#include <string.h>

static const struct option_row options[] = {{}};

/* struct lists - what holds, and what waits for a restart */
struct lists {
	const struct config_line *now, *next;
	size_t now_count, next_count;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The keys of both, each once, sorted. */
static const char **all_keys(struct arena *arena, const struct lists *lists, size_t *count)
{
	const char **keys =
		arena_array(arena, lists->now_count + lists->next_count + 1, sizeof(*keys));
	size_t n = 0;

	for (size_t i = 0; i < lists->now_count; i++)
		keys[n++] = lists->now[i].key;
	for (size_t i = 0; i < lists->next_count; i++)
		if (!config_line_find(lists->now, lists->now_count, lists->next[i].key) &&
		    strcmp(lists->next[i].key, "delete") != 0)
			keys[n++] = lists->next[i].key;
	qsort(keys, n, sizeof(*keys), by_name);
	*count = n;
	return keys;
}

static void print_key(const struct pve_conf *conf, const struct lists *lists, const char *key)
{
	const struct config_line *now = config_line_find(lists->now, lists->now_count, key);
	const struct config_line *next = config_line_find(lists->next, lists->next_count, key);

	if (now)
		config_line_print(pending_deletes(conf, key) ? "del " : "cur ", now);
	if (next)
		config_line_print("new ", next);
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(conf_free) struct pve_conf conf = {};
	struct lists lists;
	const char **keys;
	size_t count;
	int r = pct_load(pct, given->words[0], &conf, err);

	if (r < 0)
		return r;
	lists.now = config_lines(pct->arena, &conf.main, &lists.now_count);
	lists.next = config_lines(pct->arena, &conf.pending, &lists.next_count);
	keys = all_keys(pct->arena, &lists, &count);
	for (size_t i = 0; i < count; i++)
		print_key(&conf, &lists, keys[i]);
	return 0;
}

const struct pct_verb pct_pending = {
	.name = "pending",
	.reads = true,
	.words = "<vmid>",
	.help = "print a container's config, and what of it changes with the next start",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
