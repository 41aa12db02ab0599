#pragma once

#include <stdbool.h>

struct plan;

/** show_plan() - a plan on stdout: a line a step, then what is missing; or one JSON object. */
void show_plan(const struct plan *plan, bool json);

/** show_missing() - what the host can't enforce, a line each. Return: how many. */
int show_missing(const struct plan *plan);
