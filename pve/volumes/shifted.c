#include "pve/volumes/shifted.h"

#include "lib/err.h"
#include "lib/text.h"
#include "lib/userns.h"
#include "lib/worker.h"
#include "pve/lxc/idmap.h"

#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>

struct shifted {
	const struct idmap *map;
	int (*work)(void *data, struct err *err);
	void *data;
};

static void add_lines(struct text *text, const struct oci_id_mappings *mappings)
{
	for (size_t i = 0; i < mappings->count; i++)
		text_addf(text, "%u %u %u\n", mappings->items[i].container_id,
			  mappings->items[i].host_id, mappings->items[i].size);
}

int shifted_namespace(const struct idmap *map, struct err *err)
{
	cleanup_(text_free) struct text uid_map = {}, gid_map = {};

	add_lines(&uid_map, &map->uid);
	add_lines(&gid_map, &map->gid);
	return userns_new(text_str(&uid_map), text_str(&gid_map), err);
}

/* Other ids than before: the kernel forgets whose death is to be ours. */
static int follow_parent(pid_t parent, struct err *err)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* only fails for bad signals */
	return getppid() == parent ? 0 : err_set(err, -ESRCH, "work on without the caller");
}

static int enter_user_namespace(const struct idmap *map, struct err *err)
{
	cleanup_close int fd = shifted_namespace(map, err);
	pid_t parent = getppid();

	if (fd < 0)
		return fd;
	if (setns(fd, CLONE_NEWUSER) < 0)
		return err_set(err, -errno, "enter the user namespace");
	if (setgroups(0, NULL) < 0 || setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
		return err_set(err, -errno, "become the container's root");
	return follow_parent(parent, err);
}

static int in_child(void *data, struct err *err)
{
	const struct shifted *shifted = data;
	int r = shifted->map ? enter_user_namespace(shifted->map, err) : 0;

	if (r < 0)
		return r;
	if (unshare(CLONE_NEWNS) < 0)
		return err_set(err, -errno, "make a mount namespace");
	return shifted->work(shifted->data, err);
}

int shifted_run(const struct idmap *map, int (*work)(void *data, struct err *err), void *data,
		struct err *err)
{
	struct shifted shifted = {.map = map, .work = work, .data = data};

	return worker_run(in_child, &shifted, err);
}
