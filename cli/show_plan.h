#pragma once

#include <stdbool.h>

struct json_out;
struct missing;
struct plan;
struct step;

/*
 * Plans on stdout, as lines or as JSON: docs/schema/plan.json has what is in it.
 */

enum { PLAN_VERSION = 1 }; /* of the JSON; members may come without another one */

/** show_plan() - a plan: a line a step, then what is missing; or one JSON object. */
void show_plan(const struct plan *plan, bool json);

/** show_missing() - what the host can't enforce, a line each. Return: how many. */
int show_missing(const struct plan *plan);
void show_missing_one(const struct missing *missing);

/** show_step() - its line; show_step_tail() - the same from the kind's name on. */
void show_step(const struct step *step);
void show_step_tail(const struct step *step);

/** write_step(), write_missing() - as an object. @name: of the member, NULL in an array */
void write_step(const char *name, const struct step *step, struct json_out *out);
void write_missing(const char *name, const struct missing *missing, struct json_out *out);
