#include "cgroup/obstacle.h"
#include "cgroup/place.h"
#include "cgroup/walk.h"
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
#include <sys/xattr.h>

enum { CHAIN_TRIES = 16 };

/* ------------------------------------------------------------------ making the directories */

static void mark_made(int dir_fd)
{
	(void)fsetxattr(dir_fd, CGROUP_MADE_ATTRIBUTE, "1", 1, 0); /* without it the folder stays */
}

static int open_child(int parent_fd, const char *name)
{
	int fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/*
 * @made: whether it wasn't there before
 * Return: the child's descriptor; -ENOENT when the parent was removed meanwhile.
 */
static int make_child(int parent_fd, const char *name, bool *made)
{
	*made = mkdirat(parent_fd, name, 0755) == 0;
	return *made || errno == EEXIST ? open_child(parent_fd, name) : -errno;
}

/* One on the way there, as mostly all containers have it. */
static int make_parent(int parent_fd, const char *name)
{
	int fd = open_child(parent_fd, name);
	bool made = false;

	if (fd == -ENOENT)
		fd = make_child(parent_fd, name, &made);
	if (fd >= 0 && made)
		mark_made(fd);
	return fd;
}

/* The root of all cgroups, which has no type, may have them. */
static bool has_processes(int dir_fd)
{
	char line[32];

	return faccessat(dir_fd, "cgroup.type", F_OK, 0) == 0 &&
	       file_line(dir_fd, "cgroup.procs", line, sizeof(line)) > 0;
}

/*
 * Where processes live the kernel refuses some controllers. It takes those that know threads, but
 * makes the cgroup the top of a threaded tree with them, where no container can be.
 */
static int enable_one(int dir_fd, const char *name)
{
	char word[32];

	if (has_processes(dir_fd))
		return -EBUSY;
	(void)snprintf(word, sizeof(word), "+%s", name);
	return file_write(dir_fd, "cgroup.subtree_control", word);
}

/* Gives the cgroups below @dir_fd controllers: those in @needed or an error, those in @wanted
 * where it works. */
static int enable(int dir_fd, uint32_t needed, uint32_t wanted, struct err *err)
{
	char line[256];
	int r;

	if (!(needed | wanted))
		return 0;
	if (file_line(dir_fd, "cgroup.subtree_control", line, sizeof(line)) < 0)
		line[0] = '\0';
	for (const struct controller_name *c = controller_names; c->name; c++) {
		if (!((needed | wanted) & c->bit) || line_has_word(line, c->name))
			continue;
		r = enable_one(dir_fd, c->name);
		if (r == 0 || !(needed & c->bit))
			continue;
		err_set(err, r, "turn on the %s controller below", c->name);
		cgroup_obstacle(dir_fd, r, err);
		return r;
	}
	return 0;
}

int cgroup_enable(const char *mount, const char *directory, uint32_t needed, struct err *err)
{
	cleanup_close int fd = open(mount, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char path[PATH_MAX], *rest = path, *name;
	int r = fd < 0 ? -errno : 0;

	(void)snprintf(path, sizeof(path), "%s", directory + strlen(mount));
	while (r == 0 && (name = strsep(&rest, "/"))) {
		int child_fd;

		if (!*name)
			continue;
		r = enable(fd, needed, 0, err);
		if (r < 0)
			return r;
		child_fd = openat(fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		r = child_fd < 0 ? -errno : 0;
		close_fd(fd);
		fd = child_fd;
	}
	return r < 0 ? err_set(err, r, "open %s", directory) : 0;
}

struct chain {
	const struct cgroup_create_step *create;
	const char *base; /* a directory that is there */
};

static int make_failed(const struct chain *chain, int num, struct err *err)
{
	err_set(err, num, "make %s%s", chain->base, chain->create->place.path);
	if (num == -EACCES || num == -EPERM || num == -EROFS)
		err_hint(err, "the caller needs a cgroup of its own there, or a config without "
			      "linux.cgroupsPath and limits");
	return num;
}

/* From @base down: each level gets its controllers from the one above. */
static int make_chain_once(const struct chain *chain, int *cgroup_fd, bool *made, struct err *err)
{
	const struct cgroup_create_step *create = chain->create;
	cleanup_close int fd = open(chain->base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char path[PATH_MAX], *rest = path, *name;
	int r;

	if (fd < 0)
		return err_set(err, -errno, "open %s", chain->base);
	(void)snprintf(path, sizeof(path), "%s", create->place.path + 1);
	while ((name = strsep(&rest, "/"))) {
		int child_fd;

		r = enable(fd, create->needed, create->wanted, err);
		if (r < 0) {
			err_add(err, "%s before %s", chain->base, name);
			return r;
		}
		child_fd = rest ? make_parent(fd, name) : make_child(fd, name, made);
		if (child_fd < 0)
			return make_failed(chain, child_fd, err);
		close_fd(fd);
		fd = child_fd;
	}
	*cgroup_fd = take_fd(&fd);
	return 0;
}

/* A container that leaves may remove an ancestor between our looking and our making. */
static int make_chain(const struct chain *chain, int *cgroup_fd, bool *made, struct err *err)
{
	int r = -ENOENT;

	for (int i = 0; r == -ENOENT && i < CHAIN_TRIES; i++)
		r = make_chain_once(chain, cgroup_fd, made, err);
	return r;
}

/* ------------------------------------------------------------------ who lives there already */

static void add_pids(const pid_t *pids, size_t count, struct text *text)
{
	for (size_t i = 0; i < count && i < 8; i++)
		text_addf(text, " %d", (int)pids[i]);
	if (count > 8)
		text_add(text, " ...");
}

/* A cgroup of this name that a killed runtime left is emptied of its folders; one in use is not. */
static int check_unused(int cgroup_fd, const char *directory, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text text = {};
	pid_t *pids;
	size_t count;
	int r;

	r = cgroup_pids(&arena, cgroup_fd, &pids, &count, err);
	if (r < 0)
		return r;
	if (count > 0) {
		add_pids(pids, count, &text);
		err_plain(err, -EBUSY, "container's cgroup is not empty: %s has process%s%s",
			  directory, count > 1 ? "es" : "", text_str(&text));
		err_hint(err, "another container uses it, or a leftover of one: end them first");
		return -EBUSY;
	}
	r = cgroup_remove_below(cgroup_fd);
	return r < 0 ? err_set(err, r, "remove what is left below %s", directory) : 0;
}

/* ------------------------------------------------------------------ cgroup.create */

/* @above: the nearest one above that is there already, NULL in the second record */
static int note(struct run *run, const struct step *step, const char *directory, const char *above,
		uint64_t inode, struct err *err)
{
	struct json_out *out = json_out_new(false);

	json_out_object(out, NULL);
	json_out_string(out, "directory", directory);
	if (above)
		json_out_string(out, "above", above);
	if (inode)
		json_out_u64(out, "inode", inode);
	json_out_end(out);
	return run_note(run, step, out, err);
}

static int note_inode(struct run *run, const struct step *step, int cgroup_fd,
		      const char *directory, struct err *err)
{
	struct stat st;

	if (fstat(cgroup_fd, &st) < 0)
		return err_set(err, -errno, "look at %s", directory);
	return note(run, step, directory, NULL, st.st_ino, err);
}

/* A cgroup that gives controllers to those below has no processes of its own. */
static int open_inner(const struct cgroup_place *place, uint32_t controllers, pid_t keeper,
		      int cgroup_fd, struct err *err)
{
	char pid[16];
	bool made;
	int inner_fd = make_child(cgroup_fd, place->inner, &made), r = 0;

	if (inner_fd < 0)
		return err_set(err, inner_fd, "make %s", place->inner);
	(void)snprintf(pid, sizeof(pid), "%d", (int)keeper);
	if (keeper)
		r = file_write(inner_fd, "cgroup.procs", pid);
	r = r < 0 ? err_set(err, r, "move to %s", place->inner)
		  : enable(cgroup_fd, 0, controllers, err);
	if (r == 0)
		return inner_fd;
	close_fd(inner_fd);
	return r;
}

static int set_paths(struct run *run, const struct cgroup_place *place, const char *directory)
{
	cleanup_(text_free) struct text inner = {};

	text_add(&inner, directory);
	if (place->inner)
		text_addf(&inner, "/%s", place->inner);
	run->cgroup_path = strdup(directory);
	run->init_cgroup_path = text_take(&inner);
	return run->cgroup_path ? 0 : -ENOMEM;
}

int cgroup_take(struct run *run, const struct cgroup_place *place, const char *directory,
		uint32_t controllers, pid_t keeper, int *cgroup_fd, struct err *err)
{
	int inner_fd = *cgroup_fd;

	if (place->inner)
		inner_fd = open_inner(place, controllers, keeper, *cgroup_fd, err);
	if (inner_fd < 0)
		return inner_fd;
	if (set_paths(run, place, directory) < 0)
		return err_set(err, -ENOMEM, "note the cgroup");
	run->cgroup_fd = take_fd(cgroup_fd);
	run->init_cgroup_fd = inner_fd;
	return 0;
}

static int make(const struct step *step, struct run *run, const char *base, const char *directory,
		struct err *err)
{
	const struct cgroup_create_step *create =
		container_of(step, struct cgroup_create_step, step);
	const struct chain chain = {create, base};
	cleanup_close int cgroup_fd = -EBADF;
	bool made = false;
	int r;

	r = make_chain(&chain, &cgroup_fd, &made, err);
	if (r == 0 && !made)
		r = check_unused(cgroup_fd, directory, err);
	if (r == 0)
		r = note_inode(run, step, cgroup_fd, directory, err);
	return r < 0 ? r
		     : cgroup_take(run, &create->place, directory, create->wanted, 0, &cgroup_fd,
				   err);
}

static const char *find_above(struct arena *arena, const char *directory)
{
	char *above = arena_strdup(arena, directory);
	char *slash;

	while ((slash = strrchr(above, '/')) && slash != above) {
		*slash = '\0';
		if (access(above, F_OK) == 0)
			return above;
	}
	return directory;
}

int cgroup_create_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct cgroup_create_step *create =
		container_of(step, struct cgroup_create_step, step);
	cleanup_(arena_free) struct arena arena = {};
	const struct cgroup_place *place = &create->place;
	const char *base = place->below_own ? place_own(&arena, place->mount) : place->mount;
	const char *directory;
	int r;

	if (!base)
		return err_plain(err, -ENOENT, "/proc/self/cgroup has no version 2 line");
	directory = arena_printf(&arena, "%s%s", base, place->path);
	r = note(run, step, directory, find_above(&arena, directory), 0, err);
	if (r == 0)
		r = make(step, run, base, directory, err);
	if (r < 0 && r != -EBUSY)
		(void)rmdir(directory); /* only if it is empty, so ours or nobody's */
	return r;
}
