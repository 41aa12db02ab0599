#include "cli/pctrun.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/json.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const struct verb *const verbs[] = {
	&verb_create, &verb_start, &verb_run,    &verb_state, &verb_kill,  &verb_delete, &verb_list,
	&verb_ps,     &verb_pause, &verb_resume, &verb_plan,  &verb_audit, &verb_exec,   &verb_spec,
};

static const struct option_row global_options[] = {
	{"root", 0, "DIR", "where containers' state is kept (default: /run/pctrun)"},
	{"log", 0, "FILE", "append errors to FILE"},
	{"log-format", 0, "FORMAT", "text (default) or json"},
	{"log-level", 0, "LEVEL", "accepted for compatibility"},
	{"debug", 0, NULL, "show each step as it is applied"},
	{"cgroup-manager", 0, "MANAGER", "cgroupfs (default) or disabled"},
	{"rootless", 0, "VALUE", "accepted for compatibility"},
	{"accept-unenforced", 0, "LIST",
	 "go on without what this host can't enforce; all, or words"},
	{"trace", 0, "FILE", "write a time line of the steps (Chrome trace format)"},
	{"version", 'v', NULL, "print the version"},
	{"help", 'h', NULL, "print this help"},
	{},
};

static void print_version(void)
{
	(void)printf("pctrun version %s\ncommit: %s\nspec: 1.3.0\n", PCTRUN_VERSION,
		     PCTRUN_VERSION);
}

static void print_help(void)
{
	(void)printf("usage: pctrun [OPTIONS] COMMAND [ARGUMENTS]\n\nRun and inspect containers "
		     "from OCI "
		     "bundles.\n\nCommands:\n");
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		(void)printf("  %-10s %s\n", verbs[i]->name, verbs[i]->help);
	(void)printf("\nOptions:\n");
	options_help(global_options);
}

static void print_verb_help(const struct verb *verb)
{
	(void)printf("usage: pctrun %s [OPTIONS] %s\n\n%s\n\nOptions:\n", verb->name, verb->words,
		     verb->help);
	options_help(verb->options);
}

static void warn_line(void *data, const char *line)
{
	(void)fprintf(stderr, "pctrun: warning: %s\n", line);
}

static void step_line(void *data, const char *line)
{
	(void)fprintf(stderr, "pctrun: step: %s\n", line);
}

static void log_json(int fd, const char *line)
{
	struct json_out *out = json_out_new(false);
	time_t now = time(NULL);
	cleanup_free char *text = NULL;
	struct tm utc;
	char date[32];

	(void)strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
	json_out_object(out, NULL);
	json_out_string(out, "level", "error");
	json_out_string(out, "msg", line);
	json_out_string(out, "time", date);
	json_out_end(out);
	text = json_out_take(out);
	(void)dprintf(fd, "%s\n", text);
}

/* Engines read the log, people stderr: the one line goes to both. */
static void report(const struct options *options, const struct err *err)
{
	const char *log = option_value(options, "log"),
		   *format = option_value(options, "log-format");
	char line[1600];

	(void)err_text(err, line, sizeof(line));
	if (log && *log) {
		cleanup_close int fd = open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);

		if (fd >= 0 && format && strcmp(format, "json") == 0)
			log_json(fd, line);
		else if (fd >= 0)
			(void)dprintf(fd, "%s\n", line);
	}
	(void)fprintf(stderr, "pctrun: %s\n", line);
}

static const struct verb *verb_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (strcmp(verbs[i]->name, name) == 0)
			return verbs[i];
	return NULL;
}

static bool asks_help(int argc, char **argv)
{
	return argc == 1 && (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0);
}

static int run_verb(const struct verb *verb, const struct runtime *runtime, char **argv, int argc,
		    struct err *err)
{
	struct options options;
	int r;

	if (asks_help(argc, argv)) {
		print_verb_help(verb);
		return 0;
	}
	r = options_parse(verb->options, argv, argc, verb->first_word_ends, &options, err);
	if (r < 0)
		return r;
	if (options.word_count < verb->words_min ||
	    (verb->words_max >= 0 && options.word_count > verb->words_max)) {
		err_plain(err, -EINVAL, "%s: usage: pctrun %s [OPTIONS] %s", verb->name, verb->name,
			  verb->words);
		return -EINVAL;
	}
	return verb->run(runtime, &options, err);
}

static void fill_runtime(struct runtime *runtime, struct arena *arena,
			 const struct options *options)
{
	const char *accept = option_value(options, "accept-unenforced");
	const char *trace = option_value(options, "trace");

	*runtime = (struct runtime){
		.root = runtime_root(arena, option_value(options, "root")),
		.accept = accept ? accept : getenv("PCTRUN_ACCEPT_UNENFORCED"),
		.cgroup_manager = option_value(options, "cgroup-manager"),
		.trace_fd = -EBADF,
		.warn = warn_line,
		.plan_line = option_flag(options, "debug") ? step_line : NULL,
	};
	if (trace)
		runtime->trace_fd = open(trace, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
}

int main(int argc, char **argv)
{
	cleanup_(arena_free) struct arena arena = {};
	const struct verb *verb;
	struct runtime runtime;
	struct options global;
	struct err err = {};
	int r;

	r = options_parse(global_options, argv + 1, argc - 1, true, &global, &err);
	if (r < 0) {
		report(&global, &err);
		return 1;
	}
	if (option_flag(&global, "version") || option_flag(&global, "help") ||
	    global.word_count == 0) {
		option_flag(&global, "version") ? print_version() : print_help();
		return global.count == 0;
	}
	verb = verb_find(global.words[0]);
	fill_runtime(&runtime, &arena, &global);
	if (!verb)
		r = err_plain(&err, -EINVAL, "unknown command %s", global.words[0]);
	else
		r = run_verb(verb, &runtime, global.words + 1, global.word_count - 1, &err);
	if (r >= 0)
		return r;
	report(&global, &err);
	return verb && verb->failed ? verb->failed : 1;
}
