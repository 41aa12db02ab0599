#pragma once

struct err;
struct run;
struct step;

/**
 * fault_before_step() - shows each step to runtime->plan_line; struct run's before_step
 *
 * A build with FAULT=1 (fault_on.c) fails or ends the process before the step that $PCTRUN_FAULT
 * names instead. Every other build (fault_off.c) does not look at it.
 */
int fault_before_step(struct run *run, const struct step *step, struct err *err);
