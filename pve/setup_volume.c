#include "pve/setup.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/conf.h"
#include "pve/setup_parts.h"
#include "pve/volume_root.h"

#include <string.h>
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

static int set_up(void *data, int root_fd, struct err *err)
{
	struct setup *setup = data;
	struct stat st;
	int r;

	if (fstat(root_fd, &st) < 0)
		return err_set(err, -errno, "look at the root directory");
	/* Whatever id map the volume has: its top belongs to the container's root. */
	setup->uid = st.st_uid;
	setup->gid = st.st_gid;
	setup->root_fd = root_fd;
	r = find_ostype(setup, err);
	return r < 0 ? r : setup_start(setup, err);
}

int setup_volume(const char *volume, struct setup *setup, struct err *err)
{
	return volume_root_with(volume, set_up, setup, err);
}
