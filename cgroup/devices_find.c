#include "cgroup/devices.h"
#include "lib/own.h"
#include "lib/sys.h"

#include <errno.h>
#include <linux/bpf.h>
#include <string.h>

enum { FILTERS_MAX = 64 }; /* of the kernel, on one cgroup */

/* Return: a descriptor of the program; -ENOENT where it is another's. */
static int open_ours(uint32_t id)
{
	union bpf_attr open = {.prog_id = id};
	cleanup_close int fd = sys_bpf(BPF_PROG_GET_FD_BY_ID, &open, sizeof(open));
	struct bpf_prog_info info = {};
	union bpf_attr query = {
		.info.bpf_fd = (uint32_t)fd,
		.info.info_len = sizeof(info),
		.info.info = (uint64_t)(uintptr_t)&info,
	};
	int r;

	if (fd < 0)
		return fd;
	r = sys_bpf(BPF_OBJ_GET_INFO_BY_FD, &query, sizeof(query));
	if (r < 0)
		return r;
	return strcmp(info.name, DEVICES_PROGRAM) == 0 ? take_fd(&fd) : -ENOENT;
}

int devices_find(int cgroup_fd, unsigned int *count)
{
	uint32_t ids[FILTERS_MAX] = {};
	union bpf_attr query = {
		.query.target_fd = (uint32_t)cgroup_fd,
		.query.attach_type = BPF_CGROUP_DEVICE,
		.query.prog_ids = (uint64_t)(uintptr_t)ids,
		.query.prog_cnt = FILTERS_MAX,
	};
	int r = sys_bpf(BPF_PROG_QUERY, &query, sizeof(query));

	if (r < 0)
		return r;
	*count = query.query.prog_cnt;
	r = -ENOENT;
	for (unsigned int i = 0; r == -ENOENT && i < *count; i++)
		r = open_ours(ids[i]); /* one that went just now is no longer there either */
	return r;
}
