#include "lib/step.h"

#include "lib/err.h"
#include "lib/run.h"
#include "lib/text.h"

#include <stdarg.h>
#include <stdio.h>

int observe(struct observation *seen, enum observed observed, const char *fmt, ...)
{
	va_list args;

	seen->observed = observed;
	va_start(args, fmt);
	(void)vsnprintf(seen->text, sizeof(seen->text), fmt, args);
	va_end(args);
	return 0;
}

const char *step_stage_name(enum step_stage stage)
{
	static const char *const names[STEP_STAGES] = {
		"prepare", "clone", "map", "attach", "source", "enter", "inside", "exec", "last"};

	return names[stage];
}

void step_blame(const struct step *step, struct run *run, struct err *err)
{
	cleanup_(text_free) struct text text = {};

	if (!err)
		return;
	if (step->kind->explain)
		step->kind->explain(step, run, err);
	err_stage(err, step_stage_name(step->stage));
	err->number = step->number;
	step->kind->describe(step, &text);
	err_add(err, "%s %s", step->kind->name, text_str(&text));
	err_origin(err, step->origin);
}

int step_apply(const struct step *step, struct run *run, struct err *err)
{
	int r = 0;

	if (!step->kind->apply)
		return 0;
	if (run->before_step)
		r = run->before_step(run, step, err);
	if (r == 0 && step->kind->undo && !step->kind->notes_itself)
		r = run_journal(run, step, err);
	if (r == 0) {
		run_trace_step(run, step);
		r = step->kind->apply(step, run, err);
		run_trace_end(run, step->kind->name);
	}
	if (r < 0)
		step_blame(step, run, err);
	return r;
}
