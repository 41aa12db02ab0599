#pragma once

struct err;
struct plan;
struct runtime;

/**
 * missing_check() - stop where the host can't enforce what the spec asks for
 *
 * What --accept-unenforced names ("memory,cpu", "all") is a warning each through runtime->warn.
 * Return: 0; -ENOTSUP with every missing thing and its origin.
 */
int missing_check(const struct runtime *runtime, const struct plan *plan, struct err *err);
