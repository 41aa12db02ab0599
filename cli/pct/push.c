#include "cli/pct/pct.h"
#include "cli/pct/transfer.h"

#include "lib/err.h"
#include "lib/own.h"
#include "lib/worker.h"

#include <fcntl.h>
#include <sys/stat.h>

struct push {
	struct pct *pct;
	const char *id;
	struct transfer transfer;
	int in_fd;
};

static int write_inside(void *data, struct err *err)
{
	struct push *push = data;
	int r = container_become_root(&push->pct->runtime, push->id, err);

	return r < 0 ? r : transfer_write(&push->transfer, push->in_fd, err);
}

/* A pipe or a device, too: who calls has chosen it. */
static int open_source(const char *file, struct err *err)
{
	cleanup_close int fd = open(file, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_set(err, -errno, "failed to open %s for reading", file);
	if (S_ISDIR(st.st_mode))
		return err_plain(err, -EISDIR, "%s is a directory, no file", file);
	return take_fd(&fd);
}

static int push_file(struct push *push, const char *file, struct err *err)
{
	cleanup_close int in_fd = open_source(file, err);
	cleanup_close int root_fd = -EBADF;

	if (in_fd < 0)
		return in_fd;
	root_fd = container_root(&push->pct->runtime, push->id, err);
	if (root_fd < 0)
		return root_fd;
	push->in_fd = in_fd;
	push->transfer.root_fd = root_fd;
	return worker_run(write_inside, push, err);
}

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	cleanup_(lock_drop) struct lock lock = LOCK_NONE;
	struct push push = {.pct = pct, .id = given->words[0]};
	int r = pct_exists(pct, push.id, err);

	if (r == 0)
		r = transfer_read_options(given, &push.transfer, err);
	if (r == 0)
		r = etc_lock(&pct->etc, push.id, LOCK_SECONDS, NULL, &lock, err);
	if (r == 0 && !pct_running(pct, push.id))
		r = err_plain(err, -ESRCH, "can only push files to a running CT");
	push.transfer.path = given->words[2];
	return r < 0 ? r : push_file(&push, given->words[1], err);
}

const struct pct_verb pct_push = {
	.name = "push",
	.words = "<vmid> <file> <destination>",
	.help = "copy a file into a running container",
	.options = transfer_options,
	.words_min = 3,
	.words_max = 3,
	.run = run,
};
