#include "cli/pctrun/pctrun.h"

#include "cli/duration.h"
#include "cli/pctrun/interrupt.h"
#include "debug/denials.h"
#include "debug/recording.h"
#include "lib/clock.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/own.h"
#include "lib/text.h"

#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>

static const struct option_row options[] = {
	{"follow", 'f', NULL, "go on until the container ends"},
	{"record", 0, "FILE",
	 "write a seccomp profile of the system calls that are used meanwhile"},
	{"for", 0, "TIME", "follow or record so long: 30s, 5m"},
	{"with-denied", 0, NULL, "the profile allows what was denied while recording, too"},
	{"format", 0, "WORD", "text (default), or json: a line for each"},
	{},
};

/* ------------------------------------------------------------------ what there is */

/* Whoever follows wants it now. */
static void print_denial(void *data, const struct denial *denial)
{
	(void)printf("%-10s %s", denial->layer, denial->what);
	if (denial->inside)
		(void)printf(", by %s (%d, %d in there)", denial->program, (int)denial->pid,
			     (int)denial->inside);
	else if (denial->pid)
		(void)printf(", by %s (%d)", denial->program, (int)denial->pid);
	if (denial->count > 1)
		(void)printf(", %lu times", denial->count);
	(void)printf("%s\n", denial->likely ? " (likely: the process is gone)" : "");
	if (*denial->rule)
		(void)printf("           %s%s%s%s\n", denial->rule,
			     *denial->origin ? " (from " : "", denial->origin,
			     *denial->origin ? ")" : "");
	(void)fflush(stdout);
}

static void print_blind(void *data, const char *line)
{
	(void)printf("unseen     %s\n", line);
	(void)fflush(stdout);
}

static struct json_out *begin_line(void)
{
	struct json_out *out = json_out_new(false);

	json_out_object(out, NULL);
	json_out_u64(out, "version", 1);
	return out;
}

static void end_line(struct json_out *out)
{
	json_out_end(out);
	json_out_print(out, stdout);
	(void)fflush(stdout);
}

static void write_denial(void *data, const struct denial *denial)
{
	struct json_out *out = begin_line();

	json_out_string(out, "layer", denial->layer);
	json_out_string(out, "what", denial->what);
	if (*denial->rule)
		json_out_string(out, "rule", denial->rule);
	if (*denial->origin)
		json_out_string(out, "origin", denial->origin);
	if (denial->pid) {
		json_out_string(out, "program", denial->program);
		json_out_u64(out, "pid", (uint64_t)denial->pid);
	}
	if (denial->inside)
		json_out_u64(out, "inside", (uint64_t)denial->inside);
	if (denial->likely)
		json_out_bool(out, "likely", true);
	json_out_u64(out, "count", denial->count);
	end_line(out);
}

static void write_blind(void *data, const char *line)
{
	struct json_out *out = begin_line();

	json_out_string(out, "unseen", line);
	end_line(out);
}

/* By --format json. */
static const struct denials_sink sinks[] = {
	[false] = {.denied = print_denial, .blind = print_blind},
	[true] = {.denied = write_denial, .blind = write_blind},
};

/* ------------------------------------------------------------------ recording */

static void ignore_denial(void *data, const struct denial *denial)
{
}

static void warn_blind(void *data, const char *line)
{
	(void)fprintf(stderr, "unseen     %s\n", line);
}

static void say_recording(void *data)
{
	(void)fprintf(stderr, "recording until the container ends or this is interrupted\n");
}

/* Before anything is recorded that couldn't be kept. */
static int check_folder(const char *file, struct err *err)
{
	cleanup_free char *copy = strdup(file);
	const char *folder = copy ? dirname(copy) : ".";

	if (faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) < 0)
		return err_set(err, -errno, "write %s: folder %s", file, folder);
	return 0;
}

static int keep(const struct recording *recording, const char *file, bool with_denied,
		struct err *err)
{
	cleanup_free char *profile = recording_profile(recording, with_denied);
	cleanup_(text_free) struct text denied = {}, text = {};
	int r;

	text_addf(&text, "%s\n", profile);
	r = file_replace(AT_FDCWD, file, text_str(&text), text.length, 0644, false, err);
	if (r < 0)
		return r;
	recording_denied(recording, &denied);
	(void)fprintf(stderr, "%zu system calls were used: %s lets them through\n",
		      recording_count(recording), file);
	if (denied.length)
		(void)fprintf(stderr, "denied meanwhile%s: %s\n",
			      with_denied ? ", and let through by the profile" : "",
			      text_str(&denied));
	return 0;
}

/* @shows: for what is followed beside */
static int record(const struct runtime *runtime, const char *id, struct denials_wanted *wanted,
		  const struct denials_sink *shows, const struct options *given, struct err *err)
{
	struct denials_sink sink = {
		.denied = wanted->follow ? shows->denied : ignore_denial,
		.blind = wanted->follow ? shows->blind : warn_blind,
		.following = say_recording,
	};
	const char *file = option_value(given, "record");
	static struct recording recording;
	int r = check_folder(file, err);

	wanted->recording = &recording;
	if (r == 0)
		r = denials_watch(runtime, id, wanted, &sink, err);
	return r < 0 ? r : keep(&recording, file, option_flag(given, "with-denied"), err);
}

/* ------------------------------------------------------------------ */

static int read_options(const struct options *given, struct denials_wanted *wanted, struct err *err)
{
	const char *time = option_value(given, "for");
	const bool records = option_value(given, "record");
	int64_t ms;

	*wanted = (struct denials_wanted){.follow = option_flag(given, "follow"),
					  .end = DEADLINE_NONE};
	if (option_flag(given, "with-denied") && !records)
		return err_plain(err, -EINVAL, "--with-denied is for --record");
	if (!time)
		return 0;
	if (!wanted->follow && !records)
		return err_plain(err, -EINVAL, "--for is for --follow and --record");
	if (duration_read(time, &ms) < 0)
		return err_wrong(err, "as in 30s, 5m or 1h", "--for: \"%s\" is no time", time);
	wanted->end = deadline_in_ms(ms);
	return 0;
}

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	const char *id = given->words[0];
	struct runtime interruptible = *runtime;
	struct denials_wanted wanted;
	bool json = false, records = option_value(given, "record");
	int r = read_options(given, &wanted, err);

	if (r == 0)
		r = option_is_json(given, "format", "text", &json, err);
	if (r < 0)
		return r;
	if (!wanted.follow && !records)
		return denials_watch(runtime, id, &wanted, &sinks[json], err);
	r = interrupts_begin(&interruptible.cancel_fd, err);
	if (r < 0)
		return r;
	r = records ? record(&interruptible, id, &wanted, &sinks[json], given, err)
		    : denials_watch(&interruptible, id, &wanted, &sinks[json], err);
	interrupts_end(0);
	return r;
}

const struct verb verb_denials = {
	.name = "denials",
	.words = "ID",
	.help = "what the kernel has denied to a container, and by which rule",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.plans = true,
	.of_running = true,
	.run = run,
};
