#include "cgroup/devices.h"
#include "lib/run.h"

#include <fcntl.h>

/* BPF_PROG_QUERY wants a real descriptor, not an O_PATH one. */
int devices_observe(const struct step *step, struct run *run, struct observation *seen,
		    struct err *err)
{
	const struct cgroup_devices_step *wanted =
		container_of(step, struct cgroup_devices_step, step);
	cleanup_close int path_fd = cgroup_observe_open(&wanted->place, run->pid_dir_fd, false);
	cleanup_close int fd = -EBADF, filter_fd = -EBADF;
	unsigned int count = 0;

	if (path_fd >= 0)
		fd = openat(path_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return observe(seen, OBSERVED_UNSEEN, "its cgroup can't be opened");
	filter_fd = devices_find(fd, &count);
	if (filter_fd < 0 && filter_fd != -ENOENT)
		return observe(seen, OBSERVED_UNSEEN, "device filters can't be listed");
	return observe(seen, filter_fd >= 0 ? OBSERVED_HOLDS : OBSERVED_DIFFERS,
		       "%u device filter%s on the cgroup%s", count, count == 1 ? "" : "s",
		       count > 0 && filter_fd < 0 ? ", none of them ours" : "");
}
