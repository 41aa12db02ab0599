#include "debug/isolation.h"
#include "debug/parts.h"

#include "cgroup/device_filter.h"
#include "lib/host.h"
#include "lib/sys.h"

#include <fcntl.h>

/* A real descriptor: bpf(2) takes no O_PATH one. */
static int open_cgroup(const struct isolation *isolation, int root_fd, size_t level)
{
	const char *path = isolation->cgroups[level].path;

	return sys_open_beneath(root_fd, path[1] ? path + 1 : ".", O_RDONLY | O_DIRECTORY);
}

static void look_levels(struct isolation *isolation, int root_fd, struct device_filters *filters)
{
	for (size_t i = 0; i < isolation->cgroup_count; i++) {
		struct isolation_cgroup *cgroup = &isolation->cgroups[i];
		cleanup_close int fd = open_cgroup(isolation, root_fd, i);
		const int count = fd < 0 ? fd : device_programs(fd, NULL, 0);

		cgroup->device_filters = count < 0 ? -1 : count;
		if (count > 0)
			device_programs_name(fd, cgroup->path, filters);
	}
}

static int look_programs(struct isolation *isolation, struct device_filters *filters)
{
	cleanup_close int root_fd = -EBADF, own_fd = -EBADF;
	int r;

	if (!isolation->host->cgroup_root)
		return 0; /* nowhere to put one */
	if (!isolation->cgroup_count)
		return -ENOENT;
	root_fd = open(isolation->host->cgroup_root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	own_fd =
		root_fd < 0 ? -errno : open_cgroup(isolation, root_fd, isolation->cgroup_count - 1);
	if (own_fd < 0)
		return own_fd;
	r = device_programs_observe(&isolation->arena, own_fd, filters);
	look_levels(isolation, root_fd, filters);
	return r;
}

/* One more, behind the programs. */
static void add_list(struct isolation *isolation, struct device_filters *filters,
		     const struct device_filter *list)
{
	struct device_filter *items =
		arena_array(&isolation->arena, filters->count + 1, sizeof(*items));

	for (size_t i = 0; i < filters->count; i++)
		items[i] = filters->items[i];
	items[filters->count++] = *list;
	filters->items = items;
}

void look_device_filters(struct isolation *isolation)
{
	struct device_filters *filters = arena_alloc(&isolation->arena, sizeof(*filters));
	struct device_filter list;
	int r = look_programs(isolation, filters);

	if (r >= 0)
		r = device_list_observe(&isolation->arena, isolation->pid_dir_fd, &list);
	if (r > 0)
		add_list(isolation, filters, &list);
	if (r < 0)
		isolation_unseen(isolation, "its device filters", r);
	else
		isolation->device_filters = filters;
}
