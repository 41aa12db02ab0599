#include "cli/output.h"
#include "cli/pct/pct.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/file.h"
#include "pve/etc/references.h"
#include "pve/verbs/destroy.h"

#include <fcntl.h>
#include <stdio.h>

static const struct option_row options[] = {
	{"force", 0, NULL, "stop it if it runs"},
	{"purge", 0, NULL, "say which jobs still name it: they are for their own tools to change"},
	{"destroy-unreferenced-disks", 0, NULL, "also its disks that the config doesn't name"},
	{},
};

static void warn(void *data, const char *text)
{
	output_note("WARN: %s", text);
}

static void still_named(void *id, const char *where)
{
	output_note("WARN: %s still names CT %s", where, (const char *)id);
}

static int make_stop(struct pct *pct, const char *id, bool force, struct err *err)
{
	if (!pct_running(pct, id))
		return 0;
	if (!force)
		return err_plain(err, -EBUSY, "unable to destroy CT %s - container is running", id);
	warn(NULL, arena_printf(pct->arena, "forced to stop CT %s before destroying!", id));
	return 0;
}

/* Its console's log and how it ended last: state, which goes with a reboot of the host anyway. */
static void remove_traces(struct pct *pct, const char *id)
{
	const char *root = pct->runtime.root;
	const char *const paths[] = {
		arena_printf(pct->arena, "%s/.bundle/%s", root, id),
		arena_printf(pct->arena, "%s/.log/%s", root, id),
		arena_printf(pct->arena, "%s/.log/%s.old", root, id),
		arena_printf(pct->arena, "%s/.last/%s", root, id),
	};

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		(void)remove_tree(AT_FDCWD, paths[i]);
}

static int destroy(struct pct *pct, const struct destroy_request *request, bool force,
		   struct err *err)
{
	cleanup_(conf_free) struct pve_conf conf = {};
	int r = etc_load(&pct->etc, request->id, &conf, err);

	if (r == 0)
		r = destroy_allowed(&conf, err);
	if (r == 0)
		r = make_stop(pct, request->id, force, err);
	if (r == 0) /* it, or what a crash has left of it */
		r = container_delete(&pct->runtime, request->id, true, err);
	if (r == 0)
		r = destroy_container(request, err);
	if (r == 0)
		remove_traces(pct, request->id);
	return r;
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(lock_drop) struct lock lock = LOCK_NONE;
	const struct destroy_request request = {
		.etc = &pct->etc,
		.id = given->words[0],
		.holder = &lock,
		.unreferenced = option_flag(given, "destroy-unreferenced-disks"),
		.warn = warn,
	};
	int r = etc_lock(&pct->etc, request.id, LOCK_SECONDS, NULL, &lock, err);

	if (r == 0)
		r = destroy(pct, &request, option_flag(given, "force"), err);
	if (r == 0 && option_flag(given, "purge"))
		references_each(&pct->etc, request.id, still_named, given->words[0]);
	return r;
}

const struct pct_verb pct_destroy = {
	.name = "destroy",
	.words = "<vmid>",
	.help = "remove a container and its volumes",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
