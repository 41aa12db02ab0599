#include "pve/template/template.h"

#include "lib/err.h"
#include "pve/template/unpack.h"
#include "pve/volumes/shifted.h"

#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/*
 * The child reads the archive through a descriptor that was opened outside, and sees nothing but
 * the directory it extracts into: it has the container's ids, and chroot(2) into the directory.
 */

static const char *const suffixes[] = {".tar", ".tar.gz", ".tar.xz", ".tar.zst", ".tar.bz2"};

/* Does it end as an archive's does? */
static bool is_archive_name(const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
		size_t suffix = strlen(suffixes[i]);

		if (length > suffix && strcasecmp(name + length - suffix, suffixes[i]) == 0)
			return true;
	}
	return false;
}

struct extraction {
	const struct template_request *request;
	struct unpack unpack;
};

static int enter_root(int root_fd, struct err *err)
{
	if (fchdir(root_fd) < 0 || chroot(".") < 0)
		return err_set(err, -errno, "make the directory to extract into the root");
	(void)umask(0); /* never fails */
	return 0;
}

static int extract(void *data, struct err *err)
{
	struct extraction *extraction = data;
	int r;

	/* Names are bytes: in this locale they are not converted, and no module for it is loaded
	 * from the new root. */
	if (!setlocale(LC_ALL, "C.UTF-8"))
		return err_plain(err, -ENOTSUP, "the C library has no locale C.UTF-8");
	r = enter_root(extraction->request->root_fd, err);
	return r < 0 ? r : unpack_archive(&extraction->unpack, err);
}

int template_open(const char *archive, struct err *err)
{
	cleanup_close int fd = open(archive, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return err_set(err, -errno, "template %s", archive);
	if (fstat(fd, &st) < 0)
		return err_set(err, -errno, "template %s", archive);
	if (S_ISREG(st.st_mode) && is_archive_name(archive))
		return take_fd(&fd);
	err_plain(err, -EINVAL, "file does not look like a template archive: %s", archive);
	err_hint(err, "it has to be a .tar, .tar.gz, .tar.xz, .tar.zst or .tar.bz2");
	return -EINVAL;
}

int template_extract(const struct template_request *request, struct err *err)
{
	struct extraction extraction = {.request = request};
	struct stat st;
	int r;

	if (fstat(request->fd, &st) < 0)
		return err_set(err, -errno, "look at %s", request->archive);
	extraction.unpack = (struct unpack){
		.fd = request->fd,
		.total = (uint64_t)st.st_size,
		.map = request->map && idmap_has(request->map) ? request->map : NULL,
		.ignore_errors = request->ignore_errors,
		.bwlimit = request->bwlimit,
		.warn = request->warn,
		.progress = request->progress,
		.data = request->data,
	};
	r = shifted_run(extraction.unpack.map, extract, &extraction, err);
	if (r < 0)
		err_add(err, "extract %s", request->archive);
	return r;
}
