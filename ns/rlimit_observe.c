#include "lib/file.h"
#include "lib/run.h"
#include "lib/text.h"
#include "ns/rlimit.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

/* How /proc/PID/limits calls them. prlimit(2) shows them as well, but not to everybody. */
static const char *const names[RLIM_NLIMITS] = {
	[RLIMIT_CPU] = "Max cpu time",
	[RLIMIT_FSIZE] = "Max file size",
	[RLIMIT_DATA] = "Max data size",
	[RLIMIT_STACK] = "Max stack size",
	[RLIMIT_CORE] = "Max core file size",
	[RLIMIT_RSS] = "Max resident set",
	[RLIMIT_NPROC] = "Max processes",
	[RLIMIT_NOFILE] = "Max open files",
	[RLIMIT_MEMLOCK] = "Max locked memory",
	[RLIMIT_AS] = "Max address space",
	[RLIMIT_LOCKS] = "Max file locks",
	[RLIMIT_SIGPENDING] = "Max pending signals",
	[RLIMIT_MSGQUEUE] = "Max msgqueue size",
	[RLIMIT_NICE] = "Max nice priority",
	[RLIMIT_RTPRIO] = "Max realtime priority",
	[RLIMIT_RTTIME] = "Max realtime timeout",
};

static bool is_value(const char *text, uint64_t wanted)
{
	unsigned long value;

	if (strcmp(text, "unlimited") == 0)
		return wanted == RLIM64_INFINITY;
	return parse_u64(text, &value) == 0 && value == wanted;
}

int rlimit_observe(const struct step *step, struct run *run, struct observation *seen,
		   struct err *err)
{
	const struct rlimit_step *limit = container_of(step, struct rlimit_step, step);
	cleanup_(arena_free) struct arena arena = {};
	const char *text, *line, *name = names[limit->resource];
	char soft[24], hard[24];

	if (file_read(&arena, run->pid_dir_fd, "limits", 0, &text, NULL, NULL) < 0 ||
	    !(line = strstr(text, name)) ||
	    sscanf(line + strlen(name), "%23s %23s", soft, hard) != 2)
		return observe(seen, OBSERVED_UNSEEN, "/proc/PID/limits doesn't show it");
	return observe(seen,
		       is_value(soft, limit->soft) && is_value(hard, limit->hard)
			       ? OBSERVED_HOLDS
			       : OBSERVED_DIFFERS,
		       "%s:%s", soft, hard);
}
