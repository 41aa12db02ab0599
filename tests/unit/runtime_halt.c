#include "runtime/halt.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>

/* Which signal ends a container, from what its first process does with signals. */
static const struct halt_case {
	const char *what;
	unsigned long blocked, caught;
	bool waiting;
	int configured, signal;
} halt_cases[] = {
	{"nothing set up yet", 0, 0, false, 0, 0},
	{"systemd blocks it", 1UL << (34 + 3 - 1), 0, false, 0, 34 + 3},
	{"systemd's comes first", 1UL << (34 + 3 - 1) | 1UL << (SIGPWR - 1), 0, false, 0, 34 + 3},
	{"another init catches SIGPWR", 0, 1UL << (SIGPWR - 1), false, 0, SIGPWR},
	{"one blocks it", 1UL << (SIGPWR - 1), 0, false, 0, SIGPWR},
	{"one waits for signals", 0, 0, true, 0, SIGPWR},
	{"one catches other signals only", 0, 1UL << (SIGTERM - 1), false, 0, 0},
	{"configured and caught", 0, 1UL << (SIGTERM - 1), false, SIGTERM, SIGTERM},
	{"configured, and not yet heard", 1UL << (34 + 3 - 1), 0, false, SIGTERM, 0},
	{"configured, and waited for", 0, 0, true, SIGUSR1, SIGUSR1},
	{"nobody needs to hear SIGKILL", 0, 0, false, SIGKILL, SIGKILL},
};

Test(runtime_halt, signal)
{
	for (size_t i = 0; i < sizeof(halt_cases) / sizeof(*halt_cases); i++) {
		const struct halt_case *row = &halt_cases[i];
		struct listener listener = {.waiting = row->waiting};
		char status[256];

		(void)snprintf(status, sizeof(status),
			       "Name:\tinit\nShdPnd:\tffffffffffffffff\nSigBlk:\t%016lx\n"
			       "SigIgn:\tffffffffffffffff\nSigCgt:\t%016lx\n",
			       row->blocked, row->caught);
		listener.status = status;
		cr_expect_eq(halt_signal(&listener, row->configured), row->signal, "%s", row->what);
	}
}
