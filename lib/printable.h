#pragma once

struct arena;
struct text;

/**
 * text_add_printable() - add a name that somebody else has chosen, so that it is one line and no
 * terminal obeys it
 *
 * What is no printable character of valid UTF-8 becomes \xNN, a byte each; a backslash \\, a line
 * break \n, a tab \t. So two different names never look the same.
 */
void text_add_printable(struct text *text, const char *name);

/** printable() - the same as a string in @arena. */
const char *printable(struct arena *arena, const char *name);

/** text_add_line() - add what was put together, names of somebody else in it or not: as above, but
 * a backslash stays, since some of those names have been made printable before, and so does a tab.
 */
void text_add_line(struct text *text, const char *line);
