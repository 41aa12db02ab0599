#include "runtime/criu_image.h"

#include "lib/err.h"
#include "lib/json.h"
#include "lib/own.h"
#include "lib/run.h"
#include "lib/step.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/stat.h>

/*
 * The folder of the images is lent to a group for as long as CRIU reads. It is the user's: a
 * restore that is killed leaves its mode and group in the journal, for who removes the rest of it.
 */

/** struct loan - to whom which folder is lent, and how it was before */
struct loan {
	uint64_t device, inode, mode, group, to;
};

static const struct {
	const char *name;
	size_t offset;
} members[] = {
	{"device", offsetof(struct loan, device)}, {"inode", offsetof(struct loan, inode)},
	{"mode", offsetof(struct loan, mode)},     {"group", offsetof(struct loan, group)},
	{"to", offsetof(struct loan, to)},
};

static uint64_t *member(struct loan *loan, size_t index)
{
	return (uint64_t *)((char *)loan + members[index].offset);
}

static int note(const char *path, struct loan *loan, struct journal *journal, struct err *err)
{
	struct json_out *out = json_out_new(false);

	json_out_object(out, NULL);
	json_out_string(out, "path", path);
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		json_out_u64(out, members[i].name, *member(loan, i));
	json_out_end(out);
	return journal_add(journal, criu_image_kind.name, out, err);
}

int criu_image_let_in(struct criu_image *image, gid_t group, struct journal *journal,
		      struct err *err)
{
	struct loan loan;
	struct stat st;
	int r;

	if (fstat(image->images_fd, &st) < 0)
		return err_set(err, -errno, "look at %s", image->images_path);
	if (st.st_mode & S_IXOTH)
		return 0;
	loan = (struct loan){st.st_dev, st.st_ino, st.st_mode & 07777, st.st_gid, group};
	r = note(image->images_path, &loan, journal, err);
	if (r < 0)
		return r;
	image->open_to_group = true;
	image->mode = st.st_mode & 07777;
	image->group = st.st_gid;
	if (fchown(image->images_fd, (uid_t)-1, group) < 0 ||
	    fchmod(image->images_fd, image->mode | S_IXGRP) < 0)
		return err_set(err, -errno, "let group %u into %s", group, image->images_path);
	return 0;
}

static void give_back(int fd, mode_t mode, gid_t group)
{
	(void)fchmod(fd, mode); /* what has been done is no worse for it */
	(void)fchown(fd, (uid_t)-1, group);
}

void criu_image_close_to_group(struct criu_image *image)
{
	if (image->open_to_group)
		give_back(image->images_fd, image->mode, image->group);
	image->open_to_group = false;
}

/* Whoever has changed it since then has the last word. */
static bool is_lent(int fd, const struct loan *loan)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_dev == loan->device && st.st_ino == loan->inode &&
	       st.st_gid == loan->to && (st.st_mode & 07777 & ~S_IXGRP) == (loan->mode & ~S_IXGRP);
}

static int undo(const struct json *record, struct run *run, struct err *err)
{
	const char *path = json_string(record, "path");
	cleanup_close int fd = -EBADF;
	struct loan loan = {};

	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		if (json_u64(json_find(record, members[i].name), member(&loan, i)) < 0)
			return err_plain(err, -EBADMSG, "journal: no %s", members[i].name);
	fd = path ? open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -EBADF;
	if (fd >= 0 && is_lent(fd, &loan))
		give_back(fd, (mode_t)loan.mode, (gid_t)loan.group);
	return 0;
}

const struct step_kind criu_image_kind = {.name = "criu.image", .undo = undo};
