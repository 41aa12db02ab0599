#pragma once

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct err;

/* System calls by name and number, of each architecture whose programs this machine can run. */

enum { CALL_NUMBERS = 1024 }; /* more than any kernel has */

struct call_arch {
	const char *name; /* "x86_64"                                         */
	uint32_t audit;   /* AUDIT_ARCH_*: what a filter sees                 */
	uint32_t scmp;    /* SCMP_ARCH_*: what libseccomp calls it            */
	uint32_t first;   /* its lowest number: those of x32 have a bit set   */
};

/** call_arches() - those of this machine, its own first; ends with a NULL name */
const struct call_arch *call_arches(void);

/** call_arch_find() - one by its name, NULL: the machine's own. Return: 0 or -EINVAL. */
int call_arch_find(const char *name, const struct call_arch **arch, struct err *err);

/** call_find() - the number of a call that is given as a name or a number */
int call_find(const struct call_arch *arch, const char *word, uint32_t *number, struct err *err);

/** call_is_none() - no kernel has a call of this number: ENOSYS is all that can come of it */
bool call_is_none(uint32_t number);

/** call_name() - in @arena. Return: NULL where libseccomp knows none. */
const char *call_name(struct arena *arena, const struct call_arch *arch, uint32_t number);
