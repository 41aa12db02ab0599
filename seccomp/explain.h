#pragma once

#include <stdbool.h>
#include <stdint.h>

struct filter_rule;
struct profile;
struct text;

/*
 * What a profile does with one system call, said from its rules. Pure; unit tests hold it against
 * the compiled program (program_run()).
 */

/** struct explanation - the answer and who gives it */
struct explanation {
	uint32_t action;                /* SCMP_ACT_*, errno included                  */
	const struct filter_rule *rule; /* NULL: the default, or see @too_new          */
	bool too_new;                   /* younger than the profile: ENOSYS            */
};

/**
 * explain_call() - what @profile does with a call on the machine's own architecture
 * @number: of the system call
 * @args: six arguments
 *
 * Of several rules that match, the one whose action is strongest in the kernel's order is it
 * (seccomp(2): kill, trap, errno, notify, trace, log, allow), as libseccomp compiles them: a rule
 * without conditions makes the others on that call void.
 */
struct explanation explain_call(const struct profile *profile, int number, const uint64_t *args);

/** action_text() - an action with its number: "ERRNO EPERM", "ALLOW" */
void action_text(uint32_t action, struct text *text);

/** rule_text() - "umount2 where arg1 & 0x1 == 0x1" */
void rule_text(const struct filter_rule *rule, struct text *text);

/** explain_text() - "EPERM by keyctl(...)" as one line for people */
void explain_text(const struct explanation *explanation, struct text *text);
