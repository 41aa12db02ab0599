#include "lib/file.h"
#include "lib/proc_status.h"
#include "lib/run.h"
#include "seccomp/filter.h"

#include <stdlib.h>

enum { MODE_FILTER = 2 };

static long status_number(struct arena *arena, const char *text, const char *name)
{
	const char *value = proc_status(arena, text, name);

	return value ? strtol(value, NULL, 10) : -1;
}

/* The kernel doesn't show a filter's contents to everybody; that there is one it does. */
int filter_observe(const struct step *step, struct run *run, struct observation *seen,
		   struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *text;
	long mode, filters;

	if (file_read(&arena, run->pid_dir_fd, "status", 0, &text, NULL, NULL) < 0)
		return observe(seen, OBSERVED_UNSEEN, "/proc/PID/status can't be read");
	mode = status_number(&arena, text, "Seccomp");
	filters = status_number(&arena, text, "Seccomp_filters"); /* Linux 5.9 */
	if (mode < 0)
		return observe(seen, OBSERVED_UNSEEN, "this kernel doesn't show seccomp's mode");
	if (mode != MODE_FILTER)
		return observe(seen, OBSERVED_DIFFERS, "no filter (mode %ld)", mode);
	if (filters < 0)
		return observe(seen, OBSERVED_HOLDS, "filtered");
	return observe(seen, OBSERVED_HOLDS, "%ld filter%s", filters, filters == 1 ? "" : "s");
}
