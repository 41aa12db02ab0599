#include "runtime/criu_stdio.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/mountinfo.h"
#include "lib/run.h"
#include "lib/text.h"
#include "runtime/criu.h"
#include "runtime/criu_image.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char descriptors[] = "descriptors.json";

/* The mount that an open file is on. Return: -1 where the kernel doesn't say. */
static int mount_of(struct arena *arena, const struct run *look, int fd)
{
	const char *path = arena_printf(arena, "fdinfo/%d", fd), *text, *line;
	int id = -1;

	if (file_read(arena, look->pid_dir_fd, path, 0, &text, NULL, NULL) < 0)
		return -1;
	line = strstr(text, "mnt_id:");
	return line && sscanf(line, "mnt_id: %d", &id) == 1 ? id : -1;
}

static bool has_mount(const struct mountinfo *list, int id)
{
	while (list && list->id != id)
		list = list->next;
	return list;
}

/* What CRIU calls a regular file that is on no mount of the container: criu(8), --external. Return:
 * NULL for all else. */
static const char *outer_file(struct arena *arena, const struct run *look, int fd,
			      const struct mountinfo *mounts)
{
	const int mount = mount_of(arena, look, fd);
	struct stat st;

	if (has_mount(mounts, mount) ||
	    fstatat(look->pid_dir_fd, arena_printf(arena, "fd/%d", fd), &st, 0) < 0 ||
	    !S_ISREG(st.st_mode))
		return NULL;
	return arena_printf(arena, "%x:%lx", (unsigned int)mount, (unsigned long)st.st_ino);
}

/* Pipes go by the name that the kernel shows. One that is closed has none. */
static int find_name(struct arena *arena, const struct run *look, int fd, const char **name,
		     struct err *err)
{
	const char *path = arena_printf(arena, "fd/%d", fd);
	char target[PATH_MAX];
	ssize_t length = readlinkat(look->pid_dir_fd, path, target, sizeof(target));

	if (length < 0 && errno != ENOENT)
		return err_set(err, -errno, "look at descriptor %d of process %d", fd,
			       (int)look->pid);
	*name = arena_strndup(arena, target, length < 0 ? 0 : (size_t)length);
	return 0;
}

static int write_names(const struct criu_image *image, const char *const names[CRIU_STDIO],
		       struct err *err)
{
	struct json_out *out = json_out_new(false);
	cleanup_free char *text = NULL;

	json_out_strings(out, NULL, names, CRIU_STDIO);
	text = json_out_take(out);
	return file_replace(image->images_fd, descriptors, text, strlen(text), 0600, false, err);
}

int criu_stdio_leave(struct criu *criu, const struct criu_image *image, const struct run *look,
		     struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *names[CRIU_STDIO] = {"", "", ""}, *file;
	const struct mountinfo *mounts;
	int r = mountinfo_read(&arena, look->pid_dir_fd, &mounts, err);

	for (int fd = 0; r == 0 && fd < CRIU_STDIO; fd++) {
		r = find_name(&arena, look, fd, &names[fd], err);
		file = r == 0 && names[fd][0] == '/' ? outer_file(&arena, look, fd, mounts) : NULL;
		if (!file)
			continue;
		criu_external(criu, "file", file, NULL);
		names[fd] = arena_printf(&arena, "file[%s]", file);
	}
	return r < 0 ? r : write_names(image, names, err);
}

void criu_stdio_drop(const struct criu_image *image)
{
	(void)unlinkat(image->images_fd, descriptors, 0); /* there may be none yet */
}

/* Paths are of the container's own files, which are in the images. */
static bool is_left_out(const char *name)
{
	return starts_with(name, "pipe:[") || starts_with(name, "file[");
}

int criu_stdio_inherit(struct criu *criu, const struct criu_image *image, const int fds[CRIU_STDIO],
		       struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const struct json *list = NULL;
	const char *text;
	size_t length, i = 0;
	int r;

	r = file_read(&arena, image->images_fd, descriptors, 0, &text, &length, err);
	if (r == 0)
		r = json_read(&arena, descriptors, text, length, &list, err);
	if (r < 0)
		return r;
	json_each (name, list) {
		if (i < CRIU_STDIO && name->type == JSON_STRING && fds[i] >= 0 &&
		    is_left_out(name->text))
			criu_inherit(criu, name->text, fds[i]);
		i++;
	}
	return 0;
}
