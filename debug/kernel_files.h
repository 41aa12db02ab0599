#pragma once

#include <stdbool.h>

/** struct kernel_file - a file below /proc or /sys that is about the host, not about who opens it
 */
struct kernel_file {
	const char *path;   /* NULL ends the table        */
	const char *reads;  /* what it tells; NULL: nothing that matters */
	const char *writes; /* what writing to it does; NULL: nothing    */
	bool takes_over;    /* that is a way to become root of the host  */
};

extern const struct kernel_file kernel_files[];
