#include "cli/output.h"

#include "lib/err.h"
#include "lib/printable.h"
#include "lib/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

void output_line(const char *format, ...)
{
	cleanup_(text_free) struct text text = {}, line = {};
	va_list args;

	va_start(args, format);
	text_addv(&text, format, args);
	va_end(args);
	text_add_line(&line, text_str(&text));
	(void)printf("%s\n", text_str(&line));
}

/* The stream remembers that a write failed, but not why. */
int output_end(int r, struct err *err)
{
	(void)fflush(stdout);
	return r >= 0 && ferror(stdout) ? err_plain(err, -EIO, "not all of the output was written")
					: r;
}
