#include "pve/setup/setup.h"

#include "lib/err.h"
#include "lib/worker.h"
#include "pve/setup/parts.h"
#include "pve/volumes/root.h"

#include <string.h>
#include <sys/fsuid.h>
#include <sys/stat.h>

/* What is in there counts; the config may be of a container that was upgraded or replaced. */
static int find_ostype(struct setup *setup, struct err *err)
{
	const char *given = setup_option(setup, "ostype");
	int r;

	setup->ostype = given;
	if (given && strcmp(given, "unmanaged") == 0)
		return 0;
	r = setup_ostype(setup->root_fd, &setup->ostype, err);
	if (r == 0 && given && strcmp(given, setup->ostype) != 0)
		setup_warn(setup, "got unexpected ostype (%s != %s)", setup->ostype, given);
	return r;
}

/* Whatever id map the volume has: its top belongs to the container's root. */
static int find_guest(struct setup *setup, int root_fd, struct err *err)
{
	struct stat st;

	if (fstat(root_fd, &st) < 0)
		return err_set(err, -errno, "look at the root directory");
	setup->uid = st.st_uid;
	setup->gid = st.st_gid;
	setup->root_fd = root_fd;
	return find_ostype(setup, err);
}

static int set_up(void *data, int root_fd, struct err *err)
{
	struct setup *setup = data;
	int r = find_guest(setup, root_fd, err);

	return r < 0 ? r : setup_start(setup, err);
}

static int set_up_clone(void *data, int root_fd, struct err *err)
{
	struct setup *setup = data;
	int r = find_guest(setup, root_fd, err);

	return r < 0 ? r : setup_clone(setup, err);
}

int setup_clone_volume(const char *volume, struct setup *setup, struct err *err)
{
	return volume_root_with(volume, set_up_clone, setup, err);
}

int setup_volume(const char *volume, struct setup *setup, struct err *err)
{
	return volume_root_with(volume, set_up, setup, err);
}

/* As the container's root: the id map of its root directory may have no other user. */
static int set_up_network(void *data, struct err *err)
{
	struct setup *setup = data;

	(void)setfsgid(setup->gid); /* these never fail for a process of root's */
	(void)setfsuid(setup->uid);
	return setup_network(setup, err);
}

int setup_running(int root_fd, struct setup *setup, struct err *err)
{
	int r = find_guest(setup, root_fd, err);

	return r < 0 ? r : worker_run(set_up_network, setup, err);
}
