#pragma once

#include "seccomp/calls.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text;

/* Which system calls a container's processes have used for a while, and the profile that lets
 * through these and no others. */

enum { RECORDED_ARCHES = 4 }; /* more than any machine runs programs of */

struct recording {
	/* By the place in call_arches(), then by number without the first. */
	uint8_t calls[RECORDED_ARCHES][CALL_NUMBERS]; /* enum recorded */
	bool filter_last; /* a filter is the last thing that the program gets: noNewPrivileges */
};

enum recorded { RECORDED_USED = 1, RECORDED_DENIED = 2 };

/** recording_note() - one more; @audit: AUDIT_ARCH_* */
void recording_note(struct recording *recording, uint32_t audit, uint32_t call, enum recorded how);

/** recording_count() - how many different calls were used */
size_t recording_count(const struct recording *recording);

/** recording_denied() - names of the calls that were denied, and never let through: "mount, uname"
 */
void recording_denied(const struct recording *recording, struct text *names);

/**
 * recording_profile() - the object of linux.seccomp
 * @with_denied: also what was denied meanwhile
 *
 * Lets through what was used, and what a runtime itself needs between loading a filter and
 * executing the program; everything else fails with EPERM. Of what has no name it can't speak.
 * Return: the text, the caller's to free.
 */
char *recording_profile(const struct recording *recording, bool with_denied);
