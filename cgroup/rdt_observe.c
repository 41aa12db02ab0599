#include "cgroup/rdt.h"
#include "lib/file.h"
#include "lib/run.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int read_file(const struct rdt_step *rdt, const char *name, struct arena *arena,
		     const char **text)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/%s/%s", rdt->root, rdt->group, name);
	return file_read(arena, AT_FDCWD, path, 0, text, NULL, NULL);
}

int rdt_group_observe(const struct step *step, struct run *run, struct observation *seen,
		      struct err *err)
{
	const struct rdt_step *rdt = container_of(step, struct rdt_step, step);
	cleanup_(arena_free) struct arena arena = {};
	const char *text;

	if (read_file(rdt, "schemata", &arena, &text) < 0)
		return observe(seen, OBSERVED_DIFFERS, "there is no such group");
	text += strspn(text, " ");
	return observe(seen,
		       rdt_schemata_hold(text, rdt->schemata) ? OBSERVED_HOLDS : OBSERVED_DIFFERS,
		       "%.*s ...", (int)strcspn(text, "\n"), text);
}

int rdt_task_observe(const struct step *step, struct run *run, struct observation *seen,
		     struct err *err)
{
	const struct rdt_step *rdt = container_of(step, struct rdt_step, step);
	cleanup_(arena_free) struct arena arena = {};
	const char *text;

	if (read_file(rdt, "tasks", &arena, &text) < 0)
		return observe(seen, OBSERVED_UNSEEN, "its tasks can't be read");
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
		if (strtol(text, NULL, 10) == run->pid)
			return observe(seen, OBSERVED_HOLDS, "process %d is one of its tasks",
				       (int)run->pid);
	return observe(seen, OBSERVED_DIFFERS, "process %d is not one of its tasks", (int)run->pid);
}
