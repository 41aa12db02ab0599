#include "runtime/fault.h"

#include "lib/fault.h"
#include "lib/run.h"
#include "lib/text.h"
#include "runtime/container.h"

static void show(const struct runtime *runtime, const struct step *step)
{
	cleanup_(text_free) struct text line = {};

	if (!runtime->plan_line)
		return;
	text_addf(&line, "%s ", step->kind->name);
	step->kind->describe(step, &line);
	runtime->plan_line(runtime->plan_line_data, text_str(&line));
}

int fault_before_step(struct run *run, const struct step *step, struct err *err)
{
	show(run->before_data, step);
	return fault_at(run->pid_is_init ? "container" : "host", ++run->steps_begun, err);
}
