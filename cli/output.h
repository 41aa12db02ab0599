#pragma once

struct err;

/** output_line() - a line on stdout. Whatever the names in it are, it is one line, and the terminal
 * shows them instead of obeying (lib/printable.h). */
__attribute__((format(printf, 1, 2))) void output_line(const char *format, ...);

/** output_note() - the same on stderr. */
__attribute__((format(printf, 1, 2))) void output_note(const char *format, ...);

/** output_end() - a command's last word on stdout: what was printed has arrived.
 * @r: how the command ended
 * Return: @r, or -EIO where it went well and a line of its output is lost (a full disk). */
int output_end(int r, struct err *err);
