#include "pve/volumes/copy.h"

#include "lib/err.h"
#include "lib/own.h"
#include "lib/process.h"
#include "lib/sys.h"
#include "lib/text.h"
#include "lib/worker.h"
#include "pve/conf/conf.h"
#include "pve/conf/idmap.h"
#include "pve/conf/property.h"
#include "pve/lxc/idmap.h"
#include "pve/storage/storage.h"
#include "pve/volumes/mount.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>

/* Any folder of every host; a small file system of the child's own has both mount points. */
#define PLACE      "/tmp"
#define PLACE_FROM PLACE "/from"
#define PLACE_TO   PLACE "/to"

static int make_place(const char *name, int mnt_fd, struct err *err)
{
	if (mkdir(name, 0700) < 0 || sys_move_mount(mnt_fd, AT_FDCWD, name) < 0)
		return err_set(err, -errno, "mount on %s", name);
	return 0;
}

static int make_places(int from_fd, int to_fd, struct err *err)
{
	int r = worker_hide_mounts(err);

	if (r < 0)
		return r;
	if (mount("tmpfs", PLACE, "tmpfs", 0, "size=64k,mode=700") < 0)
		return err_set(err, -errno, "mount a tmpfs");
	r = make_place(PLACE_FROM, from_fd, err);
	return r < 0 ? r : make_place(PLACE_TO, to_fd, err);
}

static int run_rsync(double bwlimit, struct err *err)
{
	static const char from[] = PLACE_FROM "/", to[] = PLACE_TO "/"; /* what is in there */
	cleanup_(text_free) struct text output = {}, limit = {};
	int r;

	/* In whole KiB, and never 0 for a little: that would be no limit. */
	text_addf(&limit, "--bwlimit=%.0f", bwlimit > 0 && bwlimit < 1 ? 1 : bwlimit);
	const char *const argv[] = {"rsync",
				    "--stats",
				    "-aHAX",
				    "--numeric-ids",
				    "--whole-file",
				    "--sparse",
				    "--one-file-system",
				    text_str(&limit),
				    from,
				    to,
				    NULL};

	r = process_run(argv, &output, err);
	if (r == 0)
		(void)printf("%s", text_str(&output));
	(void)fflush(stdout); /* before this child ends */
	return r;
}

struct copying {
	struct volume_mount from, to;
	double bwlimit;
};

static int copy_all(void *data, struct err *err)
{
	const struct copying *copying = data;
	cleanup_close int from_fd = volume_mount(&copying->from, err);
	cleanup_close int to_fd = from_fd < 0 ? -EBADF : volume_mount(&copying->to, err);
	int r = from_fd < 0 ? from_fd : to_fd < 0 ? to_fd : make_places(from_fd, to_fd, err);

	return r < 0 ? r : run_rsync(copying->bwlimit, err);
}

int volume_copy(const struct volume_copy *copy, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	struct copying copying = {.from.readonly = true, .bwlimit = copy->bwlimit};
	struct volume_name name;
	int r = volume_parse(&arena, copy->from, &name, err);

	if (r == 0 && copy->snapshot)
		r = storage_snapshot_path(&arena, copy->storages, copy->from, copy->snapshot,
					  &copying.from.path, err);
	else if (r == 0)
		r = storage_path(&arena, copy->storages, copy->from, &copying.from.path, err);
	if (r == 0)
		r = storage_path(&arena, copy->storages, copy->to, &copying.to.path, err);
	copying.from.frozen = copy->snapshot || name.is_base;
	return r < 0 ? r : worker_run(copy_all, &copying, err);
}

/* A directory without a limit says how big it was meant to be. */
int volume_like(struct pve_conf *conf, const struct pve_section *section,
		const struct storages *storages, const struct pve_mount *mount,
		struct volume_request *request, struct err *err)
{
	struct idmap map;
	int r = conf_idmap(&conf->arena, section, &map, err);

	if (r == 0)
		r = storage_size(storages, mount->volume, &request->size, err);
	if (r < 0)
		return r;
	if (request->size == 0 && mount->size.set)
		request->size = mount->size.value;
	request->uid = mount->idmap ? 0 : idmap_root(&map.uid);
	request->gid = mount->idmap ? 0 : idmap_root(&map.gid);
	return 0;
}
