#include "cli/pct/transfer.h"

#include "lib/copy.h"
#include "lib/err.h"
#include "lib/own.h"
#include "lib/sys.h"
#include "lib/text.h"
#include "pve/guest/guest.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const struct option_row transfer_options[] = {
	{"user", 0, "USER", "owner of the new file: a name or a number"},
	{"group", 0, "GROUP", "its group"},
	{"perms", 0, "MODE", "its permissions, in octal"},
	{},
};

enum { PERMS_MAX = 07777 };

struct owner {
	unsigned int uid, gid; /* -1: stays */
};

/* Octal with a zero before it or without, "0x" for hexadecimal. */
static int read_perms(const char *text, struct opt_u64 *perms, struct err *err)
{
	bool hexadecimal = starts_with(text, "0x");
	char *end;

	perms->value = strtoul(text, &end, hexadecimal ? 16 : 8);
	perms->set = end > text && !*end && *text != '-' && perms->value <= PERMS_MAX;
	return perms->set ? 0 : err_plain(err, -EINVAL, "invalid mode: '%s'", text);
}

int transfer_read_options(const struct options *given, struct transfer *transfer, struct err *err)
{
	const char *perms = option_value(given, "perms");

	transfer->user = option_value(given, "user");
	transfer->group = option_value(given, "group");
	return perms ? read_perms(perms, &transfer->perms, err) : 0;
}

/* A new one has no rights until it has all of them. */
static int open_target(const struct transfer *transfer, bool *made, struct err *err)
{
	const int flags = O_WRONLY | O_CREAT | O_NOCTTY;
	int fd = sys_open_in_root(transfer->root_fd, transfer->path, flags | O_EXCL, 0);

	*made = fd >= 0;
	if (fd == -EEXIST)
		fd = sys_open_in_root(transfer->root_fd, transfer->path, flags | O_NONBLOCK, 0);
	return fd < 0 ? err_set(err, fd, "failed to create file: %s", transfer->path) : fd;
}

/* A file without a name in the target's folder. Return: -EOPNOTSUPP where there are none. */
static int open_beside(const struct transfer *transfer)
{
	const char *name = strrchr(transfer->path, '/');
	char folder[PATH_MAX];

	(void)snprintf(folder, sizeof(folder), "%.*s/", name ? (int)(name - transfer->path) : 0,
		       transfer->path);
	return sys_open_in_root(transfer->root_fd, folder, O_TMPFILE | O_RDWR, 0600);
}

static int can_be_read(int in_fd)
{
	char first;

	return pread(in_fd, &first, 1, 0) >= 0 || errno == ESPIPE ? 0 : -errno;
}

/* What is there is emptied when all that comes in its place has been read: it stays the same file,
 * for whoever has it open or linked. */
static int overwrite(const struct transfer *transfer, int in_fd, int fd, struct err *err)
{
	cleanup_close int beside_fd = open_beside(transfer);
	int r = beside_fd >= 0 ? copy_data(in_fd, beside_fd) : can_be_read(in_fd);

	if (r < 0)
		return err_set(err, r, "copy to %s, which stays as it is", transfer->path);
	if (beside_fd >= 0 && lseek(beside_fd, 0, SEEK_SET) < 0)
		return err_set(err, -errno, "copy to %s", transfer->path);
	if (ftruncate(fd, 0) < 0 && errno != EINVAL) /* that is what no file says */
		return err_set(err, -errno, "empty %s", transfer->path);
	r = copy_data(beside_fd >= 0 ? beside_fd : in_fd, fd);
	return r < 0 ? err_set(err, r, "copy to %s", transfer->path) : 0;
}

static int fill(const struct transfer *transfer, int in_fd, int fd, bool made, struct err *err)
{
	int r;

	if (!made)
		return overwrite(transfer, in_fd, fd, err);
	r = copy_data(in_fd, fd);
	return r < 0 ? err_set(err, r, "copy to %s", transfer->path) : 0;
}

static int set_mode(const struct transfer *transfer, int fd, bool made, struct err *err)
{
	const mode_t mask = umask(0);
	mode_t mode = transfer->perms.set ? (mode_t)transfer->perms.value : 0666 & ~mask;

	(void)umask(mask);
	if ((made || transfer->perms.set) && fchmod(fd, mode) < 0)
		return err_set(err, -errno, "set the mode of %s", transfer->path);
	return 0;
}

static int find_id(const struct transfer *transfer, const char *path, const char *name,
		   const char *kind, unsigned int *id, struct err *err)
{
	const struct guest guest = {.root_fd = transfer->root_fd};

	*id = (unsigned int)-1;
	if (!name || guest_id(&guest, path, name, id) == 0)
		return 0;
	return err_plain(err, -EINVAL, "failed to get %s for: %s", kind, name);
}

static int find_owner(const struct transfer *transfer, struct owner *owner, struct err *err)
{
	int r = find_id(transfer, "/etc/passwd", transfer->user, "uid", &owner->uid, err);

	return r < 0 ? r
		     : find_id(transfer, "/etc/group", transfer->group, "gid", &owner->gid, err);
}

static int set_owner(const struct transfer *transfer, int fd, const struct owner *owner,
		     struct err *err)
{
	if ((transfer->user || transfer->group) && fchown(fd, owner->uid, owner->gid) < 0)
		return err_set(err, -errno, "set the owner of %s", transfer->path);
	return 0;
}

int transfer_write(const struct transfer *transfer, int in_fd, struct err *err)
{
	const struct guest guest = {.root_fd = transfer->root_fd};
	cleanup_close int fd = -EBADF;
	struct owner owner;
	bool made;
	int r = find_owner(transfer, &owner, err);

	if (r < 0)
		return r;
	fd = open_target(transfer, &made, err);
	if (fd < 0)
		return fd;
	r = fill(transfer, in_fd, fd, made, err);
	if (r == 0)
		r = set_owner(transfer, fd, &owner, err);
	if (r == 0) /* a change of the owner takes set-user-id bits away */
		r = set_mode(transfer, fd, made, err);
	if (r < 0 && made)
		(void)guest_remove(&guest, transfer->path, NULL); /* the first failure counts */
	return r;
}
