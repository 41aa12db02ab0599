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

static void execve_write(const struct step *step, struct json_out *out)
{
	const struct execve_step *execve = container_of(step, struct execve_step, step);

	json_out_strings(out, "args", execve->args->items, execve->args->count);
	json_out_string(out, "cwd", execve->cwd);
	json_out_strings(out, "env", execve->env->items, execve->env->count);
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
