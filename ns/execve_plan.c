#include "lib/json.h"
#include "lib/plan.h"
#include "lib/printable.h"
#include "lib/text.h"
#include "ns/execve.h"
#include "oci/spec.h"

#include <string.h>

/* Of a script in the config, its beginning will do. */
enum { WORD_MAX = 60 };

#define PLAIN "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@%+=:,./_-"

static void add_word(struct text *text, const char *word)
{
	char shown[WORD_MAX + 1] = "";
	const size_t length = strlen(word);
	const bool plain = length > 0 && word[strspn(word, PLAIN)] == '\0';

	strncat(shown, word, WORD_MAX);
	text_add(text, plain ? "" : "'");
	text_add_printable(text, shown);
	text_add(text, length > WORD_MAX ? "..." : "");
	text_add(text, plain ? "" : "'");
}

static void execve_describe(const struct step *step, struct text *text)
{
	const struct execve_step *execve = container_of(step, struct execve_step, step);

	for (size_t i = 0; i < execve->args->count; i++) {
		text_add(text, i ? " " : "");
		add_word(text, execve->args->items[i]);
	}
	text_addf(text, ", in %s", execve->cwd);
}

static void write_words(struct json_out *out, const char *name, const struct oci_strings *words)
{
	json_out_array(out, name);
	for (size_t i = 0; i < words->count; i++)
		json_out_string(out, NULL, words->items[i]);
	json_out_end(out);
}

static void execve_write(const struct step *step, struct json_out *out)
{
	const struct execve_step *execve = container_of(step, struct execve_step, step);

	write_words(out, "args", execve->args);
	json_out_string(out, "cwd", execve->cwd);
	write_words(out, "env", execve->env);
}

const struct step_kind execve_kind = {
	.name = "execve",
	.describe = execve_describe,
	.write = execve_write,
};

void execve_plan(struct plan *plan, const struct oci_process *process, const char *path)
{
	struct execve_step *execve;

	execve = plan_step(plan, &execve_kind, STEP_LAST, sizeof(*execve),
			   plan_origin(plan, "%s.args", path));
	execve->cwd = process->cwd;
	execve->args = &process->args;
	execve->env = &process->env;
}
