#include "lib/err.h"
#include "lib/json.h"
#include "lib/msg.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "lib/text.h"
#include "ns/target.h"
#include "ns/tty.h"
#include "ns/tty_observe.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>

enum { STDIO_COUNT = 3 };

/* The container's tree is not trusted: only a devpts' own ptmx will do. */
static int open_master(int root_fd, struct err *err)
{
	cleanup_close int pts_fd = sys_open_in_root(root_fd, "/dev/pts", O_PATH | O_DIRECTORY, 0);
	cleanup_close int fd = -EBADF;
	struct statfs fs;
	int unlocked = 0;

	if (pts_fd < 0)
		return err_set(err, pts_fd, "open /dev/pts");
	if (fstatfs(pts_fd, &fs) < 0 || fs.f_type != DEVPTS_SUPER_MAGIC) {
		err_plain(err, -ENODEV, "/dev/pts is no devpts");
		err_hint(err, "a terminal needs a mount of type devpts there");
		return -ENODEV;
	}
	fd = sys_open_beneath(pts_fd, "ptmx", O_RDWR | O_NOCTTY);
	if (fd < 0)
		return err_set(err, fd, "open /dev/pts/ptmx");
	if (ioctl(fd, TIOCSPTLCK, &unlocked) < 0)
		return err_set(err, -errno, "unlock the pty");
	return take_fd(&fd);
}

/* The other end by descriptor (Linux 4.13): no path that could lead elsewhere. */
static int open_slave(int master_fd, const struct tty_step *tty, struct err *err)
{
	cleanup_close int fd = ioctl(master_fd, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	const struct winsize size = {.ws_row = tty->height, .ws_col = tty->width};

	if (fd < 0)
		return err_set(err, -errno, "open the pty's other end");
	if (tty->sized && ioctl(master_fd, TIOCSWINSZ, &size) < 0)
		return err_set(err, -errno, "set the terminal's size");
	if (tty->uid != 0 && fchown(fd, tty->uid, (gid_t)-1) < 0 && errno != EINVAL)
		return err_set(err, -errno, "give the terminal to user %u", tty->uid);
	return take_fd(&fd);
}

static int bind_slave(int root_fd, int slave_fd, const char *path, struct err *err)
{
	cleanup_close int tree = sys_open_tree(slave_fd, "", OPEN_TREE_CLONE | AT_EMPTY_PATH);
	cleanup_close int target = -EBADF;

	if (tree < 0)
		return err_set(err, tree, "clone the terminal's mount");
	target = target_open(root_fd, path, TARGET_FILE | TARGET_REAL, err);
	return target < 0 ? target : target_attach(root_fd, path, target, tree, err);
}

/* "/dev/tty1" -> "lxc/tty1" */
static int make_link(int root_fd, const struct tty_step *tty, struct err *err)
{
	const char *name;
	cleanup_close int dir_fd = target_parent(root_fd, tty->link, TARGET_REAL, &name, err);

	if (dir_fd < 0)
		return dir_fd;
	if (unlinkat(dir_fd, name, 0) < 0 && errno != ENOENT)
		return err_set(err, -errno, "replace %s", tty->link);
	if (symlinkat(tty->path + strlen("/dev/"), dir_fd, name) < 0)
		return err_set(err, -errno, "link %s", tty->link);
	return 0;
}

static int take_stdio(int slave_fd, const struct tty_step *tty, struct err *err)
{
	if (tty->controlling && ioctl(slave_fd, TIOCSCTTY, 0) < 0)
		return err_set(err, -errno, "make it the controlling terminal");
	for (int fd = 0; fd < STDIO_COUNT; fd++)
		if (tty->stdio & 1 << fd && dup2(slave_fd, fd) < 0)
			return err_set(err, -errno, "connect descriptor %d", fd);
	return 0;
}

static int send_master(int socket_fd, const struct tty_step *tty, int master_fd, struct err *err)
{
	int r = msg_send(socket_fd, tty->name, strlen(tty->name), &master_fd, 1);

	return r < 0 ? err_set(err, r, "send the terminal to the console socket") : 0;
}

/* exec has joined the container's mount namespace, whose root is its own. */
static int open_root(const struct run *run)
{
	return run->root_fd >= 0 ? fcntl(run->root_fd, F_DUPFD_CLOEXEC, STDIO_COUNT)
				 : open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static int tty_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct tty_step *tty = container_of(step, struct tty_step, step);
	cleanup_close int root_fd = -EBADF, master_fd = -EBADF, slave_fd = -EBADF;
	const int socket_fd = tty->console ? run->console_fd : run->tty_fd;
	int r = 0;

	if (socket_fd < 0)
		return tty->console ? err_plain(err, -EINVAL, "there is no console socket") : 0;
	root_fd = open_root(run);
	if (root_fd < 0)
		return err_set(err, -errno, "open the root");
	master_fd = open_master(root_fd, err);
	if (master_fd < 0)
		return master_fd;
	slave_fd = open_slave(master_fd, tty, err);
	if (slave_fd < 0)
		return slave_fd;
	if (tty->path)
		r = bind_slave(root_fd, slave_fd, tty->path, err);
	if (r == 0 && tty->link)
		r = make_link(root_fd, tty, err);
	if (r == 0 && tty->console)
		r = take_stdio(slave_fd, tty, err);
	return r < 0 ? r : send_master(socket_fd, tty, master_fd, err);
}

static void tty_describe(const struct step *step, struct text *text)
{
	const struct tty_step *tty = container_of(step, struct tty_step, step);

	text_addf(text, "pty on %s", tty->path ? tty->path : "stdio");
	if (tty->link)
		text_addf(text, ", linked from %s", tty->link);
	if (tty->sized)
		text_addf(text, ", %ux%u", tty->width, tty->height);
	if (tty->console && !tty->controlling)
		text_add(text, ", not controlling");
}

static void tty_write(const struct step *step, struct json_out *out)
{
	const struct tty_step *tty = container_of(step, struct tty_step, step);

	json_out_string(out, "name", tty->name);
	if (tty->path)
		json_out_string(out, "path", tty->path);
	json_out_bool(out, "controlling", tty->controlling);
}

const struct step_kind tty_kind = {
	.name = "tty",
	.describe = tty_describe,
	.write = tty_write,
	.apply = tty_apply,
	.observe = tty_observe,
};
