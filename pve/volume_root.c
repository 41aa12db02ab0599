#include "pve/volume_root.h"

#include "lib/err.h"
#include "lib/own.h"
#include "lib/process.h"
#include "lib/worker.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>

struct visit {
	const char *volume;
	char folder[32]; /* where it is mounted; "": it is a directory */
	int (*work)(void *data, int root_fd, struct err *err);
	void *data;
};

/* Nothing that is mounted here is seen by, or stays for, anybody else. */
static int mount_volume(const struct visit *visit, struct err *err)
{
	struct stat st;
	bool image = stat(visit->volume, &st) == 0 && S_ISREG(st.st_mode);
	const char *const argv[] = {"mount",       "-o",          image ? "loop" : "rw",
				    visit->volume, visit->folder, NULL};

	if (unshare(CLONE_NEWNS) < 0)
		return err_set(err, -errno, "make a mount namespace");
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return err_set(err, -errno, "keep mounts to ourselves");
	return process_run(argv, NULL, err);
}

static int visit_root(void *data, struct err *err)
{
	const struct visit *visit = data;
	cleanup_close int root_fd = -EBADF;
	const char *top = *visit->folder ? visit->folder : visit->volume;
	int r = *visit->folder ? mount_volume(visit, err) : 0;

	if (r < 0)
		return r;
	root_fd = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0)
		return err_set(err, -errno, "open %s", top);
	return visit->work(visit->data, root_fd, err);
}

static int choose_folder(struct visit *visit, struct err *err)
{
	struct stat st;

	if (stat(visit->volume, &st) < 0)
		return err_set(err, -errno, "look at %s", visit->volume);
	if (S_ISDIR(st.st_mode))
		return 0;
	(void)snprintf(visit->folder, sizeof(visit->folder), "/run/pctrun-volume.XXXXXX");
	if (!mkdtemp(visit->folder))
		return err_set(err, -errno, "make a mount point in /run");
	return 0;
}

int volume_root_with(const char *volume, int (*work)(void *data, int root_fd, struct err *err),
		     void *data, struct err *err)
{
	struct visit visit = {.volume = volume, .work = work, .data = data};
	int r = choose_folder(&visit, err);

	if (r < 0)
		return r;
	r = worker_run(visit_root, &visit, err);
	if (*visit.folder)
		(void)rmdir(visit.folder); /* empty again: the mount ended with the child */
	return r;
}
