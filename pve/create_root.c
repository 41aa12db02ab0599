#include "pve/create_root.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/process.h"
#include "lib/worker.h"
#include "pve/idmap.h"
#include "pve/setup.h"
#include "pve/template.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>

/* What the child found in the root: in memory that it shares with us. */
struct found {
	char ostype[32];
	char arch[32];
};

struct filling {
	const struct create_root *root;
	struct found *found;
	char folder[32]; /* where an image is mounted; "": it is a directory */
};

/* Nothing that is mounted here is seen by, or stays for, anybody else. */
static int mount_image(const struct filling *filling, struct err *err)
{
	const char *const argv[] = {"mount",         "-o", "loop", filling->root->volume,
				    filling->folder, NULL};

	if (unshare(CLONE_NEWNS) < 0)
		return err_set(err, -errno, "make a mount namespace");
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return err_set(err, -errno, "keep mounts to ourselves");
	return process_run(argv, NULL, err);
}

static int set_up(const struct filling *filling, int root_fd, struct err *err)
{
	const struct create_root *root = filling->root;
	cleanup_(arena_free) struct arena arena = {};
	struct setup setup = {
		.root_fd = root_fd,
		.conf = root->conf,
		.uid = root->map ? idmap_root(&root->map->uid) : 0,
		.gid = root->map ? idmap_root(&root->map->gid) : 0,
	};
	const struct setup_first first = {.password = root->password, .keys = root->keys};

	/* A host without the file has no name servers to hand on. */
	(void)file_read(&arena, AT_FDCWD, "/etc/resolv.conf", 0, &setup.resolv_conf, NULL, NULL);
	return setup_create(&setup, &first, err);
}

static int find_out(const struct filling *filling, int root_fd, struct err *err)
{
	struct pve_conf *conf = filling->root->conf;
	const struct pve_entry *given = conf_find(&conf->main, "ostype");
	const char *ostype = given ? given->value : NULL, *arch;
	int r = 0;

	if (!ostype || strcmp(ostype, "unmanaged") != 0)
		r = setup_ostype(root_fd, &ostype, err);
	if (r < 0)
		return r;
	arch = setup_arch(root_fd);
	(void)snprintf(filling->found->ostype, sizeof(filling->found->ostype), "%s", ostype);
	(void)snprintf(filling->found->arch, sizeof(filling->found->arch), "%s",
		       arch ? arch : "amd64");
	conf_set(conf, &conf->main, "ostype", ostype);
	return 0;
}

static int fill(void *data, struct err *err)
{
	const struct filling *filling = data;
	const struct create_root *root = filling->root;
	struct template_request template = {
		.archive = root->archive,
		.map = root->map,
		.progress = root->progress,
		.data = root->data,
	};
	cleanup_close int root_fd = -EBADF;
	const char *top = *filling->folder ? filling->folder : root->volume;
	int r = *filling->folder ? mount_image(filling, err) : 0;

	if (r < 0)
		return r;
	root_fd = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0)
		return err_set(err, -errno, "open %s", top);
	template.root_fd = root_fd;
	r = template_extract(&template, err);
	if (r == 0)
		r = find_out(filling, root_fd, err);
	return r < 0 ? r : set_up(filling, root_fd, err);
}

static int choose_folder(struct filling *filling, struct err *err)
{
	struct stat st;

	if (stat(filling->root->volume, &st) < 0)
		return err_set(err, -errno, "look at %s", filling->root->volume);
	if (S_ISDIR(st.st_mode))
		return 0;
	(void)snprintf(filling->folder, sizeof(filling->folder), "/run/pctrun-create.XXXXXX");
	if (!mkdtemp(filling->folder))
		return err_set(err, -errno, "make a mount point in /run");
	return 0;
}

static void keep_found(struct pve_conf *conf, const struct found *found)
{
	conf_set(conf, &conf->main, "ostype", found->ostype);
	if (!conf_find(&conf->main, "arch"))
		conf_set(conf, &conf->main, "arch", found->arch);
}

int create_root_fill(const struct create_root *root, struct err *err)
{
	struct filling filling = {.root = root};
	int r = choose_folder(&filling, err);

	if (r < 0)
		return r;
	filling.found = mmap(NULL, sizeof(*filling.found), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (filling.found == MAP_FAILED)
		r = err_set(err, -errno, "share memory with a child process");
	else
		r = worker_run(fill, &filling, err);
	if (*filling.folder)
		(void)rmdir(filling.folder); /* empty again: the mount ended with the child */
	if (filling.found != MAP_FAILED) {
		if (r == 0)
			keep_found(root->conf, filling.found);
		(void)munmap(filling.found, sizeof(*filling.found));
	}
	return r;
}
