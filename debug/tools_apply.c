#include "debug/tools.h"

#include "lib/err.h"
#include "lib/fs.h"
#include "lib/json.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "lib/text.h"
#include "lib/worker.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

enum { CHUNK = 1 << 20 };

static const uint64_t tool_attributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;

static const struct tools_step *of(const struct step *step)
{
	return container_of(step, struct tools_step, step);
}

/* --- host side */

static int clone_folder(const char *folder, struct err *err)
{
	struct mount_attr attr = {.attr_set = tool_attributes, .propagation = MS_PRIVATE};
	cleanup_close int fd = sys_open_tree(AT_FDCWD, folder, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	int r;

	if (fd == -EPERM) {
		err_plain(err, fd, "only root may show a folder of the host in a container");
		err_hint(err, "leave --tools out: busybox is copied");
		return fd;
	}
	if (fd < 0)
		return err_set(err, fd, "clone the mount of %s", folder);
	r = sys_mount_setattr(fd, "", AT_EMPTY_PATH, &attr);
	return r < 0 ? err_set(err, r, "make it read-only") : take_fd(&fd);
}

static int open_busybox(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? err_set(err, -errno, "open %s", path) : fd;
}

static int source_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct tools *tools = of(step)->tools;
	int fd = tools->folder ? clone_folder(tools->folder, err)
			       : open_busybox(tools->busybox, err);

	if (fd < 0)
		return fd;
	run->slots[of(step)->slot] = fd;
	return 0;
}

/* --- in the container's namespaces */

/* A new file system, detached. */
static int make_fs(const char *type, const char *options, struct err *err)
{
	cleanup_close int fs_fd = sys_fsopen(type), mnt_fd = -EBADF;
	int r;

	if (fs_fd < 0)
		return err_set(err, fs_fd, "make a %s", type);
	r = fs_configure(fs_fd, options, err);
	if (r < 0)
		return r;
	r = sys_fsconfig(fs_fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	if (r < 0)
		return fs_failed(fs_fd, r, err, "make it");
	mnt_fd = sys_fsmount(fs_fd, MOUNT_ATTR_NOSUID);
	return mnt_fd < 0 ? err_set(err, mnt_fd, "make a mount of the %s", type) : take_fd(&mnt_fd);
}

static int copy_program(int dir_fd, const char *name, int from_fd, struct err *err)
{
	cleanup_close int fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	off_t offset = 0; /* the caller's descriptor stays where it is */
	ssize_t n;

	if (fd < 0)
		return err_set(err, -errno, "make %s", name);
	do
		n = sendfile(fd, from_fd, &offset, CHUNK);
	while (n > 0 || (n < 0 && errno == EINTR));
	if (n < 0 || fchmod(fd, 0755) < 0)
		return err_set(err, -errno, "copy %s", name);
	return 0;
}

static int make_busybox(const struct tools *tools, int from_fd, struct err *err)
{
	struct mount_attr attr = {.attr_set = tool_attributes};
	cleanup_close int mnt_fd = make_fs("tmpfs", "mode=755", err);
	int r = mnt_fd < 0 ? mnt_fd : copy_program(mnt_fd, "busybox", from_fd, err);

	for (size_t i = 0; r == 0 && i < tools->applet_count; i++)
		if (symlinkat("busybox", mnt_fd, tools->applets[i]) < 0)
			r = err_set(err, -errno, "link %s", tools->applets[i]);
	if (r < 0)
		return r;
	r = sys_mount_setattr(mnt_fd, "", AT_EMPTY_PATH, &attr);
	return r < 0 ? err_set(err, r, "make it read-only") : take_fd(&mnt_fd);
}

/* Links in the container lead nowhere here. */
static int attach(int mnt_fd, const char *at, struct err *err)
{
	cleanup_close int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	cleanup_close int target_fd = -EBADF;
	int r;

	if (root_fd < 0)
		return err_set(err, -errno, "open the root");
	target_fd = sys_open_real(root_fd, at, O_PATH | O_DIRECTORY);
	if (target_fd < 0)
		return err_set(err, target_fd, "open %s", at);
	r = sys_move_mount(mnt_fd, target_fd, "");
	return r < 0 ? err_set(err, r, "show it at %s", at) : 0;
}

/* A terminal of the container's own devpts would be in sight of everybody in there. */
static int attach_terminals(struct err *err)
{
	cleanup_close int mnt_fd = make_fs("devpts", "mode=620,ptmxmode=666", err);

	return mnt_fd < 0 ? mnt_fd : attach(mnt_fd, "/dev/pts", err);
}

static int tools_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct tools *tools = of(step)->tools;
	int *slot = &run->slots[of(step)->slot];
	int r = worker_hide_mounts(err);

	if (r == 0 && !tools->folder) {
		r = make_busybox(tools, *slot, err);
		close_fd(*slot);
		*slot = r;
	}
	if (r >= 0)
		r = attach(*slot, tools->at, err);
	if (r == 0 && tools->own_terminals)
		r = attach_terminals(err);
	return r;
}

static void source_describe(const struct step *step, struct text *text)
{
	const struct tools *tools = of(step)->tools;

	text_add(text, tools->folder ? tools->folder : tools->busybox);
}

static void tools_describe(const struct step *step, struct text *text)
{
	const struct tools *tools = of(step)->tools;

	text_addf(text, "%s on %s, in mounts of its own",
		  tools->folder ? tools->folder : tools->busybox, tools->at);
}

static void tools_write(const struct step *step, struct json_out *out)
{
	const struct tools *tools = of(step)->tools;

	json_out_string(out, "source", tools->folder ? tools->folder : tools->busybox);
	json_out_string(out, "destination", tools->at);
}

const struct step_kind tools_source_kind = {
	.name = "tools.source",
	.describe = source_describe,
	.write = tools_write,
	.apply = source_apply,
};

const struct step_kind tools_kind = {
	.name = "tools",
	.describe = tools_describe,
	.write = tools_write,
	.apply = tools_apply,
};
