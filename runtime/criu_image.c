#include "runtime/criu_image.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/file.h"
#include "oci/annotations.h"
#include "oci/spec.h"
#include "runtime/checkpoint.h"
#include "runtime/criu.h"
#include "runtime/criu_log.h"

#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>

enum { LOG_LEVEL = 4, FOLDER_MODE = 0700 };

/* Words: criu(8), --manage-cgroups. Numbers: criu_cg_mode of rpc.proto. */
static const struct cgroups_mode {
	const char *word;
	int number;
} cgroups_modes[] = {{"soft", 3}, {"full", 4}, {"strict", 5}, {"ignore", 0}};

static const struct {
	enum criu_flag flag;
	enum criu_option option;
} flags[] = {
	{CRIU_FLAG_TCP_ESTABLISHED, CRIU_TCP_ESTABLISHED},
	{CRIU_FLAG_TCP_SKIP_IN_FLIGHT, CRIU_TCP_SKIP_IN_FLIGHT},
	{CRIU_FLAG_TCP_CLOSE, CRIU_TCP_CLOSE},
	{CRIU_FLAG_EXT_UNIX_SK, CRIU_EXT_UNIX_SK},
	{CRIU_FLAG_SHELL_JOB, CRIU_SHELL_JOB},
	{CRIU_FLAG_FILE_LOCKS, CRIU_FILE_LOCKS},
	{CRIU_FLAG_LINK_REMAP, CRIU_LINK_REMAP},
	{CRIU_FLAG_AUTO_DEDUP, CRIU_AUTO_DEDUP},
};

/* What further options are read from where no annotation names a file; the first that is there. */
static const char *const config_files[] = {"/etc/criu/pctrun.conf", "/etc/criu/runc.conf"};

static int make_folder(const char *path, bool *made, struct err *err)
{
	const bool there = access(path, F_OK) == 0;
	const int r = make_dirs(path, FOLDER_MODE, err);

	*made = r == 0 && !there;
	return r;
}

static int open_folder(struct arena *arena, const char *path, int *fd, const char **absolute,
		       struct err *err)
{
	char resolved[PATH_MAX];

	*fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*fd < 0 || !realpath(path, resolved))
		return err_set(err, -errno, "open %s", path);
	*absolute = arena_strdup(arena, resolved);
	return 0;
}

static int open_both(struct arena *arena, const struct criu_options *options, bool make,
		     struct criu_image *image, struct err *err)
{
	const char *images = options->image_path ? options->image_path : "checkpoint";
	const char *work = options->work_path ? options->work_path : images;
	int r = make ? make_folder(images, &image->images_made, err) : 0;

	if (r == 0)
		r = open_folder(arena, images, &image->images_fd, &image->images_path, err);
	if (r == -ENOENT)
		err_hint(err, "--image-path names the folder of the images");
	if (r == 0)
		r = make_folder(work, &image->work_made, err);
	return r < 0 ? r : open_folder(arena, work, &image->work_fd, &image->work_path, err);
}

int criu_image_make(struct arena *arena, const struct criu_options *options,
		    struct criu_image *image, struct err *err)
{
	*image = (struct criu_image){.images_fd = -EBADF, .work_fd = -EBADF, .log = "dump.log"};
	return open_both(arena, options, true, image, err);
}

int criu_image_open(struct arena *arena, const struct criu_options *options,
		    struct criu_image *image, struct err *err)
{
	int r;

	*image = (struct criu_image){.images_fd = -EBADF, .work_fd = -EBADF, .log = "restore.log"};
	r = open_both(arena, options, false, image, err);
	if (r == 0 && faccessat(image->images_fd, "inventory.img", F_OK, 0) < 0)
		r = err_plain(err, -ENOENT, "%s has no images of a checkpoint",
			      options->image_path ? options->image_path : "./checkpoint");
	return r;
}

int criu_image_enter(const struct criu_image *image, int fds[2], struct err *err)
{
	const char *const paths[] = {image->images_path, image->work_path};

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		fds[i] = open(paths[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fds[i] < 0)
			return err_set(err, -errno, "open %s", paths[i]);
	}
	return 0;
}

void criu_image_drop(const struct criu_image *image)
{
	/* What isn't empty stays. */
	if (image->images_made && image->images_path)
		(void)rmdir(image->images_path);
	if (image->work_made && image->work_path)
		(void)rmdir(image->work_path);
}

void criu_image_close(struct criu_image *image)
{
	criu_image_close_to_group(image);
	image->images_fd = close_fd(image->images_fd);
	image->work_fd = close_fd(image->work_fd);
}

static int set_cgroups_mode(const char *word, struct criu *criu, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(cgroups_modes); i++)
		if (!word || strcmp(cgroups_modes[i].word, word) == 0) {
			criu_set(criu, CRIU_MANAGE_CGROUPS_MODE, cgroups_modes[i].number);
			return 0;
		}
	return err_plain(err, -EINVAL,
			 "--manage-cgroups-mode: '%s' is none of soft, full, strict, ignore", word);
}

/* An empty name stands for none. */
static void set_config_file(const struct oci_map *annotations, struct criu *criu)
{
	const char *named = oci_map_find(annotations, ANNOTATION_CRIU_CONFIG);

	for (size_t i = 0; !named && i < ARRAY_SIZE(config_files); i++)
		if (access(config_files[i], F_OK) == 0)
			named = config_files[i];
	if (named && *named)
		criu_set_text(criu, CRIU_CONFIG_FILE, named);
}

int criu_image_options(const struct criu_image *image, const struct criu_options *options,
		       const struct oci_map *annotations, struct criu *criu, struct err *err)
{
	criu_set(criu, CRIU_IMAGES_DIR_FD, image->images_fd);
	criu_set(criu, CRIU_WORK_DIR_FD, image->work_fd);
	criu_set(criu, CRIU_LOG_LEVEL, LOG_LEVEL);
	criu_set_text(criu, CRIU_LOG_FILE, image->log);
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (options->flags & flags[i].flag)
			criu_set(criu, flags[i].option, true);
	if (options->empty_network)
		criu_set(criu, CRIU_EMPTY_NS, CLONE_NEWNET);
	set_config_file(annotations, criu);
	return set_cgroups_mode(options->cgroups_mode, criu, err);
}

void criu_image_failed(const struct criu_image *image, const struct criu *criu, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text reason = {};
	const char *log;

	if (!criu->failed || file_read(&arena, image->work_fd, image->log, 0, &log, NULL, NULL) < 0)
		return;
	criu_log_reason(log, &reason);
	if (reason.length)
		err_plain(err, -EIO, "CRIU failed: %s", text_str(&reason));
	/* It knows the vDSO of kernels that were there before it. */
	if (strcasestr(text_str(&reason), "vdso"))
		err_hint(err,
			 "`criu check` says whether CRIU works on this kernel; its log is "
			 "%s/%s",
			 image->work_path, image->log);
	err_hint(err, "its log is %s/%s", image->work_path, image->log);
}
