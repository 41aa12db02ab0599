#include "cli/output.h"
#include "cli/pctrun/pctrun.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/process.h"
#include "lib/text.h"

#include <stdio.h>
#include <string.h>

static const struct option_row options[] = {
	{"format", 'f', "FORMAT", "table (default) or json: an array of pids"},
	{},
};

struct pids {
	pid_t *items;
	size_t count;
};

static bool has_pid(const struct pids *pids, const char *word, size_t length)
{
	char digits[16];
	unsigned int pid;

	(void)snprintf(digits, sizeof(digits), "%.*s", (int)length, word);
	if (parse_u32(digits, &pid) < 0)
		return false;
	for (size_t i = 0; i < pids->count; i++)
		if (pids->items[i] == (pid_t)pid)
			return true;
	return false;
}

/* The word number @index of a line. Return: NULL if there are fewer. */
static const char *word_at(const char *line, size_t index, size_t *length)
{
	const char *word;

	do
		word = next_word(&line, length);
	while (word && index-- > 0);
	return word;
}

/* Which column of ps's header says PID. Return: -ENOENT if none does. */
static int pid_column(const char *header)
{
	const char *word;
	size_t length;

	for (int column = 0; (word = next_word(&header, &length)); column++)
		if (length == 3 && strncmp(word, "PID", 3) == 0)
			return column;
	return -ENOENT;
}

static int print_lines(char *table, const struct pids *pids, struct err *err)
{
	char *header = strsep(&table, "\n"), *line;
	int column = pid_column(header);

	if (column < 0)
		return err_plain(err, -EINVAL, "ps: its output has no column PID");
	output_line("%s", header);
	while (table && (line = strsep(&table, "\n"))) {
		size_t length;
		const char *word = word_at(line, (size_t)column, &length);

		if (word && has_pid(pids, word, length))
			output_line("%s", line);
	}
	return 0;
}

/* The host's ps, its lines of our processes. Where it has none, their pids are all we know. */
static int print_table(const struct options *given, const struct pids *pids, struct arena *arena,
		       struct err *err)
{
	const char **argv = arena_array(arena, (size_t)given->word_count + 3, sizeof(*argv));
	cleanup_(text_free) struct text output = {};
	cleanup_free char *table = NULL;
	int r;

	argv[0] = "ps";
	argv[1] = "-ef";
	for (int i = 1; i < given->word_count; i++)
		argv[i] = given->words[i];
	r = process_run(argv, &output, err);
	if (r == 0) {
		table = text_take(&output);
		return print_lines(table, pids, err);
	}
	if (r != -ENOENT || given->word_count > 1)
		return r;
	err_clear(err);
	(void)puts("PID");
	for (size_t i = 0; i < pids->count; i++)
		(void)printf("%d\n", (int)pids->items[i]);
	return 0;
}

static void print_json(const struct pids *pids)
{
	(void)putchar('[');
	for (size_t i = 0; i < pids->count; i++)
		(void)printf("%s%d", i ? "," : "", (int)pids->items[i]);
	(void)puts("]");
}

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	struct pids pids = {};
	bool json;
	int r;

	r = option_is_json(given, "format", "table", &json, err);
	if (r == 0)
		r = container_pids(runtime, &arena, given->words[0], &pids.items, &pids.count, err);
	if (r < 0)
		return r;
	if (!json)
		return print_table(given, &pids, &arena, err);
	print_json(&pids);
	return 0;
}

const struct verb verb_ps = {
	.name = "ps",
	.words = "ID [PS-OPTIONS]",
	.help = "list the processes of a container, by the host's pids",
	.options = options,
	.words_min = 1,
	.words_max = -1,
	.first_word_ends = true,
	.run = run,
};
