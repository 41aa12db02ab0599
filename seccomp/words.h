#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The runtime-spec's words (config-linux.md, "Seccomp") and the numbers of seccomp(2), libseccomp.
 */

enum { FLAG_LOG = 1 << 1, FLAG_SPEC_ALLOW = 1 << 2, FLAG_WAIT_KILLABLE = 1 << 5 };

struct action_word {
	const char *word; /* "SCMP_ACT_ERRNO" */
	uint32_t action;
	bool numbered; /* takes an errno or a number for the tracer */
};

/** action_find() - Return: NULL for an unknown word. */
const struct action_word *action_find(const char *word);

/** compare_find() - an operator's enum scmp_compare. Return: -1 for an unknown word. */
int compare_find(const char *word);

/** arch_find() - an architecture's SCMP_ARCH_*. Return: 0 for an unknown word. */
uint32_t arch_find(const char *word);

/** arch_word() - the word for a SCMP_ARCH_*. Return: NULL: none. */
const char *arch_word(uint32_t arch);

/** flag_find() - the bit for seccomp(2), 0 for what needs none. Return: -1 for an unknown word. */
int flag_find(const char *word);
