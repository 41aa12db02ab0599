#include "cli/pct/unit.h"

#include "cli/pct/pct.h"
#include "lib/arena.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/process.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* A process' cgroup tells its unit, as systemd's own tools have it. */
bool unit_holds(struct pct *pct, const char *id)
{
	pid_t monitor = container_monitor(&pct->runtime, id);
	const char *text;
	char path[32];

	(void)snprintf(path, sizeof(path), "/proc/%d/cgroup", (int)monitor);
	return monitor > 0 && file_read(pct->arena, AT_FDCWD, path, 0, &text, NULL, NULL) == 0 &&
	       strstr(text, arena_printf(pct->arena, "/pct@%s.service", id));
}

int unit_restart(const char *id, struct err *err)
{
	char unit[64];
	const char *const argv[] = {"systemctl", "restart", unit, NULL};

	(void)snprintf(unit, sizeof(unit), "pct@%s.service", id);
	return process_run(argv, NULL, err);
}
