#include "cgroup/devices.h"
#include "lib/run.h"
#include "lib/sys.h"

#include <fcntl.h>
#include <linux/bpf.h>

/* BPF_PROG_QUERY wants a real descriptor, not an O_PATH one. */
int devices_observe(const struct step *step, struct run *run, struct observation *seen,
		    struct err *err)
{
	const struct cgroup_devices_step *wanted =
		container_of(step, struct cgroup_devices_step, step);
	cleanup_close int path_fd = cgroup_observe_open(&wanted->place, run->pid_dir_fd, false);
	cleanup_close int fd = -EBADF;
	union bpf_attr query = {};
	int r;

	if (path_fd >= 0)
		fd = openat(path_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return observe(seen, OBSERVED_UNSEEN, "its cgroup can't be opened");
	query.query.target_fd = (uint32_t)fd;
	query.query.attach_type = BPF_CGROUP_DEVICE;
	r = sys_bpf(BPF_PROG_QUERY, &query, sizeof(query));
	if (r < 0)
		return observe(seen, OBSERVED_UNSEEN, "device filters can't be listed");
	return observe(seen, query.query.prog_cnt > 0 ? OBSERVED_HOLDS : OBSERVED_DIFFERS,
		       "%u device filter%s on the cgroup", query.query.prog_cnt,
		       query.query.prog_cnt == 1 ? "" : "s");
}
