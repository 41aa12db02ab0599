#pragma once

#include <stdbool.h>
#include <stdint.h>

struct power;

/** struct waiting - for the end of a container, and what happens if it doesn't come */
struct waiting {
	const struct power *power;
	int64_t deadline; /* lib/clock.h */
	bool force;       /* it is killed then; else we give up */
};

/** waiting_report() - to stderr: how long it goes on, and what is in the way. */
void waiting_report(const struct waiting *waiting);
