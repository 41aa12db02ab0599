#pragma once

struct err;
struct oci_spec;
struct plan;
struct run;

/**
 * device_denial_blame() - where a device filter denied what a step of the start does: which filter,
 * which rule of the config, and what to do
 * @err: of the step, before its place in the plan is known (plan_place()); other errors stay as
 *	they are
 *
 * EPERM alone doesn't say that it was a filter: the programs in effect are asked. Context: the
 * host's side, before anything is undone.
 */
void device_denial_blame(struct plan *plan, const struct oci_spec *spec, const struct run *run,
			 struct err *err);
