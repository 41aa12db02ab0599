#include "cli/pct_transfer.h"

#include "lib/copy.h"
#include "lib/err.h"
#include "lib/own.h"
#include "lib/sys.h"
#include "lib/text.h"
#include "pve/guest.h"

#include <fcntl.h>
#include <stdlib.h>
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
		fd = sys_open_in_root(transfer->root_fd, transfer->path,
				      flags | O_TRUNC | O_NONBLOCK, 0);
	return fd < 0 ? err_set(err, fd, "failed to create file: %s", transfer->path) : fd;
}

/* Before a file that is there is emptied for it. */
static int check_source(int in_fd, const struct transfer *transfer, struct err *err)
{
	char first;

	return pread(in_fd, &first, 1, 0) >= 0 || errno == ESPIPE
		       ? 0
		       : err_set(err, -errno, "copy to %s: read the source", transfer->path);
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

	if (r == 0)
		r = check_source(in_fd, transfer, err);
	if (r < 0)
		return r;
	fd = open_target(transfer, &made, err);
	if (fd < 0)
		return fd;
	r = copy_data(in_fd, fd);
	if (r < 0)
		err_set(err, r, "copy to %s", transfer->path);
	if (r == 0)
		r = set_owner(transfer, fd, &owner, err);
	if (r == 0) /* a change of the owner takes set-user-id bits away */
		r = set_mode(transfer, fd, made, err);
	if (r < 0 && made)
		(void)guest_remove(&guest, transfer->path, NULL); /* the first failure counts */
	return r;
}
