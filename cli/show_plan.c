#include "cli/show_plan.h"

#include "cli/output.h"
#include "lib/json.h"
#include "lib/plan.h"
#include "lib/text.h"

#include <stdio.h>

/* ---------------------------------------------------------------------------------------- lines */

void show_missing_one(const struct missing *missing)
{
	output_line("%-8s %-16s %s (from %s)", missing->warning ? "warning" : "missing",
		    missing->what, missing->why, missing->origin);
}

int show_missing(const struct plan *plan)
{
	int count = 0;

	for (const struct missing *missing = plan->missing; missing; missing = missing->next) {
		show_missing_one(missing);
		count += !missing->warning;
	}
	return count;
}

void show_step_tail(const struct step *step)
{
	cleanup_(text_free) struct text text = {};

	step->kind->describe(step, &text);
	output_line("%-16s %s (from %s)", step->kind->name, text_str(&text), step->origin);
}

void show_step(const struct step *step)
{
	(void)printf("%-8s ", step_stage_name(step->stage));
	show_step_tail(step);
}

static void print_text(const struct plan *plan)
{
	for (int stage = 0; stage < STEP_STAGES; stage++)
		step_each (step, plan, stage)
			show_step(step);
	(void)show_missing(plan);
}

/* ----------------------------------------------------------------------------------------- JSON */

void write_step(const char *name, const struct step *step, struct json_out *out)
{
	cleanup_(text_free) struct text text = {};

	step->kind->describe(step, &text);
	json_out_object(out, name);
	json_out_string(out, "step", step->kind->name);
	json_out_string(out, "stage", step_stage_name(step->stage));
	json_out_string(out, "text", text_str(&text));
	json_out_string(out, "origin", step->origin);
	if (step->kind->write) {
		json_out_object(out, "values");
		step->kind->write(step, out);
		json_out_end(out);
	}
	json_out_end(out);
}

void write_missing(const char *name, const struct missing *missing, struct json_out *out)
{
	json_out_object(out, name);
	json_out_string(out, "what", missing->what);
	json_out_string(out, "why", missing->why);
	json_out_string(out, "origin", missing->origin);
	json_out_bool(out, "warning", missing->warning);
	json_out_end(out);
}

static void print_json(const struct plan *plan)
{
	struct json_out *out = json_out_new(true);

	json_out_object(out, NULL);
	json_out_u64(out, "version", PLAN_VERSION);
	json_out_string(out, "kind", "plan");
	json_out_array(out, "steps");
	for (int stage = 0; stage < STEP_STAGES; stage++)
		step_each (step, plan, stage)
			write_step(NULL, step, out);
	json_out_end(out);
	json_out_array(out, "missing");
	for (const struct missing *missing = plan->missing; missing; missing = missing->next)
		write_missing(NULL, missing, out);
	json_out_end(out);
	json_out_end(out);
	json_out_print(out, stdout);
}

void show_plan(const struct plan *plan, bool json)
{
	json ? print_json(plan) : print_text(plan);
}
