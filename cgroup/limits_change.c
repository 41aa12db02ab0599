#include "cgroup/limits.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/run.h"

#include <string.h>

/* What a new cgroup has in its files: Documentation/admin-guide/cgroup-v2.rst. */
static const struct {
	const char *file, *value;
} defaults[] = {
	{"cpu.idle", "0"},           {"cpu.max", "max"},           {"cpu.max.burst", "0"},
	{"cpu.weight", "100"},       {"cpu.weight.nice", "0"},     {"cpuset.cpus", "\n"},
	{"cpuset.mems", "\n"},       {"io.weight", "default 100"}, {"memory.high", "max"},
	{"memory.low", "0"},         {"memory.max", "max"},        {"memory.min", "0"},
	{"memory.oom.group", "0"},   {"memory.swap.high", "max"},  {"memory.swap.max", "max"},
	{"memory.zswap.max", "max"}, {"pids.max", "max"},
};

static const struct limit *limit_of(const struct step *step)
{
	return &container_of(step, struct cgroup_limit_step, step)->limit;
}

bool limit_same(const struct step *one, const struct step *other)
{
	return strcmp(limit_of(one)->file, limit_of(other)->file) == 0;
}

int limit_revert(const struct step *step, struct run *run, struct err *err)
{
	const char *file = limit_of(step)->file;
	int r;

	for (size_t i = 0; i < ARRAY_SIZE(defaults); i++) {
		if (strcmp(defaults[i].file, file) != 0)
			continue;
		r = file_write(run->cgroup_fd, file, defaults[i].value);
		return r < 0 ? err_set(err, r, "write %s", file) : 0;
	}
	return err_plain(err, -ENOTSUP, "%s can't be taken back while the container runs", file);
}

int limit_change(const struct step *from, const struct step *to, struct run *run, struct err *err)
{
	if (strcmp(limit_of(from)->value, limit_of(to)->value) == 0)
		return 0;
	return step_apply(to, run, err);
}
