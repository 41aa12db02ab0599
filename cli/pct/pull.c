#include "cli/pct/pct.h"
#include "cli/pct/transfer.h"

#include "lib/err.h"
#include "lib/own.h"
#include "lib/sys.h"

#include <fcntl.h>
#include <sys/stat.h>

/* Not a pipe that nobody writes to, nor a device: the container chose what is there. */
static int open_source(struct pct *pct, const char *id, const char *path, struct err *err)
{
	cleanup_close int root_fd = container_root(&pct->runtime, id, err);
	cleanup_close int fd = -EBADF;
	struct stat st;

	if (root_fd < 0)
		return root_fd;
	fd = sys_open_in_root(root_fd, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	if (fd < 0)
		return err_set(err, fd, "failed to open %s in the container", path);
	if (fstat(fd, &st) < 0)
		return err_set(err, -errno, "look at %s", path);
	if (!S_ISREG(st.st_mode))
		return err_plain(err, -EINVAL, "%s is no regular file", path);
	return take_fd(&fd);
}

static int write_outside(struct transfer *transfer, int in_fd, struct err *err)
{
	cleanup_close int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	char here[4096];
	cleanup_(arena_free) struct arena arena = {};

	if (root_fd < 0 || !getcwd(here, sizeof(here)))
		return err_set(err, -errno, "find the current directory");
	transfer->root_fd = root_fd;
	if (*transfer->path != '/')
		transfer->path = arena_printf(&arena, "%s/%s", here, transfer->path);
	return transfer_write(transfer, in_fd, err);
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(lock_drop) struct lock lock = LOCK_NONE;
	cleanup_close int in_fd = -EBADF;
	struct transfer transfer = {.path = given->words[2]};
	const char *id = given->words[0];
	int r = pct_exists(pct, id, err);

	if (r == 0)
		r = transfer_read_options(given, &transfer, err);
	if (r == 0)
		r = etc_lock(&pct->etc, id, LOCK_SECONDS, NULL, &lock, err);
	if (r == 0 && !pct_running(pct, id))
		r = err_plain(err, -ESRCH, "can only pull files from a running VM");
	if (r < 0)
		return r;
	in_fd = open_source(pct, id, given->words[1], err);
	return in_fd < 0 ? in_fd : write_outside(&transfer, in_fd, err);
}

const struct pct_verb pct_pull = {
	.name = "pull",
	.words = "<vmid> <path> <destination>",
	.help = "copy a file out of a running container",
	.options = transfer_options,
	.words_min = 3,
	.words_max = 3,
	.run = run,
};
