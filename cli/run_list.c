#include "cli/pctrun.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/json.h"
#include "oci/state.h"

#include <stdio.h>
#include <string.h>

static const struct option_row options[] = {
	{"format", 'f', "FORMAT", "table (default) or json"},
	{"quiet", 'q', NULL, "print ids only"},
	{},
};

static void print_table(const struct oci_state *states, size_t count)
{
	int widest = 2;

	for (size_t i = 0; i < count; i++)
		widest = (int)strlen(states[i].id) > widest ? (int)strlen(states[i].id) : widest;
	(void)printf("%-*s %-8s %-8s %-40s %-30s %s\n", widest, "ID", "PID", "STATUS", "BUNDLE",
		     "CREATED", "OWNER");
	for (size_t i = 0; i < count; i++)
		(void)printf("%-*s %-8d %-8s %-40s %-30s %s\n", widest, states[i].id,
			     (int)states[i].pid, states[i].status, states[i].bundle,
			     states[i].created, states[i].owner ? states[i].owner : "");
}

static void print_json(const struct oci_state *states, size_t count)
{
	struct json_out *out = json_out_new(false);

	json_out_array(out, NULL);
	for (size_t i = 0; i < count; i++)
		oci_state_put(&states[i], out);
	json_out_end(out);
	json_out_print(out, stdout);
}

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	struct oci_state *states;
	size_t count, known = 0;
	const char **ids;
	bool json;
	int r;

	r = option_is_json(given, "format", "table", &json, err);
	if (r == 0)
		r = container_list(runtime, &arena, &ids, &count, err);
	if (r < 0)
		return r;
	states = arena_array(&arena, count, sizeof(*states));
	for (size_t i = 0; i < count; i++) /* one that is being made or removed is left out */
		known += container_state(runtime, &arena, ids[i], &states[known], NULL) == 0 ||
			 container_remains(runtime, &arena, ids[i], &states[known], NULL) == 0;
	if (option_flag(given, "quiet"))
		for (size_t i = 0; i < known; i++)
			(void)puts(states[i].id);
	else if (json)
		print_json(states, known);
	else
		print_table(states, known);
	return 0;
}

const struct verb verb_list = {
	.name = "list",
	.words = "",
	.help = "list containers",
	.options = options,
	.words_max = 0,
	.run = run,
};
