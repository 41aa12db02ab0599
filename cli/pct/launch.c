#include "cli/pct/launch.h"

#include "cli/pct/monitor.h"
#include "cli/pct/pct.h"
#include "lib/arena.h"
#include "lib/err.h"
#include "lib/fault.h"
#include "lib/file.h"
#include "lib/plan.h"
#include "pve/facts/facts.h"
#include "pve/lint/lint.h"
#include "pve/setup/setup.h"
#include "pve/translate/translate.h"
#include "pve/verbs/hookscript.h"
#include "runtime/ending.h"
#include "runtime/missing.h"

#include <fcntl.h>
#include <string.h>

const char *launch_bundle(const struct launch *launch)
{
	return arena_printf(launch->pct->arena, "%s/.bundle/%s", launch->pct->runtime.root,
			    launch->id);
}

static void warn_of(const struct pct *pct, const struct pve_notice *notice)
{
	pct_warn(NULL, arena_printf(pct->arena, "%s (from %s)", notice->text, notice->origin));
}

static void warn_of_conflicts(struct pct *pct, const struct translation *translation)
{
	struct lint_findings findings = {.arena = pct->arena};

	lint_conflicts(&translation->conf, translation->facts, &findings);
	pct_warn_findings(pct, &findings);
}

/*
 * What the translation doesn't act on counts as what the host can't enforce. All of it is said
 * together, and before the hookscript or the guest's set-up has done anything.
 */
static int check_enforced(struct pct *pct, const char *id, const char *bundle,
			  const struct translation *translation, struct err *err)
{
	cleanup_(plan_free) struct plan plan = {};
	int r;

	r = container_plan_spec(&pct->runtime, id, bundle, translation->spec, &plan, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < translation->notices->count; i++)
		if (!translation->notices->items[i].unenforced)
			warn_of(pct, &translation->notices->items[i]);
	warn_of_conflicts(pct, translation);
	return missing_check(&pct->runtime, &plan, err);
}

static int write_bundle(struct pct *pct, const char *folder, const struct oci_spec *spec,
			struct err *err)
{
	cleanup_free char *text = oci_spec_write(spec);
	int r = make_dirs(folder, 0700, err);

	if (r < 0)
		return r;
	return file_replace(AT_FDCWD, arena_printf(pct->arena, "%s/config.json", folder), text,
			    strlen(text), 0600, false, err);
}

/* As Proxmox does before each start: the guest's files follow the config. */
static int set_up_guest(struct pct *pct, const struct translation *translation, struct err *err)
{
	const struct pve_volume *root = pve_facts_volume(translation->facts, "rootfs");
	struct setup setup = {.conf = &translation->conf, .warn = pct_warn};

	if (!root)
		return 0;
	setup_ask_host(pct->arena, &setup);
	return setup_volume(root->path, &setup, err);
}

/* The translation is made before the hookscript runs, and its guest is set up after it. */
static int make_bundle(const struct launch *launch, struct pct *pct,
		       struct translation *translation, struct err *err)
{
	const char *bundle = launch_bundle(launch);
	int r;

	r = pct_translate(pct, launch->id, bundle, translation, err);
	err_stage(err, "translation");
	if (r == 0)
		r = check_enforced(pct, launch->id, bundle, translation, err);
	err_stage(err, "plan");
	if (r == 0)
		r = fault_point("start", err);
	if (r == 0 && translation->pending) /* done, as far as the config goes */
		r = etc_save(&pct->etc, &translation->conf, err);
	if (r == 0 && !launch->quiet)
		r = hookscript_run(&pct->etc, &translation->conf, "pre-start", err);
	err_stage(err, "hookscript");
	if (r == 0)
		r = fault_point("start", err);
	if (r == 0)
		r = set_up_guest(pct, translation, err);
	err_stage(err, "guest set-up");
	if (r == 0)
		r = fault_point("start", err);
	if (r == 0)
		r = write_bundle(pct, bundle, translation->spec, err);
	err_stage(err, "bundle");
	return r;
}

/* In memory of its own: the monitor, which is forked afterwards, needs none of it. */
int launch_prepare(const struct launch *launch, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	struct translation translation = {.starts = true};
	struct pct pct = *launch->pct;
	int r;

	pct.arena = &arena;
	r = container_delete(&pct.runtime, launch->id, true, err); /* what a crash has left */
	if (r == 0)
		r = fault_point("start", err);
	if (r == 0)
		r = make_bundle(launch, &pct, &translation, err);
	if (r == 0)
		r = fault_point("start", err);
	conf_free(&translation.conf);
	return r;
}

int launch_container(struct launch *launch, struct err *err)
{
	struct err ignored = {};
	int r;

	r = launch_prepare(launch, err);
	if (r == 0)
		r = monitor_launch(launch, err);
	else
		(void)container_delete(&launch->pct->runtime, launch->id, true, &ignored);
	if (r == 0)
		return 0;
	err_stage(err, "launch");
	ending_failed(&launch->pct->runtime, launch->id, pct_report(launch->pct, err));
	return -ECHILD;
}
