#pragma once

#include <stddef.h>

struct arena;
struct isolation;

/*
 * What is weak about a process' isolation, said from the values alone: pure.
 */

enum severity {
	SEVERITY_OPEN,  /* whoever runs in there can become root of the host       */
	SEVERITY_WEAK,  /* a layer is missing, or others of the host can be harmed */
	SEVERITY_NOTED, /* fine for most, worth knowing                            */
	SEVERITIES
};

/** severity_name() - "open", "weak", "noted" */
const char *severity_name(enum severity severity);

/** struct weakness - one finding */
struct weakness {
	const char *name; /* stable: "pid-namespace-of-host" */
	enum severity severity;
	const char *means;  /* what follows from it                                    */
	const char *mend;   /* what to do about it                                     */
	const char *detail; /* what it is here: "CAP_SYS_ADMIN"; printable; "": nothing */
};

/** weaknesses_find() - all that are found, the worst first
 * @found: in @arena. Return: how many. */
size_t weaknesses_find(const struct isolation *isolation, struct arena *arena,
		       const struct weakness **found);
