/*
 * A container from images.
 *
 * What a create does before its clone is done here too, from the bundle: cgroup and device filter,
 * volumes, sources of binds and masks as detached mounts. Then the process that becomes CRIU:
 *
 *   enters a mount namespace of its own, and puts the mounts where CRIU finds them by a path
 *   CRIU makes the processes, the first as a child of ours
 *   "setup-namespaces"   the namespaces are there: hooks of the host's side
 *   "orphan-pts-master"  the terminal's other end goes to the console socket
 *   "post-restore"       all is there and nothing has run yet: state.json, the pid file
 *   CRIU lets the processes go on, and ends
 *
 * So no process runs that is not on record. Whatever fails takes back all that was done, from the
 * journal, as after a create that failed.
 */

#include "runtime/checkpoint.h"

#include "lib/err.h"
#include "lib/fds.h"
#include "lib/msg.h"
#include "lib/sys.h"
#include "runtime/creation.h"
#include "runtime/criu.h"
#include "runtime/criu_image.h"
#include "runtime/criu_mounts.h"
#include "runtime/criu_namespaces.h"
#include "runtime/criu_stdio.h"
#include "runtime/launch.h"
#include "runtime/restore_steps.h"
#include "runtime/state.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/* All that belongs to one restore. */
struct restore {
	const struct restore_options *options;
	struct creation creation;
	struct criu_image image;
	struct criu criu;
	char folder[PATH_MAX]; /* the container's: CRIU's process covers it */
	int kept_fds[CRIU_STDIO + CRIU_NAMESPACES];
};

static int open_kept(struct restore *restore, struct err *err)
{
	for (int fd = 0; fd < CRIU_STDIO; fd++)
		restore->kept_fds[fd] = fcntl(fd, F_DUPFD_CLOEXEC, CRIU_STDIO);
	return criu_namespaces_open(&restore->creation.plan, restore->kept_fds + CRIU_STDIO, err);
}

static void close_kept(struct restore *restore)
{
	for (size_t i = 0; i < ARRAY_SIZE(restore->kept_fds); i++)
		restore->kept_fds[i] = close_fd(restore->kept_fds[i]);
}

static int enter(void *data, struct err *err)
{
	struct restore *restore = data;
	int r = criu_mounts_stage(&restore->creation.plan, &restore->creation.run, restore->folder,
				  err);

	return r < 0 ? r : criu_image_enter(&restore->image, restore->criu.made_fds, err);
}

/* CRIU mounts in its working directory, so that has to be one of its own mount namespace. */
static int start(struct restore *restore, struct err *err)
{
	struct criu_image *image = &restore->image;
	gid_t group;
	int r = 0;

	if (restore_group(&restore->creation.plan, &group))
		r = criu_image_let_in(image, group, restore->creation.run.journal, err);
	if (r == 0)
		r = criu_start(&restore->criu, err);
	if (r < 0)
		return r;
	close_fd(image->images_fd);
	close_fd(image->work_fd);
	image->images_fd = take_fd(&restore->criu.made_fds[0]);
	image->work_fd = take_fd(&restore->criu.made_fds[1]);
	return 0;
}

static int send_terminal(const struct run *run, int fd, struct err *err)
{
	static const char name[] = "/dev/ptmx";
	int r;

	if (run->console_fd < 0 || fd < 0)
		return 0;
	r = msg_send(run->console_fd, name, strlen(name), &fd, 1);
	return r < 0 ? err_set(err, r, "send the terminal to the console socket") : 0;
}

static int take_process(struct creation *creation, pid_t pid, struct err *err)
{
	struct run *run = &creation->run;

	if (run->pid == pid)
		return 0;
	run->pid = pid;
	run->pid_fd = sys_pidfd_open(pid);
	if (run->pid_fd < 0)
		return err_set(err, run->pid_fd, "look at process %d", (int)pid);
	creation_is(creation);
	return launch_open_process(&creation->plan, run, err);
}

/* All is there, and nothing has run yet. */
static int save(struct creation *creation, struct err *err)
{
	int r = restore_attach(creation, err);

	return r < 0 ? r : creation_save(creation, err);
}

static int notice(void *data, const struct criu_notice *notice, struct err *err)
{
	struct creation *creation = &((struct restore *)data)->creation;
	int r = notice->pid > 0 ? take_process(creation, notice->pid, err) : 0;

	if (r < 0)
		return r;
	if (strcmp(notice->name, "setup-namespaces") == 0)
		return creation_hooks(creation, err);
	if (strcmp(notice->name, "orphan-pts-master") == 0)
		return send_terminal(&creation->run, notice->fd, err);
	return strcmp(notice->name, "post-restore") == 0 ? save(creation, err) : 0;
}

/* The images have paths of cgroups from the first process' on: that is ours here. */
static void set_cgroup(const struct creation *creation, struct criu *criu)
{
	const char *root = creation->host.cgroup_root, *path = creation->run.init_cgroup_path;

	if (root && path && strncmp(path, root, strlen(root)) == 0)
		criu_set_cgroup_root(criu, path + strlen(root));
}

static void fill_options(struct restore *restore)
{
	const struct restore_options *options = restore->options;
	char root[PATH_MAX];

	(void)snprintf(root, sizeof(root), "%.4000s/root", restore->folder);
	criu_set_text(&restore->criu, CRIU_ROOT, root);
	criu_set(&restore->criu, CRIU_RST_SIBLING, true);
	criu_set(&restore->criu, CRIU_NOTIFY_SCRIPTS, true);
	criu_set(&restore->criu, CRIU_EVASIVE_DEVICES, true);
	criu_set(&restore->criu, CRIU_ORPHAN_PTS_MASTER, true);
	if (options->lsm_profile)
		criu_set_text(&restore->criu, CRIU_LSM_PROFILE, options->lsm_profile);
	if (options->lsm_mount_context)
		criu_set_text(&restore->criu, CRIU_LSM_MOUNT_CONTEXT, options->lsm_mount_context);
	set_cgroup(&restore->creation, &restore->criu);
	criu_namespaces_inherit(&restore->criu, restore->kept_fds + CRIU_STDIO);
}

static int ask(struct restore *restore, struct err *err)
{
	const struct creation *creation = &restore->creation;
	struct criu *criu = &restore->criu;
	int r;

	fill_options(restore);
	r = criu_image_options(&restore->image, &restore->options->criu,
			       &creation->record.annotations, criu, err);
	if (r == 0)
		r = criu_stdio_inherit(criu, &restore->image, restore->kept_fds, err);
	if (r == 0)
		r = criu_mounts_give(criu, &creation->plan, &creation->run, restore->folder, err);
	if (r < 0)
		return r;
	r = criu_ask(criu, CRIU_RESTORE, err);
	if (r < 0)
		criu_image_failed(&restore->image, criu, err);
	return r;
}

static int find_folder(struct restore *restore, struct err *err)
{
	const int r =
		fd_path(restore->creation.run.state_fd, restore->folder, sizeof(restore->folder));

	return r < 0 ? err_set(err, r, "look at the container's folder") : 0;
}

static int make(struct restore *restore, struct err *err)
{
	int r;

	r = criu_namespaces_check(&restore->creation.plan, err);
	if (r == 0)
		r = find_folder(restore, err);
	if (r == 0)
		r = restore_prepare(&restore->creation, err);
	if (r == 0)
		r = open_kept(restore, err);
	if (r == 0)
		r = start(restore, err);
	return r < 0 ? r : ask(restore, err);
}

static int restore_of(struct restore *restore, const char *id, struct err *err)
{
	struct creation *creation = &restore->creation;
	int r;

	r = creation_plan(creation, id, err);
	if (r == 0)
		r = criu_find(&restore->criu, creation->runtime->criu, &creation->host, err);
	if (r == 0)
		r = criu_image_open(&creation->arena, &restore->options->criu, &restore->image,
				    err);
	if (r == 0)
		r = creation_open(creation, id, err);
	if (r < 0)
		return r;
	record_to_state(&creation->record, "creating", &creation->state);
	r = make(restore, err);
	criu_end(&restore->criu);
	if (r < 0)
		creation_take_back(creation, id);
	return r;
}

int container_restore(const struct runtime *runtime, const char *id,
		      const struct restore_options *options, pid_t *pid, struct err *err)
{
	struct restore restore = {.options = options, .image = {-EBADF, -EBADF}};
	int r;

	for (size_t i = 0; i < ARRAY_SIZE(restore.kept_fds); i++)
		restore.kept_fds[i] = -EBADF;
	criu_init(&restore.criu);
	restore.criu.own_stdio = !(options->criu.flags & CRIU_FLAG_SHELL_JOB);
	restore.criu.kept_fds = restore.kept_fds;
	restore.criu.kept_count = ARRAY_SIZE(restore.kept_fds);
	restore.criu.enter = enter;
	restore.criu.notice = notice;
	restore.criu.data = &restore;
	creation_init(&restore.creation, runtime, id, &options->create);
	r = restore_of(&restore, id, err);
	if (r == 0)
		*pid = restore.creation.run.pid;
	close_kept(&restore);
	criu_end(&restore.criu);
	criu_image_close(&restore.image);
	creation_free(&restore.creation);
	return r;
}
