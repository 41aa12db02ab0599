#pragma once

#include "lib/text.h"

struct err;
struct plan;
struct runtime;

/*
 * What is asked for and not enforced here. Each is a line of its own through runtime->warn; what
 * --accept-unenforced names ("memory,cpu", "all") is no more than that, the rest stops the start.
 */

/** struct unenforced - a collection of such things; {.runtime = ...} is empty */
struct unenforced {
	const struct runtime *runtime;
	struct text refused; /* the words that were not accepted: "memory,cpu" */
};

/**
 * unenforced_add() - one more thing
 * @what: stable word for --accept-unenforced
 * @why: what is not enforced and for which reason
 * @origin: who asked for it
 */
void unenforced_add(struct unenforced *list, const char *what, const char *why, const char *origin);

/** unenforced_end() - free @list. Return: 0 if all were accepted, else -ENOTSUP. */
int unenforced_end(struct unenforced *list, struct err *err);

/** missing_check() - all that a plan's host lacks and nothing else. Return: as unenforced_end(). */
int missing_check(const struct runtime *runtime, const struct plan *plan, struct err *err);
