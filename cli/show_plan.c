#include "cli/show_plan.h"

#include "lib/json.h"
#include "lib/plan.h"
#include "lib/text.h"

#include <stdio.h>

int show_missing(const struct plan *plan)
{
	int count = 0;

	for (const struct missing *missing = plan->missing; missing; missing = missing->next) {
		(void)printf("%-8s %-16s %s (from %s)\n", missing->warning ? "warning" : "missing",
			     missing->what, missing->why, missing->origin);
		count += !missing->warning;
	}
	return count;
}

static void print_text(const struct plan *plan)
{
	for (int stage = 0; stage < STEP_STAGES; stage++)
		step_each (step, plan, stage) {
			cleanup_(text_free) struct text text = {};

			if (step->kind->describe)
				step->kind->describe(step, &text);
			(void)printf("%-8s %-16s %s (from %s)\n", step_stage_name(stage),
				     step->kind->name, text_str(&text), step->origin);
		}
	(void)show_missing(plan);
}

static void write_step(const struct step *step, struct json_out *out)
{
	cleanup_(text_free) struct text text = {};

	if (step->kind->describe)
		step->kind->describe(step, &text);
	json_out_object(out, NULL);
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

static void print_json(const struct plan *plan)
{
	struct json_out *out = json_out_new(true);
	cleanup_free char *text = NULL;

	json_out_object(out, NULL);
	json_out_array(out, "steps");
	for (int stage = 0; stage < STEP_STAGES; stage++)
		step_each (step, plan, stage)
			write_step(step, out);
	json_out_end(out);
	json_out_array(out, "missing");
	for (const struct missing *missing = plan->missing; missing; missing = missing->next) {
		json_out_object(out, NULL);
		json_out_string(out, "what", missing->what);
		json_out_string(out, "why", missing->why);
		json_out_string(out, "origin", missing->origin);
		json_out_bool(out, "warning", missing->warning);
		json_out_end(out);
	}
	json_out_end(out);
	json_out_end(out);
	text = json_out_take(out);
	(void)fputs(text, stdout);
}

void show_plan(const struct plan *plan, bool json)
{
	json ? print_json(plan) : print_text(plan);
}
