#include "cgroup/limits.h"
#include "lib/arena.h"
#include "lib/file.h"
#include "lib/run.h"
#include "lib/text.h"

#include <string.h>

/* Files of a line for each device or resource, by its first word; what a line that isn't there
 * stands for: Documentation/admin-guide/cgroup-v2.rst. */
static const struct {
	const char *file, *unset;
} keyed[] = {
	{"io.max", "rbps=max wbps=max riops=max wiops=max"},
	{"io.latency", "target=0"},
	{"io.weight", "default"},
	{"io.bfq.weight", "default"},
	{"rdma.max", "hca_handle=max hca_object=max"},
	{"misc.max", "max"},
};

static const char *unset_of(const char *file)
{
	for (size_t i = 0; i < ARRAY_SIZE(keyed); i++)
		if (strcmp(keyed[i].file, file) == 0)
			return keyed[i].unset;
	return NULL;
}

/* The line of @text that begins as @value does, else what its absence means. */
static const char *line_of(struct arena *arena, const char *text, const char *value,
			   const char *unset)
{
	const bool has_key = strchr(value, ' ') != NULL;
	const char *key = has_key ? arena_strndup(arena, value, strcspn(value, " ")) : "default";
	const size_t length = strlen(key);

	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n')
		if (strncmp(line, key, length) == 0 && line[length] == ' ')
			return arena_strndup(arena, line, strcspn(line, "\n"));
	return arena_printf(arena, "%s %s", key, unset);
}

static const char *keep(struct arena *arena, const char *file, const char *value, int cgroup_fd)
{
	const char *unset = unset_of(file), *text;

	if (file_read(arena, cgroup_fd, file, 0, &text, NULL, NULL) < 0)
		return NULL;
	return unset ? line_of(arena, text, value, unset) : text;
}

void limit_keep(struct arena *arena, const struct step *step, const struct run *run,
		struct limit_kept *kept)
{
	const struct limit *limit = &container_of(step, struct cgroup_limit_step, step)->limit;

	*kept = (struct limit_kept){.file = limit->instead};
	if (limit->instead)
		kept->value = keep(arena, limit->instead, limit->instead_value, run->cgroup_fd);
	if (kept->value)
		return;
	kept->file = limit->file;
	kept->value = keep(arena, limit->file, limit->value, run->cgroup_fd);
}

/* An empty list of cpus is written as an empty line. */
int limit_put_back(const struct limit_kept *kept, const struct run *run)
{
	if (!kept->value)
		return 0;
	return file_write(run->cgroup_fd, kept->file, *kept->value ? kept->value : "\n");
}
