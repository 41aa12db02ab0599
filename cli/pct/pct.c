#include "cli/pct/pct.h"

#include "cli/accept.h"
#include "cli/output.h"
#include "cli/pct/help.h"
#include "cli/pct/options.h"
#include "cli/pct/power.h"
#include "cli/report.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/explain.h"
#include "lib/self.h"
#include "lib/text.h"
#include "oci/state.h"
#include "pve/conf/value.h"
#include "pve/lint/lint.h"

#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

enum { EXIT_FAILED = 255 };

const struct pct_verb *const pct_verbs[] = {
	&pct_list,         &pct_config,      &pct_status,   &pct_check,          &pct_plan,
	&pct_bundle,       &pct_create,      &pct_destroy,  &pct_unlock,         &pct_start,
	&pct_stop,         &pct_shutdown,    &pct_reboot,   &pct_exec,           &pct_enter,
	&pct_console,      &pct_set,         &pct_firewall, &pct_pending,        &pct_push,
	&pct_pull,         &pct_suspend,     &pct_resume,   &pct_cpusets,        &pct_startall,
	&pct_stopall,      &pct_restore,     &pct_migrate,  &pct_remote_migrate, &pct_resize,
	&pct_mount,        &pct_unmount,     &pct_df,       &pct_fsck,           &pct_fstrim,
	&pct_rescan,       &pct_move_volume, &pct_snapshot, &pct_delsnapshot,    &pct_rollback,
	&pct_listsnapshot, &pct_clone,       &pct_template, &pct_last,           NULL,
};

/* Does @err name the very line already? */
static bool is_told(const struct pve_conf *conf, const struct pve_warning *warning,
		    const struct err *err)
{
	char where[64];

	(void)snprintf(where, sizeof(where), "%s, line %u", conf->name, warning->line);
	return err && err->num && ends_with(err->origin, where);
}

void pct_warn_conf(struct pct *pct, const struct pve_conf *conf, const struct err *err)
{
	for (const struct pve_warning *warning = conf->warnings; warning; warning = warning->next)
		if (!is_told(conf, warning, err))
			output_note("%s", conf_warning_text(pct->arena, conf, warning));
}

int pct_load(struct pct *pct, const char *id, struct pve_conf *conf, struct err *err)
{
	int r;

	r = etc_load(&pct->etc, id, conf, err);
	if (r == 0)
		pct_warn_conf(pct, conf, NULL);
	return r;
}

void pct_warn(void *data, const char *line)
{
	output_note("WARN: %s", line);
}

void pct_warn_findings(struct pct *pct, const struct lint_findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct lint_finding *finding = &findings->items[i];

		pct_warn(NULL, arena_printf(pct->arena, "%s; %s (from %s)", finding->text,
					    finding->fix, finding->origin));
	}
}

const char *pct_report(struct pct *pct, const struct err *err)
{
	const struct report_place place =
		report_config_line(pct->arena, pct->etc.folder, err->origin);
	struct err explained = *err;

	explain_number(&explained);
	return report_text(pct->arena, &explained, &place);
}

int pct_accept(struct pct *pct, const struct options *options, struct err *err)
{
	return accept_words(pct->arena, option_value(options, "accept-unenforced"),
			    &pct->runtime.accept, err);
}

int pct_exists(struct pct *pct, const char *id, struct err *err)
{
	cleanup_(conf_free) struct pve_conf conf = {};

	return etc_load(&pct->etc, id, &conf, err);
}

int pct_seconds(const struct options *options, unsigned int *seconds, struct err *err)
{
	const char *given = option_value(options, "timeout");

	if (!given || parse_u32(given, seconds) == 0)
		return 0;
	return err_plain(err, -EINVAL,
			 "400 Parameter verification failed. timeout: type check ('integer') "
			 "failed - got '%s'",
			 given);
}

int pct_bwlimit(const struct options *options, const char **bwlimit, struct err *err)
{
	*bwlimit = option_value(options, "bwlimit");
	if (!*bwlimit || value_is_decimal(*bwlimit))
		return 0;
	return err_plain(err, -EINVAL,
			 "400 Parameter verification failed. bwlimit: type check ('number') failed "
			 "- got '%s'",
			 *bwlimit);
}

bool pct_running(struct pct *pct, const char *id)
{
	struct oci_state state;

	return container_state(&pct->runtime, pct->arena, id, &state, NULL) == 0 &&
	       strcmp(state.status, "stopped") != 0 && strcmp(state.status, "created") != 0;
}

bool pct_paused(struct pct *pct, const char *id)
{
	struct oci_state state;

	return container_state(&pct->runtime, pct->arena, id, &state, NULL) == 0 &&
	       strcmp(state.status, "paused") == 0;
}

static int check_id(const char *word, struct err *err)
{
	if (value_is_id(word))
		return 0;
	err_plain(err, -EINVAL,
		  value_is_digits(word)
			  ? "400 Parameter verification failed. vmid: invalid format - '%s' is no "
			    "id of a container (100 to 999999999)"
			  : "400 Parameter verification failed. vmid: type check ('integer') "
			    "failed - got '%s'",
		  word);
	return -EINVAL;
}

/* Containers belong to whoever may write the configs they are made from. Somebody else would look
 * for them among his own, and hear that they are stopped. */
static int check_user(const struct pct *pct, const struct pct_verb *verb, struct err *err)
{
	if (verb->reads || getauxval(AT_EUID) == 0 || access(pct->etc.folder, W_OK) == 0 ||
	    errno != EACCES)
		return 0;
	err_set(err, -EACCES, "use the containers of %s", pct->etc.folder);
	err_hint(err, "run pct %s as root, whose they are", verb->name);
	return -EACCES;
}

static int run_verb(struct pct *pct, const struct pct_verb *verb, char **argv, int argc,
		    struct err *err)
{
	struct options options;
	int r;

	r = pct_options_parse(verb_options(verb, pct->arena), verb->words, argv, argc, &options,
			      err);
	if (r < 0)
		return r;
	if (options.word_count < verb->words_min || options.word_count > verb->words_max)
		return err_plain(err, -EINVAL, "400 %s arguments: pct %s %s [OPTIONS]",
				 options.word_count < verb->words_min ? "not enough" : "too many",
				 verb->name, verb->words);
	if (options.word_count > 0 && !(verb->files && strchr(options.words[0], '/')) &&
	    check_id(options.words[0], err) < 0)
		return -EINVAL;
	r = check_user(pct, verb, err);
	return r < 0 ? r : verb->run(pct, &options, err);
}

/* No config of that id has a status of its own; what a line of one, an option (option_bad()) or a
 * verb that makes one wants, is something else. */
static int report(struct pct *pct, const struct pct_verb *verb, int r, const struct err *err)
{
	char line[1600];

	if (verb && verb->reports && *err->stage)
		(void)fputs(pct_report(pct, err), stderr);
	else
		output_note("%s", err_text(err, line, sizeof(line)));
	return r == -ENOENT && !*err->origin && verb != &pct_create ? ENOENT : EXIT_FAILED;
}

/* What pctrun has, for all containers that run, however they were started. */
static bool is_of_pctrun(const char *name)
{
	static const char *const names[] = {"why",   "audit", "denials", "debug",
					    "trace", "ps",    "seccomp", "events"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static int refuse_command(const char *name)
{
	if (is_of_pctrun(name)) {
		output_note("ERROR: unknown command 'pct %s'; it is pctrun's: pctrun %s --help",
			    name, name);
		return EXIT_FAILED;
	}
	output_note("ERROR: unknown command 'pct %s'", name);
	pct_help_print(stderr);
	return EXIT_FAILED;
}

int main(int argc, char **argv)
{
	cleanup_(arena_free) struct arena arena = {};
	struct pct pct = {.arena = &arena};
	const struct pct_verb *verb;
	struct err err = {};
	int r;

	if (argc < 2) {
		(void)fprintf(stderr, "ERROR: no command specified\n");
		pct_help_print(stderr);
		return EXIT_FAILED;
	}
	if (pct_help_answer(argv + 1, argc - 1, &arena)) {
		r = output_end(0, &err);
		return r < 0 ? report(&pct, NULL, r, &err) : 0;
	}
	verb = verb_find(argv[1]);
	if (!verb)
		return refuse_command(pct_help_unknown(argv + 1, argc - 1));
	r = verb->enters ? self_seal(argv, &err) : 0;
	if (r < 0)
		return report(&pct, verb, r, &err);
	etc_find(&arena, NULL, &pct.etc);
	pct.runtime = (struct runtime){
		.root = runtime_root(&arena, NULL),
		.trace_fd = -EBADF,
		.cancel_fd = -EBADF,
		.warn = pct_warn,
		.undone = power_post_stop,
		.undone_data = &pct,
	};
	r = output_end(run_verb(&pct, verb, argv + 2, argc - 2, &err), &err);
	return r < 0 ? report(&pct, verb, r, &err) : r;
}
