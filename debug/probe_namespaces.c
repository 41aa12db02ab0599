#include "debug/probe_parts.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/fs.h"
#include "lib/sys.h"
#include "lib/userns.h"
#include "lib/worker.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/mount.h>
#include <stdio.h>
#include <sys/inotify.h>

/* The ids of an unprivileged container, where nothing says others. */
#define USUAL_MAP "0 100000 65536"

enum { USUAL_ROOT = 100000, INSTANCES_WANTED = 16, TENTH = 10 };

int probe_userns(const struct probing *probing, struct text *text)
{
	cleanup_close int fd = -EBADF;
	struct err err = {};

	fd = userns_new(USUAL_MAP, USUAL_MAP, &err);
	if (fd >= 0) {
		text_add(text, "one with ids 100000 to 165535 was made");
		return 0;
	}
	err_hint(&err, "see user.max_user_namespaces, and CAP_SETUID of the caller");
	return probe_failed(text, &err);
}

int probe_idmap(const struct probing *probing, const char *path, struct text *text)
{
	cleanup_close int userns_fd = -EBADF, tree_fd = -EBADF;
	struct mount_attr attr = {.attr_set = MOUNT_ATTR_IDMAP};
	struct err err = {};
	const char *type;
	int r;

	userns_fd = userns_new(USUAL_MAP, USUAL_MAP, &err);
	if (userns_fd < 0)
		return probe_failed(text, &err);
	tree_fd = sys_open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (tree_fd < 0) {
		err_set(&err, tree_fd, "open %s", path);
		return probe_failed(text, &err);
	}
	type = fs_name(tree_fd);
	attr.userns_fd = (uint64_t)userns_fd;
	r = sys_mount_setattr(tree_fd, "", AT_EMPTY_PATH, &attr);
	text_addf(text,
		  r < 0 ? "%s, on %s, can't be mounted with an id map: idmap= and --shift-free "
			  "don't work there"
			: "%s, on %s, can be mounted with an id map",
		  path, type ? type : "an unknown file system");
	return r;
}

/* ---------------------------------------------------------------- what one user of all may have */

static int make_watches(void *data, struct err *err)
{
	int r = 0;

	if (setgroups(0, NULL) < 0 || setresgid(USUAL_ROOT, USUAL_ROOT, USUAL_ROOT) < 0 ||
	    setresuid(USUAL_ROOT, USUAL_ROOT, USUAL_ROOT) < 0)
		return err_set(err, -errno, "become user %d", USUAL_ROOT);
	for (int i = 0; r >= 0 && i < INSTANCES_WANTED; i++)
		r = inotify_init1(IN_CLOEXEC);
	return r < 0 ? err_set(err, -errno, "watch files as user %d", USUAL_ROOT) : 0;
}

int probe_inotify(const struct probing *probing, struct text *text)
{
	char most[32] = "?";
	struct err err = {};
	int r = worker_run(make_watches, NULL, &err);

	(void)file_line(AT_FDCWD, "/proc/sys/fs/inotify/max_user_instances", most, sizeof(most));
	if (r == 0) {
		text_addf(text, "user %d may have %d instances more, of %s", USUAL_ROOT,
			  INSTANCES_WANTED, most);
		return 0;
	}
	if (err.num == EMFILE)
		err_hint(&err,
			 "raise fs.inotify.max_user_instances: it is %s for all containers "
			 "with the same ids",
			 most);
	return probe_failed(text, &err);
}

/* proc_key-users(5): "100000: 5 5/5 3/200 60/20000": keys used and allowed. */
static bool keys_of(FILE *file, unsigned int uid, unsigned long *used, unsigned long *most)
{
	char line[256];
	unsigned int owner;

	while (fgets(line, sizeof(line), file))
		if (sscanf(line, " %u: %*u %*u/%*u %lu/%lu", &owner, used, most) == 3 &&
		    owner == uid)
			return true;
	return false;
}

int probe_keys(const struct probing *probing, struct text *text)
{
	FILE *file = fopen("/proc/key-users", "re");
	unsigned long used = 0, most = 0;
	bool known = file && keys_of(file, USUAL_ROOT, &used, &most);

	if (file)
		(void)fclose(file);
	if (!known) {
		text_addf(text, "user %d has none", USUAL_ROOT);
		return 0;
	}
	text_addf(text, "user %d has %lu of %lu", USUAL_ROOT, used, most);
	if (used + most / TENTH < most)
		return 0;
	text_add(text, ": raise kernel.keys.maxkeys, or the next containers have no keyring");
	return -EDQUOT;
}
