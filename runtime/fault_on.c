#include "lib/err.h"
#include "lib/run.h"
#include "lib/text.h"
#include "runtime/fault.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

/*
 * A build for tests of crashes. $PCTRUN_FAULT names a side, a step's number on it and what happens
 * before that step: "host:3:kill", "container:7:error". Each side counts its own steps from 1.
 */
int fault_before_step(struct run *run, const struct step *step, struct err *err)
{
	const char *fault = getenv("PCTRUN_FAULT"), *side = run->pid_is_init ? "container" : "host";
	char named[16], what[16];
	unsigned int number;

	run->steps_begun++;
	if (!fault || sscanf(fault, "%15[a-z]:%u:%15[a-z]", named, &number, what) != 3)
		return 0;
	if (strcmp(named, side) != 0 || number != run->steps_begun)
		return 0;
	if (strcmp(what, "kill") == 0)
		(void)raise(SIGKILL);
	return err_plain(err, -ECANCELED, "fault before step %u of the %s's side", number, side);
}
