#pragma once

#include <stdint.h>

/*
 * A bar on stderr for people at a terminal, drawn over itself; nothing for a pipe or a file.
 */

struct progress {
	const char *title;  /* "extracting archive" */
	unsigned int shown; /* permille that stands there; 0: nothing yet */
	unsigned int enabled;
};

/** progress_init() - a bar that shows nothing yet, and nothing ever where stderr is no terminal.
 * @title: before it; borrowed */
void progress_init(struct progress *progress, const char *title);

/** progress_show() - @done of @total bytes; at the end the line is finished. */
void progress_show(struct progress *progress, uint64_t done, uint64_t total);
