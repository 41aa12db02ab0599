#include "cgroup/limits.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/run.h"

int limit_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct limit *limit = &container_of(step, struct cgroup_limit_step, step)->limit;
	int r = -ENOENT;

	if (run->cgroup_fd < 0)
		return err_plain(err, -EBADF, "there is no cgroup yet");
	if (limit->instead)
		r = file_write(run->cgroup_fd, limit->instead, limit->instead_value);
	if (r == -ENOENT)
		r = file_write(run->cgroup_fd, limit->file, limit->value);
	if (r == 0 || (r == -ENOENT && limit->optional) || (r == -EINVAL && limit->early))
		return 0;
	err_sys(err, r, "write", "write");
	if (r == -ENOENT)
		err_hint(err, "this kernel's cgroups have no such file");
	else if (r == -EINVAL || r == -ERANGE)
		err_hint(err,
			 "write what the kernel's cgroup-v2 documentation has for it: bytes or "
			 "max for memory, QUOTA PERIOD for cpu.max, a list for cpuset");
	return r;
}
