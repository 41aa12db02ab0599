#include "pve/create/root.h"

#include "lib/err.h"
#include "lib/worker.h"
#include "pve/create/parts.h"
#include "pve/setup/setup.h"
#include "pve/template/template.h"
#include "pve/volumes/staged.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

/*
 * A child process in its own mount namespace puts the volumes together twice: as the container
 * sees them, for the archive, whose members are the container's own; then with the ids that are on
 * them, for the guest's set-up, which is the host's root.
 */

/* What the child found in the root: in memory that it shares with us. */
struct found {
	char ostype[32];
	char arch[32];
};

struct filling {
	const struct create_root *root;
	struct found *found;
};

static int extract(const struct create_root *root, struct staged *staged, int archive_fd,
		   struct err *err)
{
	const struct create_request *request = root->request;
	cleanup_close int root_fd = mounts_join(staged, true, err);
	const struct template_request template = {
		.archive = root->archive,
		.fd = archive_fd,
		.root_fd = root_fd,
		.map = root->map,
		.ignore_errors = request->ignore_errors,
		.bwlimit = root->bwlimit,
		.warn = request->warn,
		.progress = request->progress,
		.data = request->data,
	};
	int r = root_fd < 0 ? root_fd : template_extract(&template, err);

	return r < 0 ? r : mounts_leave(staged, err);
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

static int set_up(const struct filling *filling, struct staged *staged, struct err *err)
{
	const struct create_root *root = filling->root;
	cleanup_(arena_free) struct arena arena = {};
	cleanup_close int root_fd = mounts_join(staged, false, err);
	struct setup setup = {
		.root_fd = root_fd,
		.conf = root->conf,
		.ostype = filling->found->ostype,
		.warn = root->request->warn,
		.warn_data = root->request->data,
		.uid = root->volumes->root_uid,
		.gid = root->volumes->root_gid,
	};
	const struct setup_first first = {
		.password = root->request->password,
		.keys = root->request->keys,
	};
	int r = root_fd < 0 ? root_fd : find_out(filling, root_fd, err);

	if (r < 0)
		return r;
	setup_ask_host(&arena, &setup);
	return setup_create(&setup, &first, err);
}

static int fill(void *data, struct err *err)
{
	const struct filling *filling = data;
	const struct create_root *root = filling->root;
	struct staged staged = {.place = root->place, .map = root->map};
	cleanup_close int archive_fd = template_open(root->archive, err);
	int r = archive_fd < 0 ? archive_fd : worker_hide_mounts(err);

	if (r == 0)
		r = mounts_stage(&staged, root->volumes, err);
	if (r == 0)
		r = extract(root, &staged, archive_fd, err);
	return r < 0 ? r : set_up(filling, &staged, err);
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
	int r;

	filling.found = mmap(NULL, sizeof(*filling.found), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (filling.found == MAP_FAILED)
		return err_set(err, -errno, "share memory with a child process");
	r = worker_run(fill, &filling, err);
	if (r == 0)
		keep_found(root->conf, filling.found);
	(void)munmap(filling.found, sizeof(*filling.found));
	return r;
}
