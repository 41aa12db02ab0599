#include "cli/pctrun/pctrun.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/text.h"
#include "pve/lxc/seccomp.h"
#include "runtime/filters.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

/* Questions to filters of system calls: "seccomp explain", "seccomp diff", "seccomp dump". */

static const struct option_row options[] = {
	{"format", 'f', "FORMAT", "text (default) or json"},
	{"arch", 0, "NAME", "explain: architecture of the call (default: this machine's)"},
	{"pid", 0, "N", "dump: a process in place of a container"},
	{"raw", 0, "N", "dump: filter N of them, the oldest is 1, as the kernel takes it"},
	{},
};

/* struct answer - the text or the document that is printed at the end */
struct answer {
	struct text text;
	struct json_out *out; /* NULL: text */
};

static void answer_print(struct answer *answer)
{
	if (answer->out) {
		json_out_end(answer->out);
		json_out_print(take_ptr(&answer->out), stdout);
	} else {
		(void)fputs(text_str(&answer->text), stdout);
	}
}

/* LXC's format begins with its version: "2". */
static bool is_lxc(const char *text, size_t length)
{
	return length >= 2 && (text[0] == '1' || text[0] == '2') && isspace((unsigned char)text[1]);
}

static int of_lxc(struct arena *arena, const char *path, const char *text, size_t length,
		  const struct filter_stack **filters, struct err *err)
{
	struct oci_seccomp *seccomp = arena_alloc(arena, sizeof(*seccomp));
	struct oci_strings notes = {};
	struct utsname host;
	int r;

	if (uname(&host) < 0)
		return err_set(err, -errno, "uname");
	r = lxc_seccomp_read(arena, path, text, length, arena_strdup(arena, host.machine), seccomp,
			     &notes, err);
	return r < 0 ? r : filters_of_profile(arena, path, seccomp, filters, err);
}

static int filters_of_word(const struct runtime *runtime, struct arena *arena, const char *word,
			   const struct filter_stack **filters, struct err *err)
{
	const char *text;
	size_t length;

	if (!starts_with(word, "id:") && !starts_with(word, "pid:") &&
	    file_read(arena, AT_FDCWD, word, 0, &text, &length, NULL) == 0 && is_lxc(text, length))
		return of_lxc(arena, word, text, length, filters, err);
	return filters_of(runtime, arena, word, filters, err);
}

static int explain(const struct runtime *runtime, struct arena *arena, const struct options *given,
		   struct answer *answer, struct err *err)
{
	const struct filter_stack *filters = NULL;
	const struct filters_call call = {
		.arch = option_value(given, "arch"),
		.call = given->words[2],
		.arg_count = (size_t)given->word_count - 3,
		.args = given->words + 3,
	};
	int r;

	r = filters_of_word(runtime, arena, given->words[1], &filters, err);
	return r < 0 ? r
		     : filters_explain(arena, filters, &call, answer->out ? NULL : &answer->text,
				       answer->out, err);
}

static int diff(const struct runtime *runtime, struct arena *arena, const struct options *given,
		struct answer *answer, struct err *err)
{
	const struct filter_stack *one = NULL, *other = NULL;
	int r;

	r = filters_of_word(runtime, arena, given->words[1], &one, err);
	if (r == 0)
		r = filters_of_word(runtime, arena, given->words[2], &other, err);
	return r < 0 ? r
		     : filters_differ(arena, one, other, answer->out ? NULL : &answer->text,
				      answer->out);
}

static int dump_raw(const struct filter_stack *filters, const char *number, struct err *err)
{
	unsigned int index;
	const void *bytes;
	size_t length;

	if (parse_u32(number, &index) < 0 || index == 0)
		return err_plain(err, -EINVAL, "--raw %s: filters are counted from 1", number);
	bytes = filters_bytes(filters, index - 1, &length);
	if (!bytes)
		return err_plain(err, -ENOENT, "--raw %s: there is no such filter", number);
	(void)fwrite(bytes, 1, length, stdout);
	return 0;
}

static int dump(const struct runtime *runtime, struct arena *arena, const struct options *given,
		struct answer *answer, struct err *err)
{
	const char *pid = option_value(given, "pid"), *raw = option_value(given, "raw");
	const struct filter_stack *filters = NULL;
	int r;

	if (!pid == (given->word_count == 1))
		return err_plain(err, -EINVAL, "seccomp dump: a container's ID or --pid N");
	if (pid)
		r = filters_of(runtime, arena, arena_printf(arena, "pid:%s", pid), &filters, err);
	else
		r = filters_of_container(runtime, arena, given->words[1], &filters, err);
	if (r < 0)
		return r;
	if (raw) {
		json_out_free(answer->out);
		answer->out = NULL;
		return dump_raw(filters, raw, err);
	}
	filters_describe(arena, filters, answer->out ? NULL : &answer->text, answer->out);
	return 0;
}

static const struct question {
	const char *name, *words;
	int words_min, words_max;
	int (*ask)(const struct runtime *runtime, struct arena *arena, const struct options *given,
		   struct answer *answer, struct err *err);
} questions[] = {
	{"explain", "PROFILE CALL [ARGUMENT...]", 3, 9, explain},
	{"diff", "PROFILE PROFILE", 3, 3, diff},
	{"dump", "ID|--pid N", 1, 2, dump},
};

static int ask(const struct question *question, const struct runtime *runtime,
	       const struct options *given, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	struct answer answer = {};
	bool json;
	int r;

	if (given->word_count < question->words_min || given->word_count > question->words_max)
		return err_plain(err, -EINVAL, "seccomp: usage: pctrun seccomp %s %s",
				 question->name, question->words);
	r = option_is_json(given, "format", "text", &json, err);
	if (r < 0)
		return r;
	answer.out = json ? json_out_new(true) : NULL;
	if (answer.out) {
		json_out_object(answer.out, NULL);
		json_out_u64(answer.out, "version", 1);
	}
	r = question->ask(runtime, &arena, given, &answer, err);
	if (r >= 0)
		answer_print(&answer);
	text_free(&answer.text);
	json_out_free(answer.out);
	return r;
}

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(questions); i++)
		if (strcmp(given->words[0], questions[i].name) == 0)
			return ask(&questions[i], runtime, given, err);
	return err_plain(err, -EINVAL, "seccomp: %s is not one of explain, diff, dump",
			 given->words[0]);
}

const struct verb verb_seccomp = {
	.name = "seccomp",
	.words = "explain|diff|dump ...",
	.help = "ask system call filters: what is done with a call, what differs, what is loaded",
	.options = options,
	.words_min = 1,
	.words_max = 9,
	.run = run,
};
