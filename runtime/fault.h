#pragma once

struct err;
struct run;
struct step;

/**
 * fault_before_step() - shows each step to runtime->plan_line; struct run's before_step
 *
 * In a build with FAULT=1 the step that $PCTRUN_FAULT names fails, or ends the process, instead.
 */
int fault_before_step(struct run *run, const struct step *step, struct err *err);
