#include "lib/run.h"
#include "lib/text.h"
#include "runtime/container.h"
#include "runtime/fault.h"

int fault_before_step(struct run *run, const struct step *step, struct err *err)
{
	const struct runtime *runtime = run->before_data;
	cleanup_(text_free) struct text line = {};

	if (!runtime->plan_line)
		return 0;
	text_addf(&line, "%s ", step->kind->name);
	if (step->kind->describe)
		step->kind->describe(step, &line);
	runtime->plan_line(runtime->plan_line_data, text_str(&line));
	return 0;
}

int fault_point(const char *side, struct err *err)
{
	return 0;
}
