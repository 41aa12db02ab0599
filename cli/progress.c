#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WHOLE = 1000, WIDTH_DEFAULT = 80, WIDTH_OF_REST = 32, WIDTH_MIN = 10, WIDTH_MAX = 60 };

void progress_init(struct progress *progress, const char *title)
{
	*progress = (struct progress){.title = title, .enabled = isatty(STDERR_FILENO) == 1};
}

/* How many cells the bar may have on this terminal. */
static int bar_width(const struct progress *progress)
{
	struct winsize size = {};
	int width = WIDTH_DEFAULT;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		width = size.ws_col;
	width -= (int)strlen(progress->title) + WIDTH_OF_REST;
	return width < WIDTH_MIN ? WIDTH_MIN : width > WIDTH_MAX ? WIDTH_MAX : width;
}

void progress_show(struct progress *progress, uint64_t done, uint64_t total)
{
	static const char full[] = "############################################################";
	unsigned int permille =
		total ? (unsigned int)((double)done / (double)total * WHOLE) : WHOLE;
	int width, filled;

	if (!progress->enabled || permille == progress->shown || permille > WHOLE)
		return;
	progress->shown = permille;
	width = bar_width(progress);
	filled = (int)permille * width / WHOLE;
	(void)fprintf(stderr, "\r%s [%.*s%*s] %3u %%  %.1f of %.1f MiB%s", progress->title, filled,
		      full, width - filled, "", permille / 10, (double)done / (1 << 20),
		      (double)total / (1 << 20), permille == WHOLE ? "\n" : "");
}
