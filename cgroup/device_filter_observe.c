#include "cgroup/device_filter.h"
#include "lib/arena.h"
#include "lib/fds.h"
#include "lib/sys.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/bpf.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/vfs.h>

enum { PROGRAMS_MAX = 1024 }; /* in effect: the kernel has 64 at most on each cgroup */

/* Return: how many, in @ids; 0 where the kernel has none of the kind; a negative errno. */
static int query(int cgroup_fd, unsigned int flags, uint32_t *ids, unsigned int room)
{
	union bpf_attr query = {
		.query.target_fd = (uint32_t)cgroup_fd,
		.query.attach_type = BPF_CGROUP_DEVICE,
		.query.query_flags = flags,
		.query.prog_ids = (uint64_t)(uintptr_t)ids,
		.query.prog_cnt = room,
	};
	const int r = sys_bpf(BPF_PROG_QUERY, &query, sizeof(query));

	if (r == -EINVAL || r == -ENOSYS)
		return 0; /* built without them */
	return r < 0 ? r : (int)query.query.prog_cnt;
}

int device_programs(int cgroup_fd, uint32_t *ids, unsigned int room)
{
	return query(cgroup_fd, 0, ids, room);
}

int device_program_info(int program_fd, struct bpf_prog_info *info)
{
	union bpf_attr attr = {
		.info.bpf_fd = (uint32_t)program_fd,
		.info.info_len = sizeof(*info),
		.info.info = (uint64_t)(uintptr_t)info,
	};

	return sys_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr));
}

/* As the kernel runs them, behind its verifier; it may keep them for itself: kptr_restrict. */
static const char *read_insns(struct arena *arena, int fd, struct device_filter *filter)
{
	struct bpf_prog_info info = {};
	struct bpf_insn *insns;
	int r = device_program_info(fd, &info);

	if (r < 0)
		return strerror(-r);
	filter->name = arena_strndup(arena, info.name, sizeof(info.name));
	filter->count = info.xlated_prog_len / sizeof(*insns);
	insns = arena_array(arena, filter->count + 1, sizeof(*insns));
	info = (struct bpf_prog_info){
		.xlated_prog_len = (uint32_t)(filter->count * sizeof(*insns)),
		.xlated_prog_insns = (uint64_t)(uintptr_t)insns,
	};
	r = device_program_info(fd, &info);
	if (r < 0)
		return strerror(-r);
	filter->insns = insns;
	return info.xlated_prog_insns && filter->count ? NULL : "the kernel doesn't show it";
}

/* One that goes just now is said to be unread: it was there. */
static void read_program(struct arena *arena, uint32_t id, struct device_filter *filter)
{
	union bpf_attr open = {.prog_id = id};
	cleanup_close int fd = sys_bpf(BPF_PROG_GET_FD_BY_ID, &open, sizeof(open));

	*filter = (struct device_filter){.id = id, .name = ""};
	filter->unread = fd < 0 ? strerror(-fd) : read_insns(arena, fd, filter);
	if (filter->unread)
		filter->unread = arena_strdup(arena, filter->unread);
}

int device_programs_observe(struct arena *arena, int cgroup_fd, struct device_filters *filters)
{
	uint32_t *ids = arena_array(arena, PROGRAMS_MAX, sizeof(*ids));
	const int count = query(cgroup_fd, BPF_F_QUERY_EFFECTIVE, ids, PROGRAMS_MAX);
	struct device_filter *items;

	if (count < 0)
		return count;
	items = arena_array(arena, (size_t)count + 1, sizeof(*items));
	for (int i = 0; i < count; i++)
		read_program(arena, ids[i], &items[i]);
	*filters = (struct device_filters){(size_t)count, items};
	return 0;
}

void device_programs_name(int cgroup_fd, const char *path, struct device_filters *filters)
{
	struct device_filter *items = (struct device_filter *)filters->items; /* all are ours */
	uint32_t ids[DEVICE_PROGRAMS_MAX] = {};
	const int count = device_programs(cgroup_fd, ids, ARRAY_SIZE(ids));

	for (int i = 0; i < count; i++)
		for (size_t k = 0; k < filters->count; k++)
			if (items[k].id == ids[i])
				items[k].cgroup = path;
}

/* Where a descriptor leads, if that is on a cgroup file system. */
static const char *path_of(struct arena *arena, int cgroup_fd)
{
	char path[PATH_MAX];
	struct statfs fs;

	if (fstatfs(cgroup_fd, &fs) < 0 || fs.f_type != CGROUP2_SUPER_MAGIC)
		return NULL;
	return fd_path(cgroup_fd, path, sizeof(path)) < 0 ? NULL : arena_strdup(arena, path);
}

static int open_above(int cgroup_fd)
{
	return openat(cgroup_fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* The mount point: the last one on the way up that is still a cgroup. */
static const char *root_of(struct arena *arena, int cgroup_fd)
{
	cleanup_close int fd = open_above(cgroup_fd);
	const char *root = path_of(arena, cgroup_fd), *path;

	while (fd >= 0 && (path = path_of(arena, fd)) && strcmp(path, root) != 0) {
		const int above = open_above(fd);

		root = path;
		close_fd(fd);
		fd = above;
	}
	return root;
}

const char *device_programs_name_above(struct arena *arena, int cgroup_fd,
				       struct device_filters *filters)
{
	const char *root = root_of(arena, cgroup_fd), *own = path_of(arena, cgroup_fd), *path = own;
	cleanup_close int fd = open_above(cgroup_fd);

	if (!root || !own)
		return NULL;
	own = own[strlen(root)] ? own + strlen(root) : "/";
	device_programs_name(cgroup_fd, own, filters);
	while (fd >= 0 && strcmp(path, root) != 0 && (path = path_of(arena, fd))) {
		const int above = open_above(fd);

		device_programs_name(fd, path[strlen(root)] ? path + strlen(root) : "/", filters);
		close_fd(fd);
		fd = above;
	}
	return own;
}
