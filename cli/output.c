#include "cli/output.h"

#include "lib/err.h"

#include <errno.h>
#include <stdio.h>

/* The stream remembers that a write failed, but not why. */
int output_end(int r, struct err *err)
{
	(void)fflush(stdout);
	return r >= 0 && ferror(stdout) ? err_plain(err, -EIO, "not all of the output was written")
					: r;
}
