#include "cgroup/device_filter.h"
#include "lib/own.h"
#include "lib/sys.h"

#include <errno.h>
#include <linux/bpf.h>
#include <string.h>

/* Return: a descriptor of the program; -ENOENT where it is another's. */
static int open_ours(uint32_t id)
{
	union bpf_attr open = {.prog_id = id};
	cleanup_close int fd = sys_bpf(BPF_PROG_GET_FD_BY_ID, &open, sizeof(open));
	struct bpf_prog_info info = {};
	int r = fd < 0 ? fd : device_program_info(fd, &info);

	if (r < 0)
		return r;
	return strcmp(info.name, DEVICES_PROGRAM) == 0 ? take_fd(&fd) : -ENOENT;
}

int devices_find(int cgroup_fd)
{
	uint32_t ids[DEVICE_PROGRAMS_MAX] = {};
	const int count = device_programs(cgroup_fd, ids, ARRAY_SIZE(ids));
	int r = count < 0 ? count : -ENOENT;

	for (int i = 0; r == -ENOENT && i < count; i++)
		r = open_ours(ids[i]); /* one that went just now is no longer there either */
	return r;
}
