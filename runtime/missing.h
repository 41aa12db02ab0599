#pragma once

struct err;
struct plan;
struct runtime;

/**
 * missing_check() - say what a plan asks for and is not enforced here
 *
 * Each thing is a line of its own through runtime->warn; what --accept-unenforced names
 * ("memory,cpu", "all") is no more than that, the rest stops the start.
 * Return: 0 if all were accepted; -ENOTSUP with the words that were not.
 */
int missing_check(const struct runtime *runtime, const struct plan *plan, struct err *err);
