#include "debug/isolation.h"
#include "debug/parts.h"

#include "lib/file.h"
#include "lib/host.h"

#include <fcntl.h>
#include <linux/nsfs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

/* linux/proc_ns.h: the number of the user namespace that the kernel starts with, since Linux 3.8.
 */
static const uint64_t initial_userns = 0xEFFFFFFD;

static uint64_t inode_of(int fd)
{
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 ? st.st_ino : 0;
}

/* Where we have not the right to look at process 1, ours is what we call the host's. */
static uint64_t host_id(const char *file)
{
	char path[32];
	struct stat st;

	(void)snprintf(path, sizeof(path), "/proc/1/ns/%s", file);
	if (stat(path, &st) == 0)
		return st.st_ino;
	(void)snprintf(path, sizeof(path), "/proc/self/ns/%s", file);
	return stat(path, &st) == 0 ? st.st_ino : 0;
}

static int look_one(struct isolation *isolation, size_t index)
{
	const struct namespace_type *type = &namespace_types[index];
	struct isolation_namespace *namespace = &isolation->namespaces[index];
	cleanup_close int fd = -EBADF, owner_fd = -EBADF;
	char path[32];

	(void)snprintf(path, sizeof(path), "ns/%s", type->file);
	fd = openat(isolation->pid_dir_fd, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno; /* this kernel has none of the type */
	namespace->id = inode_of(fd);
	namespace->host = namespace->id == host_id(type->file);
	/* EPERM: it is above our own user namespace, so none that we have to do with. */
	owner_fd = ioctl(fd, index == NAMESPACE_USER ? NS_GET_PARENT : NS_GET_USERNS);
	namespace->owner = inode_of(owner_fd);
	return 0;
}

static void look_map(struct isolation *isolation, const char *file, struct idmap *map)
{
	const char *text;
	int r = file_read(&isolation->arena, isolation->pid_dir_fd, file, 0, &text, NULL, NULL);

	if (r < 0)
		isolation_unseen(isolation, file, r);
	else
		idmap_read(&isolation->arena, text, map);
}

/* All ids as they are, seen from where the kernel began: an ordinary user may look at no more of
 * root's processes. A namespace that is given just this map is as good: its root is root's. */
static bool maps_all(const struct idmap *map)
{
	return map->count == 1 && map->ranges[0].inside == 0 && map->ranges[0].outside == 0 &&
	       map->ranges[0].count == UINT32_MAX;
}

static bool is_initial(const struct isolation *isolation)
{
	if (isolation_sees(isolation, NAMESPACE_USER))
		return isolation->namespaces[NAMESPACE_USER].id == initial_userns;
	return isolation->host->initial_userns && maps_all(&isolation->uid_map) &&
	       maps_all(&isolation->gid_map);
}

void look_namespaces(struct isolation *isolation)
{
	char setgroups[8];
	int r = 0;

	for (size_t i = 0; r == 0 && i < NAMESPACE_TYPES; i++)
		r = look_one(isolation, i);
	if (r < 0)
		isolation_unseen(isolation, "its namespaces", r);
	look_map(isolation, "uid_map", &isolation->uid_map);
	look_map(isolation, "gid_map", &isolation->gid_map);
	isolation->initial_userns = is_initial(isolation);
	isolation->setgroups_denied =
		file_line(isolation->pid_dir_fd, "setgroups", setgroups, sizeof(setgroups)) > 0 &&
		strcmp(setgroups, "deny") == 0;
}
