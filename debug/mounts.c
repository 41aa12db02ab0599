#include "debug/isolation.h"
#include "debug/parts.h"

#include "lib/file.h"
#include "lib/mountinfo.h"

#include <fcntl.h>
#include <string.h>

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

/* As namespaces: process 1's, or ours where that may not be looked at. */
static const struct mountinfo *host_mounts(struct arena *arena)
{
	static const char *const files[] = {"/proc/1/mountinfo", "/proc/self/mountinfo"};
	const char *text;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (file_read(arena, AT_FDCWD, files[i], 0, &text, NULL, NULL) == 0)
			return mountinfo_parse(arena, text);
	return NULL;
}

/* The number behind "shared:". Return: 0: it isn't. */
static unsigned long peer_group(const struct mountinfo *info)
{
	const char *tag = strstr(info->propagation, "shared:");

	return tag ? strtoul(tag + strlen("shared:"), NULL, 10) : 0;
}

/* What @info shows of @top's file system, called as it is below @top: "/etc". */
static const char *path_below(const struct mountinfo *top, const struct mountinfo *info)
{
	const size_t length = strcmp(top->root, "/") == 0 ? 0 : strlen(top->root);

	if (info->major != top->major || info->minor != top->minor ||
	    strncmp(info->root, top->root, length) != 0 ||
	    (info->root[length] != '/' && info->root[length] != '\0'))
		return NULL;
	return info->root[length] ? info->root + length : "/";
}

static void compare_with_host(struct isolation *isolation)
{
	const struct mountinfo *host = host_mounts(&isolation->arena);
	const struct mountinfo *top = mountinfo_find(host, "/");

	for (size_t i = 0; i < isolation->mount_count; i++) {
		struct isolation_mount *mount = &isolation->mounts[i];
		const unsigned long group = peer_group(mount->info);

		mount->host_path = top ? path_below(top, mount->info) : NULL;
		for (const struct mountinfo *info = host; group && info; info = info->next)
			mount->peer_of_host |= peer_group(info) == group;
	}
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
	compare_with_host(isolation);
	isolation->chrooted = is_chrooted(isolation);
	for (size_t i = 0; i < isolation->mount_count; i++)
		idmapped |= isolation->mounts[i].idmapped;
	r = idmapped ? look_mount_maps(isolation) : 0;
	if (r < 0)
		isolation_unseen(isolation, "id maps of its mounts", r);
}
