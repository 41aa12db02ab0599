#include "cli/output.h"
#include "cli/pctrun/pctrun.h"
#include "cli/show_isolation.h"

#include "debug/isolation.h"
#include "debug/weaknesses.h"
#include "lib/err.h"
#include "lib/json.h"
#include "lib/step.h"
#include "lib/text.h"

#include <stdio.h>

enum { FORMAT_VERSION = 1 }; /* of docs/schema/audit.json */
enum { STATUS_ERROR = 2 };   /* 1 is drift */

static const struct option_row options[] = {
	{"pid", 'p', "N", "any process instead: a report on its isolation, and what is weak"},
	{"format", 0, "FORMAT", "text (default) or json: docs/schema/audit.json"},
	{},
};

static const char *const words[] = {
	[OBSERVED_HOLDS] = "holds", [OBSERVED_DIFFERS] = "differs", [OBSERVED_UNSEEN] = "unseen"};

/* --- a container of ours: each step beside what the kernel shows */

struct comparison {
	struct json_out *out; /* NULL: as text */
	bool differs;
};

static void print_step(const struct step *step, const char *text, const struct observation *seen)
{
	output_line("%-8s %-16s %s: %s (from %s)",
		    seen->observed == OBSERVED_DIFFERS ? "DIFFERS" : words[seen->observed],
		    step->kind->name, text, seen->text, step->origin);
}

static void write_step(const struct step *step, const char *text, const struct observation *seen,
		       struct json_out *out)
{
	json_out_object(out, NULL);
	json_out_string(out, "step", step->kind->name);
	json_out_string(out, "observed", words[seen->observed]);
	json_out_string(out, "text", text);
	json_out_string(out, "kernel", seen->text);
	json_out_string(out, "origin", step->origin);
	json_out_end(out);
}

static void compare_step(void *data, const struct step *step, const struct observation *seen)
{
	cleanup_(text_free) struct text text = {};
	struct comparison *comparison = data;

	step->kind->describe(step, &text);
	if (comparison->out)
		write_step(step, text_str(&text), seen, comparison->out);
	else
		print_step(step, text_str(&text), seen);
	comparison->differs |= seen->observed == OBSERVED_DIFFERS;
}

static struct json_out *begin_document(const char *kind)
{
	struct json_out *out = json_out_new(true);

	json_out_object(out, NULL);
	json_out_u64(out, "version", FORMAT_VERSION);
	json_out_string(out, "kind", kind);
	return out;
}

static void print_document(struct json_out *out)
{
	json_out_end(out);
	json_out_print(out, stdout);
}

static int audit_container(const struct runtime *runtime, const char *id, bool json,
			   struct err *err)
{
	struct comparison comparison = {.out = json ? begin_document("container") : NULL};
	int r;

	if (json) {
		json_out_string(comparison.out, "id", id);
		json_out_array(comparison.out, "steps");
	}
	r = container_audit(runtime, id, compare_step, &comparison, err);
	if (!json)
		return r < 0 ? r : comparison.differs;
	if (r < 0) {
		json_out_free(comparison.out);
		return r;
	}
	json_out_end(comparison.out);
	json_out_bool(comparison.out, "drift", comparison.differs);
	print_document(comparison.out);
	return comparison.differs;
}

/* --- any process */

static int audit_process(pid_t pid, bool json, struct err *err)
{
	cleanup_(isolation_free) struct isolation isolation;
	const struct weakness *weaknesses;
	int r = isolation_look(&isolation, pid, err); /* first: fills what is freed */
	size_t count;

	if (r < 0)
		return r;
	isolation_look_filters(&isolation);
	count = weaknesses_find(&isolation, &isolation.arena, &weaknesses);
	if (json) {
		struct json_out *out = begin_document("process");

		write_isolation(&isolation, weaknesses, count, out);
		print_document(out);
	} else {
		show_isolation(&isolation, weaknesses, count);
	}
	return 0;
}

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	pid_t pid = 0;
	bool json = false;
	int r = option_is_json(given, "format", "text", &json, err);

	if (r == 0)
		r = option_pid(given, "pid", &pid, err);
	if (r < 0)
		return r;
	if (!pid == !given->word_count)
		return err_plain(err, -EINVAL, "audit: an ID or --pid N, one of them, is needed");
	return pid ? audit_process(pid, json, err)
		   : audit_container(runtime, given->words[0], json, err);
}

const struct verb verb_audit = {
	.name = "audit",
	.words = "[ID]",
	.help = "compare a running container with the kernel, or report on any process",
	.options = options,
	.words_min = 0,
	.words_max = 1,
	.plans = true,
	.enters = true,
	.failed = STATUS_ERROR,
	.of_running = true,
	.run = run,
};
