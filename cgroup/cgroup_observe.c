#include "cgroup/place.h"
#include "cgroup/scope.h"
#include "lib/fds.h"
#include "lib/run.h"

#include <limits.h>
#include <string.h>

static int observe_place(const struct cgroup_place *place, struct run *run,
			 struct observation *seen)
{
	cleanup_close int fd = cgroup_observe_open(place, run->pid_dir_fd, false);
	size_t length, wanted = strlen(place->path);
	char path[PATH_MAX];

	if (fd < 0 || fd_path(fd, path, sizeof(path)) < 0)
		return observe(seen, OBSERVED_UNSEEN, "its cgroup can't be opened");
	length = strlen(path);
	if (length < wanted || strcmp(path + length - wanted, place->path) != 0)
		return observe(seen, OBSERVED_DIFFERS, "it is in %.200s", path);
	return observe(seen, OBSERVED_HOLDS, "%.200s", path);
}

int cgroup_create_observe(const struct step *step, struct run *run, struct observation *seen,
			  struct err *err)
{
	return observe_place(&container_of(step, struct cgroup_create_step, step)->place, run,
			     seen);
}

int cgroup_scope_observe(const struct step *step, struct run *run, struct observation *seen,
			 struct err *err)
{
	return observe_place(&container_of(step, struct cgroup_scope_step, step)->place, run, seen);
}
