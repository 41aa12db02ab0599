#pragma once

#include "cli/pct/pct.h"

#include <stdio.h>

/* pct's verbs by their names, and what help says of them. */

/** verb_find() - a name may be shortened as long as it is one verb's alone: of those that Proxmox
 * has, else of ours. Return: NULL: none, or several. */
const struct pct_verb *verb_find(const char *name);

/** verb_options() - its own rows, or those that it makes, in @arena. */
const struct option_row *verb_options(const struct pct_verb *verb, struct arena *arena);

/** pct_help_print() - all verbs, each with a line. */
void pct_help_print(FILE *out);

/** pct_help_answer() - help, help VERB, --verbose with either, VERB --help, --version.
 * @argv: without the program's name. Return: whether that was all. */
bool pct_help_answer(char **argv, int argc, struct arena *arena);

/** pct_help_unknown() - the word of @argv that is no verb. */
const char *pct_help_unknown(char **argv, int argc);
