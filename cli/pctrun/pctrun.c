#include "cli/pctrun/pctrun.h"

#include "cli/accept.h"
#include "cli/help.h"
#include "cli/log.h"
#include "cli/output.h"
#include "cli/report.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/explain.h"
#include "lib/self.h"
#include "lib/text.h"
#include "oci/features.h"
#include "runtime/plan.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

static const struct verb *const verbs[] = {
	&verb_create,     &verb_start,   &verb_run,    &verb_state,  &verb_kill,  &verb_delete,
	&verb_list,       &verb_ps,      &verb_pause,  &verb_resume, &verb_exec,  &verb_update,
	&verb_checkpoint, &verb_restore, &verb_events, &verb_plan,   &verb_audit, &verb_debug,
	&verb_denials,    &verb_seccomp, &verb_trace,  &verb_why,    &verb_spec,  &verb_features,
};

static const struct option_row global_options[] = {
	{"root", 0, "DIR", "where containers' state is kept (default: /run/pctrun)"},
	{"log", 0, "FILE", "append errors to FILE too"},
	{"log-format", 0, "FORMAT", "text (default) or json"},
	{"log-level", 0, "LEVEL", "what FILE gets: error (default), warning, info, debug"},
	{"debug", 0, NULL, "show each step as it is applied"},
	{"report", 0, NULL, "show why a create or run failed as a report of several lines"},
	{"cgroup-manager", 0, "MANAGER", "cgroupfs (default), systemd or disabled"},
	{"systemd-cgroup", 0, NULL, "as --cgroup-manager systemd"},
	{"criu", 0, "PATH", "the program of checkpoint and restore (default: criu)"},
	{"rootless", 0, "VALUE", "true, false or auto: for compatibility, changes nothing"},
	{"accept-unenforced", 0, "LIST",
	 "go on without what this host can't enforce; all, or words"},
	{"trace", 0, "FILE", "write a time line of the steps (Chrome trace format)"},
	{"version", 'v', NULL, "print the version"},
	{"help", 'h', NULL, "print this help"},
	{},
};

static void print_version(void)
{
	(void)printf("pctrun version %s\ncommit: %s\nspec: %s\n", PCTRUN_VERSION, PCTRUN_COMMIT,
		     OCI_VERSION_NEWEST);
}

static void print_help(void)
{
	(void)printf("usage: pctrun [OPTIONS] COMMAND [ARGUMENTS]\n\n"
		     "run and inspect containers from OCI bundles\n\nCommands:\n");
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		help_row(stdout, verbs[i]->name, verbs[i]->help);
	help_row(stdout, "help", "print this help, or that of a command");
	help_options(stdout, global_options);
}

static void print_verb(const struct verb *verb)
{
	help_verb(stdout, "pctrun", verb->name, verb->words, verb->help, verb->options);
	if (verb->help_more)
		verb->help_more();
}

static const struct verb *verb_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (strcmp(verbs[i]->name, name) == 0)
			return verbs[i];
	return NULL;
}

static void warn_line(void *data, const char *line)
{
	log_line(data, LOG_WARNING, line);
}

static void step_line(void *data, const char *line)
{
	log_line(data, LOG_DEBUG, line);
}

/* The bundle's document is where a verb's options say. */
static const char *report(struct arena *arena, const struct options *given, const struct err *err)
{
	const char *bundle = option_value(given, "bundle"), *config = option_value(given, "config");
	const char *file = config && *config == '/'
				   ? config
				   : arena_printf(arena, "%s/%s", bundle ? bundle : ".",
						  config ? config : "config.json");
	struct err explained = *err;
	struct report_place place;

	if (strcmp(err->stage, "bundle") == 0) {
		err_origin(&explained, report_spec_origin(arena, err->what));
		err_hint(&explained, "mend that member as the OCI runtime specification has it");
	}
	place = report_spec_member(arena, file, explained.origin);
	explain_number(&explained);
	return report_text(arena, &explained, &place);
}

/* Of pct's containers, known by a number, only those that run are known here. */
static void hint_stopped(const struct verb *verb, const struct runtime *runtime,
			 const struct options *given, struct err *err)
{
	const char *id = given->word_count ? given->words[0] : "";
	unsigned int number;

	if (verb->of_running && parse_u32(id, &number) == 0 && !container_known(runtime, id))
		err_hint(err, "if it is one of pct's, it isn't running: pct start %s", id);
}

/* @shown: a report in place of the error's line; NULL: the line is wanted */
static int run_verb(const struct verb *verb, const struct runtime *runtime, char **argv, int argc,
		    struct arena *arena, const char **shown, struct err *err)
{
	struct options options;
	int r;

	r = options_parse(verb->options, argv, argc, verb->first_word_ends, &options, err);
	if (r < 0) {
		err_add(err, "%s", verb->name);
		return r;
	}
	if (options.word_count < verb->words_min ||
	    (verb->words_max >= 0 && options.word_count > verb->words_max))
		return err_plain(err, -EINVAL, "%s: usage: pctrun %s [OPTIONS] %s", verb->name,
				 verb->name, verb->words);
	r = verb->run(runtime, &options, err);
	if (r == -ENOENT)
		hint_stopped(verb, runtime, &options, err);
	if (r < 0 && shown && *err->stage)
		*shown = report(arena, &options, err);
	return r;
}

/* What other runtimes need to be told. */
static int check_rootless(const char *value, struct err *err)
{
	static const char *const values[] = {"true", "false", "auto"};

	for (size_t i = 0; value && i < ARRAY_SIZE(values); i++)
		if (strcmp(values[i], value) == 0)
			return 0;
	return value ? err_plain(err, -EINVAL, "--rootless: '%s' is none of true, false, auto",
				 value)
		     : 0;
}

static int fill_runtime(struct runtime *runtime, const struct verb *verb, struct arena *arena,
			struct log *log, const struct options *options, struct err *err)
{
	const char *trace = option_value(options, "trace");
	int r;

	*runtime = (struct runtime){
		.root = runtime_root(arena, option_value(options, "root")),
		.accept_place = "before the command, or a line of /etc/pctrun/accept-unenforced,",
		.cgroup_manager = option_flag(options, "systemd-cgroup")
					  ? "systemd"
					  : option_value(options, "cgroup-manager"),
		.criu = option_value(options, "criu"),
		.trace_fd = -EBADF,
		.cancel_fd = -EBADF,
		.reports = option_flag(options, "report"),
		.warn = warn_line,
		.warn_data = log,
		.plan_line = option_flag(options, "debug") ? step_line : NULL,
		.plan_line_data = log,
	};
	if (strcmp(runtime->root, "/") == 0)
		return err_plain(err, -EINVAL, "--root: / is no place for containers' state");
	r = plan_check_manager(runtime->cgroup_manager, err);
	if (r == 0)
		r = check_rootless(option_value(options, "rootless"), err);
	if (r == 0 && verb->plans)
		r = accept_words(arena, option_value(options, "accept-unenforced"),
				 &runtime->accept, err);
	if (r < 0)
		return r;
	if (trace)
		runtime->trace_fd = open(trace, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	return trace && runtime->trace_fd < 0 ? err_set(err, -errno, "open %s", trace) : 0;
}

static bool is_help(const char *word)
{
	return strcmp(word, "help") == 0;
}

/* The verb whose help is asked for: "help VERB", "VERB --help". */
static const struct verb *help_verb_of(const struct options *global)
{
	const struct verb *verb;

	if (global->word_count < 2)
		return NULL;
	if (is_help(global->words[0]))
		return verb_find(global->words[1]);
	verb = verb_find(global->words[0]);
	return verb && help_asked(global->words + 1, global->word_count - 1, verb->first_word_ends)
		       ? verb
		       : NULL;
}

/* Return: whether that was all. */
static bool answer(const struct options *global)
{
	bool help = global->word_count == 1 && is_help(global->words[0]);
	const struct verb *verb = help_verb_of(global);

	if (option_flag(global, "version"))
		print_version();
	else if (verb)
		print_verb(verb);
	else if (help || option_flag(global, "help"))
		print_help();
	else
		return false;
	return true;
}

static int execute(const struct options *global, struct arena *arena, struct log *log,
		   const struct verb **verb, struct err *err)
{
	struct runtime runtime;
	int r;

	if (option_flag(global, "debug"))
		log->level = LOG_DEBUG;
	r = log_set(log, option_value(global, "log"), option_value(global, "log-format"),
		    option_value(global, "log-level"), err);
	if (r == 0 && global->word_count == 0)
		r = err_plain(err, -EINVAL, "a command is needed: pctrun help lists them");
	if (r < 0)
		return r;
	*verb = verb_find(global->words[0]);
	if (!*verb)
		return err_plain(
			err, -EINVAL, "unknown command %s",
			global->words[global->word_count > 1 && is_help(global->words[0])]);
	r = fill_runtime(&runtime, *verb, arena, log, global, err);
	return r < 0 ? r
		     : run_verb(*verb, &runtime, global->words + 1, global->word_count - 1, arena,
				option_flag(global, "report") ? &log->report : NULL, err);
}

/* Before anything is done that would have to be done again. */
static int seal(const struct options *global, char **argv, struct err *err)
{
	const struct verb *verb = global->word_count ? verb_find(global->words[0]) : NULL;

	return verb && verb->enters ? self_seal(argv, err) : 0;
}

int main(int argc, char **argv)
{
	cleanup_(arena_free) struct arena arena = {};
	struct log log = {.program = "pctrun"};
	const struct verb *verb = NULL;
	struct options global;
	struct err err = {};
	int r;

	r = options_parse(global_options, argv + 1, argc - 1, true, &global, &err);
	if (r == 0)
		r = seal(&global, argv, &err);
	if (r == 0 && !answer(&global))
		r = execute(&global, &arena, &log, &verb, &err);
	r = output_end(r, &err);
	if (r >= 0)
		return r;
	log_error(&log, &err);
	return verb && verb->failed ? verb->failed : 1;
}
