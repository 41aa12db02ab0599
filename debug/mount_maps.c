/*
 * The id maps of mounts: mountinfo says only that there is one. statmount(2) has them since Linux
 * 6.15, but lists the mounts of somebody else's namespace only where its root is older than its
 * other mounts. So a child joins that namespace and asks about its own, with the ids of the caller.
 */

#include "debug/isolation.h"
#include "debug/parts.h"

#include "lib/mountinfo.h"
#include "lib/sys.h"
#include "lib/worker.h"

#include <sched.h>
#include <string.h>
#include <sys/mman.h>

enum { LIST_AT_ONCE = 256, STRINGS_MAX = 16 * 1024, MAPS_MAX = 64 };

/** struct mount_maps - of one mount, as the kernel has them: "0 100000 65536\0", one after the
 * other */
struct mount_maps {
	uint32_t id, uid_count, gid_count;
	char uid[STRINGS_MAX], gid[STRINGS_MAX];
};

struct maps {
	const struct isolation *isolation;
	size_t count;
	struct mount_maps mounts[MAPS_MAX];
};

static bool is_wanted(const struct isolation *isolation, uint32_t id)
{
	for (size_t i = 0; i < isolation->mount_count; i++)
		if (isolation->mounts[i].idmapped && isolation->mounts[i].info->id == (int)id)
			return true;
	return false;
}

static int look_one(uint64_t id, struct maps *maps)
{
	const uint64_t mask = SYS_STATMOUNT_BASIC | SYS_STATMOUNT_UIDMAP | SYS_STATMOUNT_GIDMAP;
	static const size_t size = sizeof(struct sys_statmount) + STRINGS_MAX;
	cleanup_free struct sys_statmount *seen = calloc(1, size);
	struct mount_maps *found = &maps->mounts[maps->count];
	int r;

	if (!seen)
		return -ENOMEM;
	r = sys_statmount(id, SYS_STATMOUNT_BASIC, seen, size);
	if (r < 0 || !is_wanted(maps->isolation, seen->mnt_id_old))
		return r == -ENOENT ? 0 : r; /* unmounted meanwhile */
	r = sys_statmount(id, mask, seen, size);
	if (r < 0)
		return r;
	if ((seen->mask & mask) != mask)
		return -EOPNOTSUPP;
	found->id = seen->mnt_id_old;
	found->uid_count = seen->uidmap_count;
	found->gid_count = seen->gidmap_count;
	memcpy(found->uid, seen->str + seen->uidmap, STRINGS_MAX - seen->uidmap);
	memcpy(found->gid, seen->str + seen->gidmap, STRINGS_MAX - seen->gidmap);
	maps->count++;
	return 0;
}

/* An ordinary user joins by way of the user namespace that owns it; ids that are nobody's there
 * are missing then. */
static int join(const struct isolation *isolation)
{
	if (isolation->namespaces[NAMESPACE_MOUNT].host ||
	    setns(isolation->pid_fd, CLONE_NEWNS) == 0)
		return 0;
	return setns(isolation->pid_fd, CLONE_NEWUSER | CLONE_NEWNS) < 0 ? -errno : 0;
}

static int look_all(void *data, struct err *err)
{
	struct maps *maps = data;
	uint64_t ids[LIST_AT_ONCE], last = 0;
	int count = 0, r = join(maps->isolation);

	while (r == 0) {
		count = sys_listmount(last, ids, LIST_AT_ONCE);
		for (int i = 0; r == 0 && i < count && maps->count < MAPS_MAX; i++)
			r = look_one(last = ids[i], maps);
		if (count < LIST_AT_ONCE || maps->count == MAPS_MAX)
			break;
	}
	return count < 0 ? count : r;
}

static void read_map(struct arena *arena, char *strings, uint32_t count, struct idmap *map)
{
	char *end = strings;

	for (uint32_t i = 0; i < count; i++) {
		end += strlen(end);
		*end++ = i + 1 < count ? '\n' : '\0';
	}
	if (count)
		idmap_read(arena, strings, map);
}

static void take(struct isolation *isolation, struct mount_maps *found)
{
	for (size_t i = 0; i < isolation->mount_count; i++) {
		struct isolation_mount *mount = &isolation->mounts[i];

		if (mount->info->id != (int)found->id)
			continue;
		read_map(&isolation->arena, found->uid, found->uid_count, &mount->uid);
		read_map(&isolation->arena, found->gid, found->gid_count, &mount->gid);
	}
}

int look_mount_maps(struct isolation *isolation)
{
	struct maps *maps = mmap(NULL, sizeof(*maps), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int r;

	if (maps == MAP_FAILED)
		return -ENOMEM;
	maps->isolation = isolation;
	r = worker_run(look_all, maps, NULL);
	for (size_t i = 0; i < maps->count; i++)
		take(isolation, &maps->mounts[i]);
	if (r == 0 && maps->count == MAPS_MAX)
		r = -E2BIG;
	(void)munmap(maps, sizeof(*maps));
	return r;
}
