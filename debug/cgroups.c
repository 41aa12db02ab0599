#include "debug/isolation.h"
#include "debug/parts.h"

#include "lib/cgroup_line.h"
#include "lib/file.h"
#include "lib/host.h"
#include "lib/sys.h"
#include "lib/text.h"

#include <fcntl.h>
#include <string.h>

/*
 * What limits a cgroup, and what such a file says that limits nothing: cgroup-v2.rst. A file of
 * several lines is joined to one by "; ".
 */
static const struct {
	const char *file, *unlimited;
} limit_files[] = {
	{"cpu.max", "max"},
	{"cpu.weight", "100"},
	{"cpu.idle", "0"},
	{"cpuset.cpus", ""},
	{"cpuset.mems", ""},
	{"memory.min", "0"},
	{"memory.low", "0"},
	{"memory.high", "max"},
	{"memory.max", "max"},
	{"memory.swap.high", "max"},
	{"memory.swap.max", "max"},
	{"memory.zswap.max", "max"},
	{"memory.oom.group", "0"},
	{"pids.max", "max"},
	{"io.max", ""},
	{"io.weight", "default 100"},
	{"hugetlb.2MB.max", "max"},
	{"hugetlb.1GB.max", "max"},
	{"rdma.max", ""},
	{"misc.max", ""},
	{"cgroup.max.descendants", "max"},
	{"cgroup.max.depth", "max"},
	{"cgroup.freeze", "0"},
};

/* More than any machine has: the kernel's own "no limit", in whole pages. */
static bool is_endless(const char *value)
{
	uint64_t number;

	return parse_u64(value, &number) == 0 && number >= INT64_MAX - UINT32_MAX;
}

/* "max 100000": a period doesn't limit. */
static bool limits(const char *value, const char *unlimited)
{
	const size_t length = strlen(unlimited);

	return *value && !is_endless(value) &&
	       !(length && strncmp(value, unlimited, length) == 0 &&
		 (value[length] == ' ' || value[length] == '\0'));
}

static const char *one_line(struct arena *arena, const char *text)
{
	const char *line = "";

	while (*text) {
		const size_t length = strcspn(text, "\n");

		line = arena_printf(arena, "%s%s%.*s", line, *line ? "; " : "", (int)length, text);
		text += length + (text[length] == '\n');
	}
	return line;
}

static void look_limits(struct arena *arena, int dir_fd, struct isolation_cgroup *cgroup)
{
	struct isolation_limit *found = arena_array(arena, ARRAY_SIZE(limit_files), sizeof(*found));

	cgroup->limits = found;
	for (size_t i = 0; i < ARRAY_SIZE(limit_files); i++) {
		const char *text;

		if (file_read(arena, dir_fd, limit_files[i].file, 0, &text, NULL, NULL) < 0)
			continue; /* the controller is not turned on here */
		text = one_line(arena, text);
		if (limits(text, limit_files[i].unlimited))
			found[cgroup->limit_count++] =
				(struct isolation_limit){limit_files[i].file, text};
	}
}

static int look_level(struct isolation *isolation, int root_fd, const char *path)
{
	struct isolation_cgroup *cgroup = &isolation->cgroups[isolation->cgroup_count];
	cleanup_close int dir_fd =
		sys_open_beneath(root_fd, path[1] ? path + 1 : ".", O_PATH | O_DIRECTORY);

	if (dir_fd < 0)
		return dir_fd;
	*cgroup = (struct isolation_cgroup){.path = path, .device_filters = -1};
	look_limits(&isolation->arena, dir_fd, cgroup);
	isolation->cgroup_count++;
	return 0;
}

static int look_path(struct isolation *isolation, const char *path)
{
	cleanup_close int root_fd =
		open(isolation->host->cgroup_root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct arena *arena = &isolation->arena;
	size_t levels = 2;
	int r;

	if (root_fd < 0)
		return -errno;
	for (const char *at = path; *at; at++)
		levels += *at == '/';
	isolation->cgroups = arena_array(arena, levels, sizeof(*isolation->cgroups));
	r = look_level(isolation, root_fd, "/");
	for (const char *at = path; r == 0 && *at;) {
		at += 1 + strcspn(at + 1, "/");
		r = look_level(isolation, root_fd, arena_strndup(arena, path, (size_t)(at - path)));
	}
	return r;
}

/* A version 1 hierarchy has its own path and limits; nothing of ours is ever in one. */
static bool in_version_1(struct isolation *isolation)
{
	const char *text;

	if (file_read(&isolation->arena, isolation->pid_dir_fd, "cgroup", 0, &text, NULL, NULL) < 0)
		return false;
	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		const char *colon = strchr(line, ':');

		if (colon && strncmp(line, "0:", 2) != 0 && strncmp(colon, ":name=", 6) != 0)
			return true;
	}
	return false;
}

void look_cgroups(struct isolation *isolation)
{
	int r = -ENOENT;

	isolation->cgroup = cgroup_of_process(&isolation->arena, isolation->pid_dir_fd, "cgroup");
	if (isolation->cgroup && isolation->host->cgroup_root)
		r = look_path(isolation, isolation->cgroup);
	if (r < 0)
		isolation_unseen(isolation, "all limits of its cgroup", r);
	isolation->cgroup_v1 = in_version_1(isolation);
	if (isolation->cgroup_v1)
		isolation_unseen(isolation, "limits in hierarchies of cgroup version 1",
				 -EOPNOTSUPP);
}
