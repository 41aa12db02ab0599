#pragma once

#include <stdbool.h>

struct action_call;

/*
 * Calls whose rights are asked for before their arguments are looked at: with arguments that make
 * no sense, nothing can come of them.
 */

/** safe_call_find() - is @name one? */
bool safe_call_find(const char *name);

/** safe_call_make() - make the one that @call names, in vain. Return: 0, or a negative errno. */
long safe_call_make(const struct action_call *call);

/** safe_call_absent() - has the kernel been built without it? A child without any right asks. */
bool safe_call_absent(const struct action_call *call);
