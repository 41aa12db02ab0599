#include "cgroup/rdt.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/run.h"
#include "lib/text.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const struct rdt_step *rdt_of(const struct step *step)
{
	return container_of(step, struct rdt_step, step);
}

static int open_group(const struct rdt_step *rdt)
{
	char path[PATH_MAX];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", rdt->root, rdt->group);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

/* The kernel says in words what it disliked. */
static int failed(const struct rdt_step *rdt, int r, struct err *err, const char *what)
{
	char path[PATH_MAX], status[256];

	(void)snprintf(path, sizeof(path), "%s/info/last_cmd_status", rdt->root);
	if (file_line(AT_FDCWD, path, status, sizeof(status)) > 0 && strcmp(status, "ok") != 0)
		return err_set(err, r, "%s: %s", what, status);
	err_set(err, r, "%s", what);
	if (r == -ENOSPC)
		err_hint(err, "the processor has no class of service left");
	return r;
}

/* Return: 1 where it was made, 0 where it was there. */
static int make_group(const struct rdt_step *rdt, struct err *err)
{
	char path[PATH_MAX];

	if (!*rdt->group)
		return 0;
	(void)snprintf(path, sizeof(path), "%s/%s", rdt->root, rdt->group);
	if (rdt->named && !*rdt->schemata) /* only to be used */
		return access(path, F_OK) < 0 ? err_set(err, -errno, "look for the group") : 0;
	if (mkdir(path, 0755) == 0)
		return 1;
	return errno == EEXIST ? 0 : failed(rdt, -errno, err, "make the group");
}

static int set_limits(const struct rdt_step *rdt, int group_fd, bool made, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *seen;
	int r;

	if (!*rdt->schemata)
		return 0;
	if (made || !rdt->named) {
		r = file_write(group_fd, "schemata", rdt->schemata);
		return r < 0 ? failed(rdt, r, err, "write schemata") : 0;
	}
	r = file_read(&arena, group_fd, "schemata", 0, &seen, NULL, err);
	if (r == 0 && !rdt_schemata_hold(seen, rdt->schemata))
		r = err_plain(err, -EINVAL, "it is there already, with other limits");
	return r;
}

static int make_counter(const struct rdt_step *rdt, int group_fd, struct err *err)
{
	char path[PATH_MAX];

	if (!rdt->counter)
		return 0;
	(void)snprintf(path, sizeof(path), "mon_groups/%s", rdt->counter);
	return mkdirat(group_fd, path, 0755) < 0 && errno != EEXIST
		       ? failed(rdt, -errno, err, "make the group that counts")
		       : 0;
}

static int remove_group(const char *root, const char *group, const char *counter, struct err *err)
{
	char path[PATH_MAX];

	if (counter)
		(void)snprintf(path, sizeof(path), "%s/%s/mon_groups/%s", root, group, counter);
	else
		(void)snprintf(path, sizeof(path), "%s/%s", root, group);
	return rmdir(path) < 0 && errno != ENOENT ? err_set(err, -errno, "remove %s", path) : 0;
}

int rdt_group_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct rdt_step *rdt = rdt_of(step);
	cleanup_close int group_fd = -EBADF;
	int made = make_group(rdt, err), r;

	if (made < 0)
		return made;
	group_fd = open_group(rdt);
	if (group_fd < 0)
		return err_set(err, group_fd, "open the group");
	r = set_limits(rdt, group_fd, made, err);
	if (r == 0)
		r = make_counter(rdt, group_fd, err);
	if (r < 0 && made)
		(void)remove_group(rdt->root, rdt->group, NULL,
				   NULL); /* the first failure counts */
	return r;
}

int rdt_group_undo(const struct json *record, struct run *run, struct err *err)
{
	const char *root = json_string(record, "root"), *group = json_string(record, "group"),
		   *counter = json_string(record, "counter");
	const struct json *named = json_find(record, "named");
	int r = 0;

	if (!root || !group || !named)
		return err_plain(err, -EINVAL, "the journal names no group");
	if (counter)
		r = remove_group(root, group, counter, err);
	if (r == 0 && !named->boolean)
		r = remove_group(root, group, NULL, err);
	return r;
}

static int add_task(const struct rdt_step *rdt, int group_fd, const char *file, pid_t pid,
		    struct err *err)
{
	char text[16];
	int r;

	(void)snprintf(text, sizeof(text), "%d", (int)pid);
	r = file_write(group_fd, file, text);
	return r < 0 ? failed(rdt, r, err, "add the process") : 0;
}

int rdt_task_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct rdt_step *rdt = rdt_of(step);
	cleanup_close int group_fd = open_group(rdt);
	char path[PATH_MAX];
	int r;

	if (group_fd < 0)
		return err_set(err, group_fd, "open the group");
	r = add_task(rdt, group_fd, "tasks", run->pid, err);
	if (r < 0 || !rdt->counter)
		return r;
	(void)snprintf(path, sizeof(path), "mon_groups/%s/tasks", rdt->counter);
	return add_task(rdt, group_fd, path, run->pid, err);
}
