#include "runtime/obstacles.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/proc_status.h"
#include "lib/text.h"
#include "oci/state.h"
#include "runtime/container.h"

#include <fcntl.h>
#include <string.h>

static const char *read_proc(struct arena *arena, pid_t pid, const char *file)
{
	const char *text = NULL;

	return file_read(arena, AT_FDCWD, arena_printf(arena, "/proc/%d/%s", (int)pid, file), 0,
			 &text, NULL, NULL) == 0
		       ? text
		       : NULL;
}

static const char *field(struct arena *arena, const char *status, const char *name)
{
	const char *value = proc_status(arena, status, name);

	return value ? value : "";
}

/* The last part of its cgroup that is the name of a unit. */
static const char *unit_of(struct arena *arena, pid_t pid)
{
	static const char *const suffixes[] = {".service", ".scope", ".mount", ".socket"};
	const char *text = read_proc(arena, pid, "cgroup"), *unit = NULL;
	char *rest = text ? arena_strndup(arena, text, strcspn(text, "\n")) : NULL;

	for (char *part; (part = strsep(&rest, "/"));)
		for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++)
			if (ends_with(part, suffixes[i]))
				unit = part;
	return unit;
}

static bool look(struct arena *arena, pid_t pid, struct obstacle *obstacle)
{
	const char *status = read_proc(arena, pid, "status");
	const char *where = status ? read_proc(arena, pid, "wchan") : NULL;

	if (!status)
		return false;
	*obstacle = (struct obstacle){
		.pid = pid,
		.name = field(arena, status, "Name"),
		.state = field(arena, status, "State"),
		.unit = unit_of(arena, pid),
		.where = where && *where && strcmp(where, "0") != 0 ? where : NULL,
	};
	return true;
}

static void add(struct arena *arena, pid_t pid, pid_t first, struct obstacle *list, size_t *count)
{
	struct obstacle *obstacle = &list[*count];

	if (!look(arena, pid, obstacle))
		return;
	obstacle->first = pid == first;
	(*count)++;
}

int container_obstacles(const struct runtime *runtime, struct arena *arena, const char *id,
			struct obstacle **obstacles, size_t *count, struct err *err)
{
	struct oci_state state;
	size_t pid_count;
	pid_t *pids;
	int r = container_state(runtime, arena, id, &state, err);

	*count = 0;
	if (r == 0)
		r = container_pids(runtime, arena, id, &pids, &pid_count, err);
	if (r < 0)
		return r;
	*obstacles = arena_array(arena, pid_count + 1, sizeof(**obstacles));
	add(arena, state.pid, state.pid, *obstacles, count);
	for (size_t i = 0; i < pid_count; i++)
		if (pids[i] != state.pid)
			add(arena, pids[i], state.pid, *obstacles, count);
	return 0;
}

bool obstacle_stuck(const struct obstacle *obstacle)
{
	return *obstacle->state == 'D';
}
