#include "cli/output.h"
#include "cli/pctrun/pctrun.h"

#include "lib/err.h"
#include "lib/errno_name.h"
#include "lib/json.h"
#include "lib/printable.h"
#include "lib/text.h"
#include "why/action.h"
#include "why/attempt.h"
#include "why/judge.h"
#include "why/prove.h"
#include "why/subject.h"

#include <stdio.h>
#include <string.h>

static const struct option_row options[] = {
	{"pid", 0, "N", "ask about a process in place of a container"},
	{"prove", 0, NULL, "do it too, in a child process that changes nothing, and compare"},
	{"format", 'f', "FORMAT", "text (default) or json"},
	{},
};

enum { STATUS_DENIED = 1, STATUS_ERROR = 2, STATUS_DISAGREES = 3 };

/* struct answers - what was found out about one action */
struct answers {
	const struct action *action;
	struct judgement judgement;
	bool proving;
	struct proof proof;
};

/* ------------------------------------------------------------------ what was predicted */

static int predicted(const struct answers *answers)
{
	const struct finding *denial = answers->judgement.denial;

	/* Where only filters were asked, only they can be wrong. */
	if (answers->proving && answers->proof.filters_alone && denial &&
	    strcmp(denial->layer, "seccomp") != 0)
		return 0;
	return denial ? denial->error : 0;
}

/* What is predicted is said of this host: whether somebody answers is another matter, and a packet
 * that is lost on the way makes itself known as one way or the other, if one is sent at all. */
static bool agrees(const struct answers *answers)
{
	const int said = predicted(answers), is = answers->proof.error;

	if (!is && attempt_is_answer(answers->action, said) && !attempt_sends(answers->action))
		return true;
	return said == is || (attempt_is_answer(answers->action, is) &&
			      (said == 0 || (attempt_is_answer(answers->action, said) &&
					     said != ECONNREFUSED && is != ECONNREFUSED)));
}

static bool disagrees(const struct answers *answers)
{
	return answers->proof.made && !agrees(answers) &&
	       !(answers->judgement.unsure && !answers->judgement.denial);
}

static const char *error_name(struct arena *arena, int error)
{
	return error == KILLED ? "SIGSYS" : errno_name(arena, error);
}

/* ------------------------------------------------------------------ text */

static void print_outcome(const struct answers *answers)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text action = {};
	const struct judgement *judgement = &answers->judgement;
	int error = judgement->denial ? judgement->denial->error : 0;

	text_add_printable(&action, answers->action->words);
	(void)printf("%s: ", text_str(&action));
	if (error == KILLED)
		(void)printf("the process would be killed (SIGSYS)\n");
	else if (error)
		(void)printf("would fail with %s (%s)\n", error_name(&arena, error),
			     strerror(error));
	else if (judgement->hidden)
		(void)printf("would be done, but not to what is meant\n");
	else
		(void)printf("would be done%s\n",
			     judgement->unsure ? ", unless one of the unknown layers denies it"
					       : "");
}

static const char *const words[] = {[ANSWER_ALLOWS] = "allows",
				    [ANSWER_HIDES] = "HIDES",
				    [ANSWER_UNKNOWN] = "unknown",
				    [ANSWER_DENIES] = "DENIES"};

static void print_finding(const struct finding *finding)
{
	const char *origin = finding->origin;

	output_line("%-8s %-16s %s%s%s%s", words[finding->answer], finding->layer, finding->why,
		    origin ? " (from " : "", origin ?: "", origin ? ")" : "");
	if (finding->fix && finding->answer != ANSWER_ALLOWS)
		output_line("%-8s %-16s %s", "", "to allow it:", finding->fix);
}

/* What the proof has found out where the prediction could not tell. */
static const char *conclusion(const struct answers *answers)
{
	const struct judgement *judgement = &answers->judgement;

	if (judgement->denial || !answers->proof.error)
		return "";
	if (attempt_is_answer(answers->action, answers->proof.error))
		return ": the other end refuses it, or nobody is there";
	if (!judgement->unsure)
		return "";
	return ": one of the unknown layers denies it";
}

static void print_proof(const struct answers *answers)
{
	cleanup_(arena_free) struct arena arena = {};
	const struct proof *proof = &answers->proof;

	if (!proof->made) {
		(void)printf("not proved: %s\n", proof->why);
		return;
	}
	if (!attempt_sends(answers->action) && !proof->error) {
		(void)printf(
			"proved   %-16s there is a way; no datagram was sent to try the rest\n",
			"passes");
		return;
	}
	if (proof->filters_alone && !proof->error) {
		(void)printf("proved   %-16s its filters let it pass; more was not tried\n",
			     "passes");
		return;
	}
	(void)printf("%s %-16s ", disagrees(answers) ? "DIFFERS " : "proved  ",
		     proof->error ? error_name(&arena, proof->error) : "done");
	(void)printf("%s", proof->error == KILLED ? "the process was killed"
			   : proof->error         ? strerror(proof->error)
						  : "it was done");
	if (proof->why)
		(void)printf(", asked %s", proof->why);
	(void)printf("%s%s%s\n", proof->unlabelled ? ", without its security label" : "",
		     proof->outside ? ", outside its cgroup" : "", conclusion(answers));
}

/* Up to the first denial: the kernel doesn't come to the layers behind it. */
static void print_text(const struct answers *answers)
{
	print_outcome(answers);
	for (size_t i = 0; i < answers->judgement.count; i++) {
		print_finding(&answers->judgement.findings[i]);
		if (&answers->judgement.findings[i] == answers->judgement.denial)
			break;
	}
	if (answers->proving)
		print_proof(answers);
}

/* ------------------------------------------------------------------ JSON */

static void write_error(struct json_out *out, const char *name, int error)
{
	cleanup_(arena_free) struct arena arena = {};

	if (error)
		json_out_string(out, name, error_name(&arena, error));
}

static void write_finding(const struct finding *finding, struct json_out *out)
{
	static const char *const answers[] = {[ANSWER_ALLOWS] = "allows",
					      [ANSWER_HIDES] = "hides",
					      [ANSWER_UNKNOWN] = "unknown",
					      [ANSWER_DENIES] = "denies"};

	json_out_object(out, NULL);
	json_out_string(out, "layer", finding->layer);
	json_out_string(out, "answer", answers[finding->answer]);
	write_error(out, "error", finding->error);
	json_out_string(out, "why", finding->why);
	if (finding->origin)
		json_out_string(out, "origin", finding->origin);
	if (finding->fix)
		json_out_string(out, "fix", finding->fix);
	json_out_end(out);
}

static void write_proof(const struct answers *answers, struct json_out *out)
{
	json_out_object(out, "proof");
	json_out_bool(out, "made", answers->proof.made);
	write_error(out, "error", answers->proof.error);
	if (answers->proof.why)
		json_out_string(out, "how", answers->proof.why);
	json_out_bool(out, "label", !answers->proof.unlabelled);
	json_out_bool(out, "cgroup", !answers->proof.outside);
	json_out_bool(out, "agrees", answers->proof.made && agrees(answers));
	json_out_end(out);
}

static void print_json(const struct answers *answers)
{
	struct json_out *out = json_out_new(true);

	json_out_object(out, NULL);
	json_out_u64(out, "version", 1);
	json_out_string(out, "action", answers->action->words);
	json_out_bool(out, "allowed", !answers->judgement.denial && !answers->judgement.hidden);
	json_out_bool(out, "sure", answers->judgement.denial || !answers->judgement.unsure);
	write_error(out, "error", answers->judgement.denial ? answers->judgement.denial->error : 0);
	json_out_array(out, "layers");
	for (size_t i = 0; i < answers->judgement.count; i++)
		write_finding(&answers->judgement.findings[i], out);
	json_out_end(out);
	if (answers->proving)
		write_proof(answers, out);
	json_out_end(out);
	json_out_print(out, stdout);
}

/* ------------------------------------------------------------------ the question */

static int answer(const struct runtime *runtime, const char *id, pid_t pid, struct answers *answers,
		  bool json, struct err *err)
{
	cleanup_(subject_free) struct subject subject;
	int r = subject_observe(runtime, id, pid, answers->action, &subject, err);

	if (r < 0)
		return r;
	judge(&subject, answers->action, &answers->judgement);
	if (answers->proving)
		r = prove(&subject, answers->action, &answers->proof, err);
	if (r < 0)
		return r;
	json ? print_json(answers) : print_text(answers);
	if (answers->proving && disagrees(answers))
		return STATUS_DISAGREES;
	return answers->judgement.denial || answers->judgement.hidden || answers->proof.error
		       ? STATUS_DENIED
		       : 0;
}

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	struct action action;
	struct answers answers = {.action = &action, .proving = option_flag(given, "prove")};
	const char *id = NULL;
	char **rest = given->words;
	int count = given->word_count;
	pid_t pid = 0;
	bool json;
	int r;

	r = option_is_json(given, "format", "text", &json, err);
	if (r == 0)
		r = option_pid(given, "pid", &pid, err);
	if (r < 0)
		return r;
	if (!pid) {
		id = *rest++;
		count--;
	}
	r = action_read(&arena, rest, (size_t)count, &action, err);
	return r < 0 ? r : answer(runtime, id, pid, &answers, json, err);
}

static void print_actions(void)
{
	cleanup_(text_free) struct text actions = {};

	action_help(&actions, "\n  ");
	(void)printf("\nActions:\n  %s\n", text_str(&actions));
}

const struct verb verb_why = {
	.name = "why",
	.words = "[ID] ACTION...",
	.help = "say which layer would deny a program something, and who asked for that",
	.options = options,
	.words_min = 1,
	.words_max = 12,
	.help_more = print_actions,
	.of_running = true,
	.failed = STATUS_ERROR,
	.run = run,
};
