#pragma once

#include "cli/options.h"

#include <stdio.h>

/*
 * Help, from the tables of verbs and options, in one form for both programs. scripts/man.sh makes
 * the manual page and the completion out of it: headings begin a line, rows have two blanks before
 * and at least two between their halves.
 */

/** help_row() - one verb and what it does. */
void help_row(FILE *out, const char *verb, const char *about);

/** help_verb() - the page of one verb: usage, what it does, its options.
 * @words: what is no option: "ID [SIGNAL]" */
void help_verb(FILE *out, const char *program, const char *verb, const char *words,
	       const char *about, const struct option_row *options);

/** help_options() - the rows of a table below their heading; nothing for an empty one. */
void help_options(FILE *out, const struct option_row *options);

/** help_asked() - whether a verb's arguments ask for its help.
 * @first_word_ends: what follows the first word is somebody else's command line */
bool help_asked(char *const *argv, int argc, bool first_word_ends);
