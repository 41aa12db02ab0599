#include "debug/isolation.h"
#include "debug/parts.h"

#include "lib/file.h"
#include "lib/mountinfo.h"
#include "lib/sys.h"

#include <fcntl.h>
#include <string.h>

enum { LIST_AT_ONCE = 256, STRINGS_MAX = 64 * 1024 };

static int read_list(struct isolation *isolation, const struct mountinfo **list)
{
	const char *text;
	int r = file_read(&isolation->arena, isolation->pid_dir_fd, "mountinfo", 0, &text, NULL,
			  NULL);

	if (r < 0)
		return r;
	*list = mountinfo_parse(&isolation->arena, text);
	return 0;
}

static void fill(struct isolation *isolation, const struct mountinfo *list)
{
	size_t count = 0;

	for (const struct mountinfo *info = list; info; info = info->next)
		count++;
	isolation->mounts = arena_array(&isolation->arena, count + 1, sizeof(*isolation->mounts));
	for (const struct mountinfo *info = list; info; info = info->next)
		isolation->mounts[isolation->mount_count++] = (struct isolation_mount){
			.info = info,
			.read_only = mountinfo_has(info->options, "ro") ||
				     mountinfo_has(info->super_options, "ro"),
			.idmapped = mountinfo_has(info->options, "idmapped"),
		};
}

/* Strings one behind the other: "0 100000 65536\0" */
static void read_map(struct arena *arena, char *strings, uint32_t count, struct idmap *map)
{
	char *end = strings;

	for (uint32_t i = 0; i < count; i++) {
		end += strlen(end);
		*end = i + 1 < count ? '\n' : '\0';
		end++;
	}
	if (count)
		idmap_read(arena, strings, map);
}

static struct isolation_mount *find_mount(struct isolation *isolation, uint32_t id)
{
	for (size_t i = 0; i < isolation->mount_count; i++)
		if (isolation->mounts[i].idmapped && isolation->mounts[i].info->id == (int)id)
			return &isolation->mounts[i];
	return NULL;
}

/* @seen: room for STRINGS_MAX bytes of strings as well */
static int look_map(struct isolation *isolation, uint64_t namespace, uint64_t id,
		    struct sys_statmount *seen)
{
	const uint64_t mask = SYS_STATMOUNT_BASIC | SYS_STATMOUNT_UIDMAP | SYS_STATMOUNT_GIDMAP;
	struct isolation_mount *mount;
	int r = sys_statmount(namespace, id, SYS_STATMOUNT_BASIC, seen, sizeof(*seen));

	mount = r == 0 ? find_mount(isolation, seen->mnt_id_old) : NULL;
	if (!mount)
		return r;
	r = sys_statmount(namespace, id, mask, seen, sizeof(*seen) + STRINGS_MAX);
	if (r < 0)
		return r;
	if (~seen->mask & mask)
		return -EOPNOTSUPP; /* before Linux 6.15 */
	read_map(&isolation->arena, seen->str + seen->uidmap, seen->uidmap_count, &mount->uid);
	read_map(&isolation->arena, seen->str + seen->gidmap, seen->gidmap_count, &mount->gid);
	return 0;
}

/* mountinfo says only that a mount has a map. */
static int look_maps(struct isolation *isolation)
{
	cleanup_close int fd = openat(isolation->pid_dir_fd, "ns/mnt", O_RDONLY | O_CLOEXEC);
	struct sys_statmount *room = arena_alloc(&isolation->arena, sizeof(*room) + STRINGS_MAX);
	uint64_t namespace = 0, ids[LIST_AT_ONCE], last = 0;
	int count, r = fd < 0 ? -errno : sys_mount_namespace_id(fd, &namespace);

	if (r < 0)
		return r;
	do {
		count = sys_listmount(namespace, last, ids, LIST_AT_ONCE);
		for (int i = 0; i < count; i++) {
			last = ids[i];
			r = look_map(isolation, namespace, last, room);
			if (r < 0 && r != -ENOENT) /* unmounted meanwhile */
				return r;
		}
	} while (count == LIST_AT_ONCE);
	return count < 0 ? count : 0;
}

/* A root that isn't the top of its mount namespace leaves what is above it to whoever gets out. */
static bool is_chrooted(const struct isolation *isolation)
{
	for (size_t i = 0; i < isolation->mount_count; i++)
		if (strcmp(isolation->mounts[i].info->target, "/") == 0)
			return false;
	return true;
}

void look_mounts(struct isolation *isolation)
{
	const struct mountinfo *list;
	bool idmapped = false;
	int r = read_list(isolation, &list);

	if (r < 0) {
		isolation_unseen(isolation, "its mounts", r);
		return;
	}
	fill(isolation, list);
	isolation->chrooted = is_chrooted(isolation);
	for (size_t i = 0; i < isolation->mount_count; i++)
		idmapped |= isolation->mounts[i].idmapped;
	r = idmapped ? look_maps(isolation) : 0;
	if (r < 0)
		isolation_unseen(isolation, "id maps of its mounts", r);
}
