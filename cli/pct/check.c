#include "cli/output.h"
#include "cli/pct/pct.h"
#include "cli/show_plan.h"

#include "debug/probe.h"
#include "lib/arena.h"
#include "lib/err.h"
#include "lib/host.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "pve/lint/lint.h"
#include "pve/storage/storage.h"
#include "pve/translate/translate.h"
#include "pve/verbs/hookscript.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct option_row options[] = {
	{"host", 0, NULL, "only the host: each thing that containers need, by doing it"},
	{},
};

/* ------------------------------------------------------------------------------------ the host */

/* Return: 1 when it can't be done. */
static int show_probe(const char *name, int r, const struct text *text, const char *about)
{
	output_line("%-8s %-16s %s%s%s%s", r < 0 ? "lacking" : "host", name, text_str(text),
		    r < 0 ? " (for " : "", r < 0 ? about : "", r < 0 ? ")" : "");
	return r < 0;
}

static int probe_storages(struct pct *pct, const struct probing *probing, struct err *err)
{
	struct storages storages;
	int lacking = 0, r = storage_read(pct->arena, &pct->etc, &storages, err);

	if (r < 0)
		return r;
	for (const struct storage *at = storages.first; at; at = at->next) {
		cleanup_(text_free) struct text text = {};

		if (!at->path || access(at->path, F_OK) < 0 || !storage_allows(at, "rootdir"))
			continue;
		r = probe_idmap(probing, at->path, &text);
		lacking += show_probe("id-map", r, &text, at->name);
	}
	return lacking;
}

/* Return: how many things can't be done, or why it can't be known. */
static int check_host(struct pct *pct, struct err *err)
{
	struct host host;
	struct probing probing = {.arena = pct->arena, .host = &host};
	const struct probe *probe;
	int lacking = 0, r = host_probe(pct->arena, &host, err);

	if (r < 0)
		return r;
	for (size_t i = 0; (probe = probe_at(i)); i++) {
		cleanup_(text_free) struct text text = {};

		r = probe->run(&probing, &text);
		lacking += show_probe(probe->name, r, &text, probe->about);
	}
	r = probe_storages(pct, &probing, err);
	return r < 0 ? r : lacking + r;
}

/* --------------------------------------------------------------------------------- the configs */

/* A config and what a start would make of it. */
struct checked {
	struct translation translation;
	struct plan plan;
};

static void checked_free(struct checked *checked)
{
	plan_free(&checked->plan);
	conf_free(&checked->translation.conf);
}
DEFINE_CLEANUP(struct checked, checked_free);

static int make_plan(struct pct *pct, const char *id, struct checked *checked, struct err *err)
{
	int r = pct_translate(pct, id, "/", &checked->translation, err);

	return r < 0 ? r
		     : container_plan_spec(&pct->runtime, id, "/", checked->translation.spec,
					   &checked->plan, err);
}

/* What a file of cgroup version 1 is called now, its finding says as well, with the value. */
static bool is_found(const struct lint_findings *findings, const char *origin)
{
	for (size_t i = 0; i < findings->count; i++)
		if (strcmp(findings->items[i].lint, "cgroup-v1") == 0 &&
		    strcmp(findings->items[i].origin, origin) == 0)
			return true;
	return false;
}

/* What is not enforced is in the plan. */
static void show_notes(const struct pve_notices *notices, const struct lint_findings *findings)
{
	for (size_t i = 0; i < notices->count; i++) {
		const struct pve_notice *notice = &notices->items[i];

		if (!notice->unenforced && !is_found(findings, notice->origin))
			output_line("%-8s %-16s %s (from %s)", "note", notice->what, notice->text,
				    notice->origin);
	}
}

static void show_findings(const struct lint_findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct lint_finding *finding = &findings->items[i];

		output_line("%-8s %-16s %s; %s (from %s)", "finding", finding->lint, finding->text,
			    finding->fix, finding->origin);
	}
}

/* The first step of that kind; NULL: none */
static const struct step *find_step(const struct plan *plan, const struct step_kind *kind)
{
	for (int stage = 0; stage < STEP_STAGES; stage++)
		step_each (step, plan, stage)
			if (step->kind == kind)
				return step;
	return NULL;
}

/* What the host can't do of a plan, which only trying it shows, and what this caller may not try,
 * which says nothing of the host.
 * Return: how many things it can't do. */
static int show_lacking(struct pct *pct, const struct plan *plan, int *untried)
{
	const struct probing probing = {.arena = pct->arena, .host = plan->host};
	const struct probe *probe;
	int lacking = 0;

	for (size_t i = 0; (probe = probe_at(i)); i++) {
		const struct step *step = probe->step ? find_step(plan, probe->step) : NULL;
		cleanup_(text_free) struct text text = {};
		int r = step ? probe->run(&probing, &text) : 0;

		if (r == 0)
			continue;
		output_line("%-8s %-16s %s (from %s)", r == -EPERM ? "untried" : "lacking",
			    probe->name, text_str(&text), step->origin);
		*(r == -EPERM ? untried : &lacking) += 1;
	}
	return lacking;
}

/* Return: how many there are that can't be run: the start needs it. */
static int show_hookscript(struct pct *pct, const struct pve_conf *conf)
{
	const struct pve_entry *entry = conf_find(&conf->main, "hookscript");
	struct err why = {};
	char line[1600];

	if (hookscript_check(&pct->etc, conf, &why) == 0)
		return 0;
	output_line("%-8s %-16s %s (from %s)", "lacking", "hookscript",
		    err_text(&why, line, sizeof(line)), conf_origin(pct->arena, conf, entry));
	return 1;
}

/* What the config alone shows is said also where it can't be planned: one line that is wrong hides
 * no other. Return: how many findings there are. */
static size_t show_config(struct pct *pct, const struct translation *translation,
			  const struct lint_claims *claims)
{
	struct lint_findings findings = {.arena = pct->arena};

	if (!translation->conf.id)
		return 0;
	lint_config(&translation->conf, translation->spec ? translation->facts : NULL, claims,
		    &findings);
	if (translation->notices)
		show_notes(translation->notices, &findings);
	show_findings(&findings);
	return findings.count;
}

/* @file: the config is this one, of a container @id; NULL: ID.conf
 * @claims: of all containers; NULL: not known
 * Return: how many findings there are, what would stop a start among them; or why it can't be
 * known. */
static int check_one(struct pct *pct, const char *id, const char *file,
		     const struct lint_claims *claims, struct err *err)
{
	cleanup_(checked_free) struct checked checked = {.translation = {.file = file}};
	const struct translation *translation = &checked.translation;
	int missing, untried = 0, r = make_plan(pct, id, &checked, err);
	const size_t findings = show_config(pct, translation, claims);

	if (r < 0)
		return r;
	missing = show_hookscript(pct, &translation->conf) + show_missing(&checked.plan) +
		  show_lacking(pct, &checked.plan, &untried);
	if (missing + untried == 0)
		(void)printf("this host can enforce all of %s\n", translation->conf.name);
	return (int)findings + missing;
}

/* One after the other; what one config has wrong is no reason not to look at the next. */
static int check_all(struct pct *pct, const struct lint_claims *claims, struct err *err)
{
	const char **ids;
	int r, findings = check_host(pct, err);

	if (findings < 0)
		return findings;
	r = etc_list(pct->arena, &pct->etc, &ids, err);
	for (; r == 0 && *ids; ids++) {
		struct err why = {};
		char line[1600];
		int found = check_one(pct, *ids, NULL, claims, &why);

		if (found < 0)
			output_line("error    %s", err_text(&why, line, sizeof(line)));
		findings += found != 0;
	}
	return r < 0 ? r : findings > 0;
}

/* Of a file nobody knows which of this host's containers it is, or will be. */
static int check_file(struct pct *pct, const char *file, struct err *err)
{
	return check_one(pct, "100", file, NULL, err);
}

static int check_configs(struct pct *pct, const char *id, struct err *err)
{
	struct lint_claims claims = {};
	int r = lint_claims_find(pct->arena, &pct->etc, &claims, err);

	if (r < 0)
		return r;
	return id ? check_one(pct, id, NULL, &claims, err) : check_all(pct, &claims, err);
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	const char *word = given->word_count ? given->words[0] : NULL;
	int r;

	if (option_flag(given, "host"))
		r = check_host(pct, err);
	else if (word && strchr(word, '/'))
		r = check_file(pct, word, err);
	else
		r = check_configs(pct, word, err);
	return r < 0 ? r : r > 0;
}

const struct pct_verb pct_check = {
	.name = "check",
	.reads = true,
	.ours = true,
	.words = "[<vmid|file>]",
	.help = "print what of a config (or of all) is hardly meant, what is not acted on, and "
		"what "
		"this host can't enforce; status 1 when there is anything but notes",
	.options = options,
	.words_max = 1,
	.files = true,
	.run = run,
};
