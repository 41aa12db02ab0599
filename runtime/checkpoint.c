/*
 * A running container becomes images.
 *
 * CRIU is told what it can't find out by looking at processes: which of their mounts, namespaces
 * and descriptors are not the container's own. It freezes the cgroup, writes, and ends the
 * processes or lets them go on. Nothing of ours changes before it has succeeded; then the container
 * is deleted as by `delete`.
 */

#include "runtime/checkpoint.h"

#include "lib/err.h"
#include "lib/plan.h"
#include "lib/run.h"
#include "runtime/criu.h"
#include "runtime/criu_image.h"
#include "runtime/criu_mounts.h"
#include "runtime/criu_namespaces.h"
#include "runtime/criu_stdio.h"
#include "runtime/look.h"
#include "runtime/state.h"

#include <fcntl.h>
#include <sys/stat.h>

/* All that belongs to one checkpoint. */
struct checkpoint {
	const struct checkpoint_options *options;
	struct record record;
	struct plan plan;
	struct run look;
	struct criu_image image;
	struct criu criu;
};

static void fill_options(struct checkpoint *checkpoint)
{
	const struct checkpoint_options *options = checkpoint->options;
	const struct record *record = &checkpoint->record;
	struct criu *criu = &checkpoint->criu;

	criu_set(criu, CRIU_PID, record->pid);
	criu_set_text(criu, CRIU_ROOT, record->rootfs);
	criu_set(criu, CRIU_ORPHAN_PTS_MASTER, true);
	if (options->leave_running)
		criu_set(criu, CRIU_LEAVE_RUNNING, true);
	if (options->pre_dump)
		criu_set(criu, CRIU_TRACK_MEM, true);
	if (options->parent_path)
		criu_set_text(criu, CRIU_PARENT_IMG, options->parent_path);
	if (options->status_fd >= 0)
		criu_set(criu, CRIU_STATUS_FD, options->status_fd);
	if (record->cgroup)
		criu_set_text(criu, CRIU_FREEZE_CGROUP, record->cgroup);
}

static int describe(struct checkpoint *checkpoint, struct err *err)
{
	struct criu *criu = &checkpoint->criu;
	int r;

	fill_options(checkpoint);
	r = criu_image_options(&checkpoint->image, &checkpoint->options->criu,
			       &checkpoint->record.annotations, criu, err);
	if (r == 0)
		r = criu_mounts_leave(criu, &checkpoint->plan, &checkpoint->look, err);
	if (r == 0)
		r = criu_namespaces_leave(criu, &checkpoint->plan, &checkpoint->look, err);
	if (r == 0)
		r = criu_stdio_leave(criu, &checkpoint->image, &checkpoint->look, err);
	return r;
}

/* CRIU takes a path that isn't there for "no parent", and the images for whole. */
static int check_parent(const struct checkpoint *checkpoint, struct err *err)
{
	const char *parent = checkpoint->options->parent_path;
	struct stat st;

	if (!parent)
		return 0;
	if (parent[0] == '/')
		return err_plain(err, -EINVAL,
				 "--parent-path: %s is not relative to the folder of the images",
				 parent);
	if (fstatat(checkpoint->image.images_fd, parent, &st, 0) < 0)
		return err_set(err, -errno, "--parent-path: look at %s", parent);
	return S_ISDIR(st.st_mode)
		       ? 0
		       : err_plain(err, -ENOTDIR, "--parent-path: %s is no folder", parent);
}

static int dump(struct checkpoint *checkpoint, struct err *err)
{
	int r;

	r = criu_start(&checkpoint->criu, err);
	if (r == 0)
		r = criu_ask(&checkpoint->criu,
			     checkpoint->options->pre_dump ? CRIU_PRE_DUMP : CRIU_DUMP, err);
	if (r < 0)
		criu_image_failed(&checkpoint->image, &checkpoint->criu, err);
	return r;
}

static int check_status(const struct record *record, int state_fd, struct err *err)
{
	const char *status = record_status(record, state_fd);

	if (status_is(status, "running"))
		return 0;
	err_plain(err, -EBUSY, "container %s is not running: %s", record->id, status);
	if (status_is(status, "paused"))
		err_hint(err, "resume it first");
	return -EBUSY;
}

static int checkpoint_locked(const struct runtime *runtime, const char *id,
			     struct checkpoint *checkpoint, struct err *err)
{
	int r;

	r = record_folder_lock(runtime, id, checkpoint->look.state_fd, err);
	if (r == 0)
		r = check_status(&checkpoint->record, checkpoint->look.state_fd, err);
	if (r == 0)
		r = criu_namespaces_check(&checkpoint->plan, err);
	if (r == 0)
		r = criu_image_make(&checkpoint->plan.arena, &checkpoint->options->criu,
				    &checkpoint->image, err);
	if (r == 0)
		r = check_parent(checkpoint, err);
	if (r == 0)
		r = describe(checkpoint, err);
	return r < 0 ? r : dump(checkpoint, err);
}

static int checkpoint_of(const struct runtime *runtime, const char *id,
			 struct checkpoint *checkpoint, struct err *err)
{
	int r;

	r = running_look(runtime, id, &checkpoint->record, &checkpoint->plan, &checkpoint->look,
			 err);
	if (r == 0)
		r = criu_find(&checkpoint->criu, runtime->criu, checkpoint->plan.host, err);
	return r < 0 ? r : checkpoint_locked(runtime, id, checkpoint, err);
}

/* Folders that were there before keep what is in them. */
static void drop(const struct criu_image *image)
{
	if (image->images_made)
		criu_stdio_drop(image);
	criu_image_drop(image);
}

int container_checkpoint(const struct runtime *runtime, const char *id,
			 const struct checkpoint_options *options, struct err *err)
{
	struct checkpoint checkpoint = {.options = options, .image = {-EBADF, -EBADF}};
	int r;

	criu_init(&checkpoint.criu);
	checkpoint.criu.own_stdio = true;
	run_init(&checkpoint.look);
	r = checkpoint_of(runtime, id, &checkpoint, err);
	criu_end(&checkpoint.criu);
	if (r < 0)
		drop(&checkpoint.image);
	criu_image_close(&checkpoint.image);
	run_close(&checkpoint.look); /* and with it the lock, which a delete takes itself */
	plan_free(&checkpoint.plan);
	if (r < 0 || options->leave_running || options->pre_dump)
		return r;
	return container_delete(runtime, id, true, err);
}
