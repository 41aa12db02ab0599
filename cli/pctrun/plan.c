#include "cli/pctrun/pctrun.h"
#include "cli/plan_diff.h"
#include "cli/show_plan.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/plan.h"

#include <string.h>
#include <sys/stat.h>

static const struct option_row options[] = {
	{"bundle", 'b', "DIR", "folder of config.json (default: ., or that of the container ID)"},
	{"against", 0, "OTHER",
	 "show the difference from OTHER instead: a bundle, a config.json or a container's ID"},
	{"set", 0, "PATH=VALUE",
	 "show what changes with another value (JSON, or a string) at a path of config.json; may "
	 "be "
	 "repeated"},
	{"format", 'f', "FORMAT", "text (default) or json"},
	{},
};

static int find_container(const struct runtime *runtime, struct arena *arena, const char *id,
			  struct plan_source *source, struct err *err)
{
	source->file = arena_printf(arena, "%s/%s/config.json", runtime->root, id);
	return container_bundle(runtime, arena, id, &source->bundle, err);
}

/* A name without '/' that isn't there is a container's. */
static int find_other(const struct runtime *runtime, struct arena *arena, const char *other,
		      struct plan_source *source, struct err *err)
{
	struct stat st;
	char *slash;

	if (stat(other, &st) < 0 && !strchr(other, '/'))
		return find_container(runtime, arena, other, source, err);
	source->bundle = other;
	if (stat(other, &st) < 0 || S_ISDIR(st.st_mode))
		return 0; /* what isn't there fails with its name */
	source->file = other;
	slash = strrchr(other, '/');
	source->bundle = !slash ? "." : arena_strndup(arena, other, (size_t)(slash - other) + 1);
	return 0;
}

/* Of a container that is there its own, where the caller is in no bundle. */
static int find_own(const struct runtime *runtime, struct arena *arena, const char *id,
		    struct plan_source *source, struct err *err)
{
	struct stat st;
	int r = stat("config.json", &st) == 0 ? 0 : find_container(runtime, arena, id, source, err);

	if (r < 0)
		err_hint(err,
			 "here is no config.json either: -b names the folder of one; for a config "
			 "of pct's: pct plan %s",
			 id);
	return r;
}

static int show_difference(const struct runtime *runtime, const char *id,
			   const struct plan_source *other, const struct plan *plan, bool json,
			   struct arena *arena, struct err *err)
{
	cleanup_(plan_free) struct plan before = {};
	struct plan_diff diff;
	int r = container_plan(runtime, id, other, &before, err);

	if (r < 0)
		return r;
	plan_diff(arena, &before, plan, &diff);
	plan_diff_show(&diff, json);
	return 0;
}

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(plan_free) struct plan plan = {};
	const char *id = given->word_count ? given->words[0] : "ID";
	const char *bundle = option_value(given, "bundle"), *other = option_value(given, "against");
	struct plan_source source = {.bundle = bundle ? bundle : "."};
	struct plan_source before;
	bool json;
	int r;

	r = option_is_json(given, "format", "text", &json, err);
	if (r == 0 && !bundle && given->word_count)
		r = find_own(runtime, &arena, id, &source, err);
	before = source;
	source.sets = option_values(&arena, given, "set");
	if (r == 0 && other)
		r = find_other(runtime, &arena, other, &before, err);
	if (r == 0)
		r = container_plan(runtime, id, &source, &plan, err);
	if (r < 0)
		return r;
	if (other || *source.sets)
		return show_difference(runtime, id, &before, &plan, json, &arena, err);
	show_plan(&plan, json);
	return 0;
}

const struct verb verb_plan = {
	.name = "plan",
	.words = "[ID]",
	.help = "print what would be done for a bundle, in order, and who asked for it; or what a "
		"change makes of it",
	.options = options,
	.words_max = 1,
	.plans = true,
	.run = run,
};
