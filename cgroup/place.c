#include "cgroup/place.h"

#include "lib/cgroup_line.h"
#include "lib/json.h"
#include "lib/text.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

void place_describe(const struct cgroup_place *place, struct text *text)
{
	const char *base = place->slice ? place->slice : place->mount;

	text_addf(text, "%s%s", place->below_own ? "(own)" : base, place->path);
}

void place_write(const struct cgroup_place *place, struct json_out *out)
{
	json_out_string(out, "mount", place->mount);
	json_out_string(out, "path", place->path);
	if (place->slice)
		json_out_string(out, "slice", place->slice);
	if (place->inner)
		json_out_string(out, "inner", place->inner);
	json_out_bool(out, "belowOwn", place->below_own);
}

const char *place_own(struct arena *arena, const char *mount)
{
	const char *own = cgroup_of_process(arena, AT_FDCWD, "/proc/self/cgroup");

	return own ? arena_printf(arena, "%s%s", mount, own) : NULL;
}

/* Where @path of a process is at or below "…@wanted", the length of that part. */
static size_t part_of(const char *path, const struct cgroup_place *place)
{
	size_t length = strlen(place->path);

	for (const char *at = path; (at = strstr(at, place->path)); at++) {
		bool whole = at[length] == '\0' || at[length] == '/';

		if (whole && (at == path || place->below_own || place->slice))
			return (size_t)(at - path) + length;
	}
	return 0;
}

int cgroup_observe_open(const struct cgroup_place *place, int pid_dir_fd, bool inner)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *path = cgroup_of_process(&arena, pid_dir_fd, "cgroup");
	char directory[PATH_MAX];
	size_t length;
	int fd;

	if (!path)
		return -ENOENT;
	length = part_of(path, place);
	if (length == 0)
		(void)snprintf(directory, sizeof(directory), "%s%s", place->mount, path);
	else
		(void)snprintf(directory, sizeof(directory), "%s%.*s%s%s", place->mount,
			       (int)length, path, inner && place->inner ? "/" : "",
			       inner && place->inner ? place->inner : "");
	fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}
