#include "why/lookup.h"

#include "debug/isolation.h"
#include "lib/err.h"
#include "lib/host.h"
#include "lib/own.h"
#include "lib/sys.h"
#include "lib/worker.h"
#include "ns/program.h"
#include "runtime/join.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/stat.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/xattr.h>

/*
 * The walk is done by hand, a name at a time: the kernel would say only that it failed. What is
 * left of the path is kept in a buffer; a link's target is put before it.
 */

enum { LINKS_MAX = 40, PATIENCE_SEC = 5 };

struct walk {
	const struct isolation *isolation;
	struct lookup *lookup;
	int at_fd; /* where it has come to */
	char left[2 * PATH_MAX];
	char here[PATH_MAX];
	int links;
	pid_t self;      /* the process, as its own pid namespace numbers it */
	bool ids_inside; /* we are in its user namespace: ids have to be translated back */
	const struct lookup_request *request;
	int proc_fd; /* the host's, which answers by the reader's namespaces; -EBADF: not needed */
};

static uint32_t seen_id(const struct walk *walk, const struct idmap *map, uint32_t id)
{
	uint32_t outside = id;

	if (walk->ids_inside)
		(void)idmap_outside(map, id, &outside); /* nobody stays nobody */
	return outside;
}

static int fill_place(const struct walk *walk, int fd, struct place *place)
{
	const struct isolation *isolation = walk->isolation;
	struct statx st;
	struct statfs fs;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_MNT_ID, &st) < 0 ||
	    fstatfs(fd, &fs) < 0)
		return -errno;
	*place = (struct place){
		.mode = st.stx_mode,
		.uid = seen_id(walk, &isolation->uid_map, st.stx_uid),
		.gid = seen_id(walk, &isolation->gid_map, st.stx_gid),
		.device = makedev(st.stx_rdev_major, st.stx_rdev_minor),
		.on = makedev(st.stx_dev_major, st.stx_dev_minor),
		.inode = st.stx_ino,
		.fs = (uint64_t)fs.f_type,
		.mount = st.stx_mask & STATX_MNT_ID ? (int)st.stx_mnt_id : -1,
		.immutable = st.stx_attributes & STATX_ATTR_IMMUTABLE || fs.f_type == NSFS_MAGIC,
		.append_only = st.stx_attributes & STATX_ATTR_APPEND,
	};
	(void)snprintf(place->path, sizeof(place->path), "%s", *walk->here ? walk->here : "/");
	return 0;
}

/* By the name in its folder, where no link is left but those that jump: an O_PATH descriptor has no
 * extended attributes. */
static void read_acl(const char *name, unsigned char acl[XATTR_SIZE_MAX], struct place *place)
{
	ssize_t size = getxattr(name, "system.posix_acl_access", acl, XATTR_SIZE_MAX);

	place->acl_size = size > 0 ? (size_t)size : 0;
	place->acl = acl;
}

/* What the walk stands on becomes a place of its own; we are in the folder where it is @name. */
static int add_place(struct walk *walk, const char *name)
{
	struct lookup *lookup = walk->lookup;
	const size_t i = lookup->count;
	int r;

	if (i == LOOKUP_PLACES)
		return -ENAMETOOLONG;
	r = fill_place(walk, walk->at_fd, &lookup->places[i]);
	if (r < 0)
		return r;
	read_acl(name, lookup->acls[i], &lookup->places[i]);
	lookup->count++;
	return 0;
}

/* Takes the next name off what is left. Return: false where there is none. */
static bool next_name(struct walk *walk, char name[NAME_MAX + 1])
{
	const char *at = walk->left + strspn(walk->left, "/");
	size_t length = strcspn(at, "/");

	if (length == 0 || length > NAME_MAX)
		return false;
	memcpy(name, at, length);
	name[length] = '\0';
	at += length;
	memmove(walk->left, at, strlen(at) + 1);
	return true;
}

static int restart_at_root(struct walk *walk)
{
	int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	close_fd(walk->at_fd);
	walk->at_fd = fd;
	walk->here[0] = '\0';
	return 0;
}

static bool is_self(int fd, const char *name)
{
	struct statfs fs;

	return (strcmp(name, "self") == 0 || strcmp(name, "thread-self") == 0) &&
	       fstatfs(fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
}

/* A procfs answers "self" with the number of who asks, who is not who is meant; one of a pid
 * namespace below ours has none for us. */
static ssize_t read_link(const struct walk *walk, int fd, const char *name, char *target,
			 size_t size)
{
	const ssize_t length = readlinkat(fd, "", target, size - 1);
	const int r = length < 0 ? -errno : 0;

	if ((r == 0 || r == -ENOENT) && is_self(fd, name))
		return snprintf(target, size, "%d", r == 0 ? walk->isolation->pid : walk->self);
	return r < 0 ? r : length;
}

static int follow_link(struct walk *walk, int fd, const char *name)
{
	char target[PATH_MAX], rest[sizeof(walk->left)];
	ssize_t length = read_link(walk, fd, name, target, sizeof(target));

	if (length < 0)
		return (int)length;
	target[length] = '\0';
	if (++walk->links > LINKS_MAX)
		return -ELOOP;
	memcpy(rest, walk->left, sizeof(rest));
	length = snprintf(walk->left, sizeof(walk->left), "%s%s", target, rest);
	if ((size_t)length >= sizeof(walk->left))
		return -ENAMETOOLONG;
	return target[0] == '/' ? restart_at_root(walk) : 0;
}

/* fd/N, exe, cwd, ns/net ...: what they lead to has no name that could be walked. */
static bool is_magic(const struct walk *walk, int fd, const char *name)
{
	cleanup_close int end_fd = -EBADF;
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0 || fs.f_type != PROC_SUPER_MAGIC)
		return false;
	end_fd = sys_open_in_root(walk->at_fd, name, O_PATH, 0);
	return end_fd == -ELOOP;
}

/* As the kernel does it: without a look at the way there. */
static int jump(struct walk *walk, int link_fd, const char *name)
{
	ssize_t length = readlinkat(link_fd, "", walk->here, sizeof(walk->here) - 1);
	int fd = openat(walk->at_fd, name, O_PATH | O_CLOEXEC);

	if (length < 0 || fd < 0) {
		close_fd(fd);
		return -errno;
	}
	jump_look(walk->at_fd, link_fd, walk->isolation, walk->self, &walk->lookup->jump);
	walk->lookup->jump.uid = seen_id(walk, &walk->isolation->uid_map, walk->lookup->jump.uid);
	walk->lookup->jump.gid = seen_id(walk, &walk->isolation->gid_map, walk->lookup->jump.gid);
	walk->here[strncmp(walk->here, "/", (size_t)length) == 0 ? 0 : length] = '\0';
	close_fd(walk->at_fd);
	walk->at_fd = fd;
	return add_place(walk, name);
}

static void name_here(struct walk *walk, const char *name)
{
	size_t length = strlen(walk->here);
	char *last = strrchr(walk->here, '/');

	if (strcmp(name, "..") == 0 && last)
		*last = '\0';
	else if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
		(void)snprintf(walk->here + length, sizeof(walk->here) - length, "/%s", name);
}

static int step_to(struct walk *walk, const char *name)
{
	int fd = openat(walk->at_fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	int r;

	if (fd < 0 || fchdir(walk->at_fd) < 0) {
		r = -errno;
		close_fd(fd);
		return r;
	}
	if (fstat(fd, &st) < 0 || S_ISLNK(st.st_mode)) {
		r = is_magic(walk, fd, name) ? jump(walk, fd, name) : follow_link(walk, fd, name);
		close_fd(fd);
		return r;
	}
	close_fd(walk->at_fd);
	walk->at_fd = fd;
	name_here(walk, name);
	return add_place(walk, name);
}

static const struct place *end_of(const struct walk *walk)
{
	return &walk->lookup->places[walk->lookup->count - 1];
}

static int walk_all(struct walk *walk)
{
	char *name = walk->lookup->name;
	int r = restart_at_root(walk);

	if (r == 0)
		r = add_place(walk, "/");
	while (r == 0 && next_name(walk, name))
		r = step_to(walk, name);
	if (r == 0 && strspn(walk->left, "/") != strlen(walk->left))
		r = -ENAMETOOLONG;
	if (r == 0 && *walk->left && !S_ISDIR(end_of(walk)->mode)) /* "file/" */
		r = -ENOTDIR;
	return r;
}

/* mountinfo leaves out the mount that a mere folder of is somebody's root: it is asked for once
 * more by us, whose root is that of the namespace. */
static void see_root_mount(struct walk *walk)
{
	int fd = openat(walk->proc_fd, "self/mountinfo", O_RDONLY | O_CLOEXEC), id;
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	struct lookup *lookup = walk->lookup;
	cleanup_free char *line = NULL;
	struct place root = {.mount = -1};
	size_t size = 0;
	ssize_t length;

	if (!file) {
		close_fd(fd);
		return;
	}
	(void)fill_place(walk, walk->isolation->root_fd, &root);
	while ((length = getline(&line, &size, file)) > 0)
		if (sscanf(line, "%d", &id) == 1 && id == root.mount &&
		    (size_t)length < sizeof(lookup->root_mount))
			memcpy(lookup->root_mount, line, (size_t)length + 1);
	(void)fclose(file);
}

static int enter(const struct isolation *isolation, struct walk *walk, struct err *err)
{
	const uint64_t wanted =
		CLONE_NEWNS | CLONE_NEWNET | (isolation->host->ordinary ? CLONE_NEWUSER : 0);
	int r;

	walk->ids_inside = isolation->host->ordinary && !isolation->namespaces[NAMESPACE_USER].host;
	if (isolation->root_fd < 0)
		return err_set(err, isolation->root_fd, "look at its root");
	r = join_as_root(isolation->pid, isolation->pid_fd, wanted, err);
	if (r == 0 && walk->proc_fd >= 0)
		see_root_mount(walk);
	if (r == 0 && (fchdir(isolation->root_fd) < 0 || chroot(".") < 0))
		r = err_set(err, -errno, "change to its root");
	return r;
}

static int see_entry(struct walk *walk)
{
	cleanup_close int fd =
		openat(walk->at_fd, walk->request->entry, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? -errno : fill_place(walk, fd, &walk->lookup->entry);
}

static int look(void *data, struct err *err)
{
	struct walk *walk = data;
	int r = enter(walk->isolation, walk, err);

	if (r < 0)
		return r;
	walk->lookup->error = walk_all(walk);
	if (walk->lookup->error < 0)
		return 0;
	if (walk->request->executed && S_ISREG(end_of(walk)->mode))
		(void)program_foresee(walk->request->path, &walk->lookup->program);
	if (walk->request->entry)
		walk->lookup->entry_error = see_entry(walk);
	return 0;
}

int lookup_path(const struct isolation *isolation, pid_t self, const struct lookup_request *request,
		const struct lookup **lookup, struct err *err)
{
	cleanup_close int proc_fd =
		isolation->chrooted ? open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC) : -EBADF;
	struct walk walk = {.isolation = isolation,
			    .self = self,
			    .at_fd = -EBADF,
			    .request = request,
			    .proc_fd = proc_fd};
	int r;

	walk.lookup = mmap(NULL, sizeof(**lookup), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (walk.lookup == MAP_FAILED)
		return err_set(err, -ENOMEM, "look at %s", request->path);
	walk.lookup->error = -ETIMEDOUT;
	(void)snprintf(walk.left, sizeof(walk.left), "%s", request->path);
	r = worker_run_within(PATIENCE_SEC, look, &walk, err);
	if (r < 0 && r != -ETIMEDOUT) { /* that is a folder which doesn't answer */
		lookup_free(walk.lookup);
		return r;
	}
	*lookup = walk.lookup;
	return 0;
}

void lookup_free(const struct lookup *lookup)
{
	if (lookup)
		(void)munmap((void *)lookup, sizeof(*lookup));
}

/* linux/magic.h; fs/debugfs, fs/tracefs, security/inode.c, kernel/bpf/inode.c ...:
 * their folders have no function for it. */
static const struct kernels {
	uint64_t fs;
	bool removable;
} kernels[] = {
	{PROC_SUPER_MAGIC, false},     {SYSFS_MAGIC, false},        {CGROUP_SUPER_MAGIC, false},
	{CGROUP2_SUPER_MAGIC, false},  {DEVPTS_SUPER_MAGIC, false}, {DEBUGFS_MAGIC, false},
	{TRACEFS_MAGIC, false},        {SECURITYFS_MAGIC, false},   {SELINUX_MAGIC, false},
	{RDTGROUP_SUPER_MAGIC, false}, {BINFMTFS_MAGIC, false},     {BPF_FS_MAGIC, true},
	{PSTOREFS_MAGIC, true},
};

static const struct kernels *kernels_of(const struct place *folder)
{
	for (size_t i = 0; i < ARRAY_SIZE(kernels); i++)
		if (folder->fs == kernels[i].fs)
			return &kernels[i];
	return NULL;
}

bool place_takes_none(const struct place *folder)
{
	return kernels_of(folder);
}

bool place_keeps_all(const struct place *folder)
{
	const struct kernels *found = kernels_of(folder);

	return found && !found->removable;
}
