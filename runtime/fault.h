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

/**
 * fault_point() - a step boundary of another process than the two that apply steps
 * @side: "start" (pct start itself), "monitor"; each counts its own
 * Return: 0; a FAULT=1 build as above.
 */
int fault_point(const char *side, struct err *err);
