#include "cli/output.h"

#include "lib/err.h"
#include "lib/printable.h"
#include "lib/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

__attribute__((format(printf, 2, 0))) static void print_line(FILE *file, const char *format,
							     va_list args)
{
	cleanup_(text_free) struct text text = {}, line = {};

	text_addv(&text, format, args);
	text_add_line(&line, text_str(&text));
	(void)fprintf(file, "%s\n", text_str(&line));
}

void output_line(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_line(stdout, format, args);
	va_end(args);
}

void output_note(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_line(stderr, format, args);
	va_end(args);
}

/* The stream remembers that a write failed, but not why. */
int output_end(int r, struct err *err)
{
	(void)fflush(stdout);
	return r >= 0 && ferror(stdout) ? err_plain(err, -EIO, "not all of the output was written")
					: r;
}
