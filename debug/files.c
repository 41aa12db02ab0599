#include "debug/isolation.h"
#include "debug/kernel_files.h"
#include "debug/parts.h"
#include "debug/reach.h"

#include "lib/mountinfo.h"

#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

enum { DEVICES_MAX = 512 };

/* Where services of the host listen, as their packages have it, that do as root what they are told.
 */
static const char *const service_sockets[] = {
	"/run/docker.sock",
	"/run/podman/podman.sock",
	"/run/containerd/containerd.sock",
	"/run/crio/crio.sock",
	"/run/buildkit/buildkitd.sock",
	"/var/lib/lxd/unix.socket",
	"/var/lib/incus/unix.socket",
	"/run/libvirt/libvirt-sock",
	"/run/systemd/private",
	"/run/dbus/system_bus_socket",
	"/run/systemd/io.systemd.ManagedOOM",
	"/run/snapd.socket",
};

/* What the default devices of runtime-spec config-linux.md are, with the terminals' multiplexer:
 * numbers of Documentation/admin-guide/devices.txt. */
static bool is_everybodys(dev_t device)
{
	static const struct {
		unsigned int major, minor;
	} rows[] = {
		{1, 3}, {1, 5}, {1, 7}, {1, 8}, {1, 9}, {5, 0}, {5, 2},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (major(device) == rows[i].major && minor(device) == rows[i].minor)
			return true;
	return major(device) >= 136 && major(device) <= 143; /* pseudo-terminals */
}

/* A mask is a mount of another kind: an empty tmpfs, or the null device. */
static bool is_masked(const struct reach *reach)
{
	return reach->fs == TMPFS_MAGIC || reach->fs == OVERLAYFS_SUPER_MAGIC ||
	       S_ISCHR(reach->mode);
}

static size_t count_kernel_files(void)
{
	size_t count = 0;

	while (kernel_files[count].path)
		count++;
	return count;
}

static void add_files(struct isolation *isolation, const struct reach *list)
{
	const size_t count = count_kernel_files();
	struct isolation_file *files = arena_array(&isolation->arena, count, sizeof(*files));

	isolation->files = files;
	for (size_t i = 0; i < count; i++) {
		const bool masked = list[i].error == 0 && is_masked(&list[i]);

		if (list[i].error == 0)
			files[isolation->file_count++] = (struct isolation_file){
				.file = &kernel_files[i],
				.masked = masked,
				.readable = !masked && kernel_files[i].reads && list[i].readable,
				.writable = !masked && kernel_files[i].writes && list[i].writable &&
					    !list[i].read_only,
			};
	}
}

static void add_sockets(struct isolation *isolation, const struct reach *list, size_t count)
{
	struct isolation_socket *sockets =
		arena_array(&isolation->arena, count + 1, sizeof(*sockets));

	isolation->sockets = sockets;
	for (size_t i = 0; i < count; i++)
		if (list[i].error == 0 && S_ISSOCK(list[i].mode))
			sockets[isolation->socket_count++] = (struct isolation_socket){
				.path = list[i].path, .writable = list[i].writable};
}

static void add_devices(struct isolation *isolation, const struct reach *list, size_t count)
{
	struct isolation_device *devices =
		arena_array(&isolation->arena, count + 1, sizeof(*devices));

	isolation->devices = devices;
	for (size_t i = 0; i < count; i++)
		if (list[i].error == 0 && (S_ISCHR(list[i].mode) || S_ISBLK(list[i].mode)) &&
		    !is_everybodys(list[i].device))
			devices[isolation->device_count++] = (struct isolation_device){
				.path = list[i].path,
				.type = S_ISBLK(list[i].mode) ? 'b' : 'c',
				.major = major(list[i].device),
				.minor = minor(list[i].device),
				.readable = list[i].readable,
				.writable = list[i].writable,
				.nodev = list[i].nodev,
			};
}

/* Mounts by their place, those on the same place in the order in which they hide each other. There
 * may be a hundred thousand. */
struct target {
	const char *path;
	size_t mount; /* in isolation->mounts */
};

static int by_place(const void *a, const void *b)
{
	const struct target *one = a, *other = b;
	const int order = strcmp(one->path, other->path);

	return order ? order : (one->mount > other->mount) - (one->mount < other->mount);
}

static struct target *sort_targets(struct isolation *isolation)
{
	struct target *targets =
		arena_array(&isolation->arena, isolation->mount_count + 1, sizeof(*targets));

	for (size_t i = 0; i < isolation->mount_count; i++)
		targets[i] = (struct target){isolation->mounts[i].info->target, i};
	qsort(targets, isolation->mount_count, sizeof(*targets), by_place);
	return targets;
}

/* Not hidden by another one on the same place. */
static bool is_topmost(const struct isolation *isolation, const struct target *target,
		       const struct target *targets)
{
	return target + 1 == targets + isolation->mount_count ||
	       strcmp(target[0].path, target[1].path) != 0;
}

/* Return: which of the known names it is; their count: none. */
static size_t service_of(const char *path)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(service_sockets) && strcmp(service_sockets[i], path) != 0)
		i++;
	return i;
}

/* Known names, and whatever is mounted one by one: a bind mount of a socket is always on purpose.
 */
static size_t list_sockets(const struct isolation *isolation, const struct target *targets,
			   struct reach *list)
{
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(service_sockets); i++)
		list[count++].path = service_sockets[i];
	for (size_t i = 0; i < isolation->mount_count; i++)
		if (is_topmost(isolation, &targets[i], targets) &&
		    service_of(targets[i].path) == ARRAY_SIZE(service_sockets))
			list[count++].path = targets[i].path;
	return count;
}

/* @list: of list_sockets() */
static void mark_mounts(struct isolation *isolation, const struct target *targets,
			const struct reach *list)
{
	size_t next = ARRAY_SIZE(service_sockets);

	for (size_t i = 0; i < isolation->mount_count; i++) {
		const struct reach *reach;
		size_t service;

		if (!is_topmost(isolation, &targets[i], targets))
			continue;
		service = service_of(targets[i].path);
		reach = &list[service < ARRAY_SIZE(service_sockets) ? service : next++];
		isolation->mounts[targets[i].mount].writable = reach->error == 0 && reach->writable;
	}
}

static int by_name(const void *a, const void *b)
{
	return strverscmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t list_devices(struct isolation *isolation, struct reach *list)
{
	const char **paths = arena_array(&isolation->arena, DEVICES_MAX, sizeof(*paths));
	bool cut = false;
	int count = reach_nodes(isolation, paths, DEVICES_MAX, &cut, NULL);

	if (count < 0)
		isolation_unseen(isolation, "its device nodes", count);
	if (cut)
		isolation_unseen(isolation, "more device nodes than those in the list", -E2BIG);
	if (count <= 0)
		return 0;
	qsort(paths, (size_t)count, sizeof(*paths), by_name);
	for (int i = 0; i < count; i++)
		list[i].path = paths[i];
	return (size_t)count;
}

void look_files(struct isolation *isolation)
{
	const size_t files = count_kernel_files();
	const size_t most =
		files + ARRAY_SIZE(service_sockets) + isolation->mount_count + DEVICES_MAX;
	struct reach *list = arena_array(&isolation->arena, most, sizeof(*list));
	const struct target *targets = sort_targets(isolation);
	size_t sockets, devices;
	int r;

	if (isolation->root_fd < 0)
		return; /* said already */
	for (size_t i = 0; i < files; i++)
		list[i].path = kernel_files[i].path;
	sockets = list_sockets(isolation, targets, list + files);
	devices = list_devices(isolation, list + files + sockets);
	r = reach_look(isolation, list, files + sockets + devices, NULL);
	if (r < 0) {
		isolation_unseen(isolation, "what it may do with files", r);
		return;
	}
	isolation->files_seen = true;
	add_files(isolation, list);
	add_sockets(isolation, list + files, sockets);
	mark_mounts(isolation, targets, list + files);
	add_devices(isolation, list + files + sockets, devices);
	for (size_t i = 0; i < files + sockets + devices; i++)
		if (list[i].error == -ETIMEDOUT) {
			isolation_unseen(isolation, list[i].path, -ETIMEDOUT);
			break;
		}
}
