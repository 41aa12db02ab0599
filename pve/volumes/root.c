#include "pve/volumes/root.h"

#include "lib/err.h"
#include "lib/own.h"
#include "lib/worker.h"
#include "pve/volumes/mount.h"

#include <fcntl.h>

struct visit {
	const char *volume;
	int (*work)(void *data, int root_fd, struct err *err);
	void *data;
};

static int visit_root(void *data, struct err *err)
{
	const struct visit *visit = data;
	const struct volume_mount mount = {.path = visit->volume};
	cleanup_close int mnt_fd = volume_mount(&mount, err);
	cleanup_close int root_fd = -EBADF;

	if (mnt_fd < 0)
		return mnt_fd;
	root_fd = openat(mnt_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0)
		return err_set(err, -errno, "open %s", visit->volume);
	return visit->work(visit->data, root_fd, err);
}

int volume_root_with(const char *volume, int (*work)(void *data, int root_fd, struct err *err),
		     void *data, struct err *err)
{
	struct visit visit = {.volume = volume, .work = work, .data = data};

	return worker_run(visit_root, &visit, err);
}
