#include "cli/output.h"
#include "cli/pctrun/pctrun.h"

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

/* Of hundreds each is shown before the next one is looked at. */
struct listing {
	struct json_out *json; /* NULL: a table */
	int widest;            /* id           */
};

static int widest_of(const char *const *ids, size_t count)
{
	int widest = 2;

	for (size_t i = 0; i < count; i++)
		widest = (int)strlen(ids[i]) > widest ? (int)strlen(ids[i]) : widest;
	return widest;
}

static void begin(const struct listing *listing)
{
	if (listing->json)
		json_out_array(listing->json, NULL);
	else
		output_line("%-*s %-8s %-8s %-40s %-30s %s", listing->widest, "ID", "PID", "STATUS",
			    "BUNDLE", "CREATED", "OWNER");
}

static void show(const struct listing *listing, const struct oci_state *state)
{
	if (listing->json)
		oci_state_put(state, listing->json);
	else
		output_line("%-*s %-8d %-8s %-40s %-30s %s", listing->widest, state->id,
			    (int)state->pid, state->status, state->bundle, state->created,
			    state->owner ? state->owner : "");
}

static void end(const struct listing *listing)
{
	if (!listing->json)
		return;
	json_out_end(listing->json);
	json_out_print(listing->json, stdout);
}

/* One that is being made or removed is left out. */
static void show_one(const struct runtime *runtime, const char *id, const struct listing *listing)
{
	cleanup_(arena_free) struct arena arena = {};
	struct oci_state state;

	if (container_state(runtime, &arena, id, &state, NULL) == 0 ||
	    container_remains(runtime, &arena, id, &state, NULL) == 0)
		show(listing, &state);
}

static void show_ids(const struct runtime *runtime, const char *const *ids, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (container_known(runtime, ids[i]))
			(void)puts(ids[i]);
}

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	struct listing listing;
	const char **ids = NULL;
	size_t count = 0;
	bool json;
	int r;

	r = option_is_json(given, "format", "table", &json, err);
	if (r == 0)
		r = container_list(runtime, &arena, &ids, &count, err);
	if (r < 0)
		return r;
	if (option_flag(given, "quiet")) {
		show_ids(runtime, ids, count);
		return 0;
	}
	listing.widest = widest_of(ids, count);
	listing.json = json ? json_out_new(false) : NULL;
	begin(&listing);
	for (size_t i = 0; i < count; i++)
		show_one(runtime, ids[i], &listing);
	end(&listing);
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
