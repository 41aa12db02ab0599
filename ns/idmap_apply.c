#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/process.h"
#include "lib/run.h"
#include "lib/text.h"
#include "ns/idmap.h"

#include <stdio.h>
#include <string.h>

static int write_map(struct run *run, const char *file, const struct idmap *map, struct err *err)
{
	cleanup_(text_free) struct text text = {};
	int r;

	idmap_text(map, &text);
	r = file_write(run->pid_dir_fd, file, text_str(&text));
	if (r < 0)
		err_set(err, r, "write %s", file);
	if (r == -EPERM)
		err_hint(err, "the ranges must be in the caller's own user namespace");
	return r;
}

/* user_namespaces(7): each file takes one write; the gid map of somebody without CAP_SETGID needs
 * setgroups denied first. */
static int idmap_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct idmap_step *idmap = container_of(step, struct idmap_step, step);
	int r = 0;

	if (idmap->deny_setgroups)
		r = file_write(run->pid_dir_fd, "setgroups", "deny");
	if (r < 0)
		return err_set(err, r, "deny setgroups");
	r = write_map(run, "gid_map", &idmap->gid, err);
	return r < 0 ? r : write_map(run, "uid_map", &idmap->uid, err);
}

/* newuidmap PID INSIDE OUTSIDE COUNT... */
static int map_by(struct run *run, const char *tool, const struct idmap *map, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char **argv = arena_array(&arena, 3 + 3 * map->count, sizeof(*argv));
	size_t n = 0;
	int r;

	argv[n++] = tool;
	argv[n++] = arena_printf(&arena, "%d", (int)run->pid);
	for (size_t i = 0; i < map->count; i++) {
		argv[n++] = arena_printf(&arena, "%u", map->ranges[i].inside);
		argv[n++] = arena_printf(&arena, "%u", map->ranges[i].outside);
		argv[n++] = arena_printf(&arena, "%u", map->ranges[i].count);
	}
	r = process_run(argv, NULL, err);
	if (r == -EIO)
		err_hint(err, "/etc/subuid and /etc/subgid say which ids a user may map");
	return r;
}

static int idmap_helped_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct idmap_step *idmap = container_of(step, struct idmap_step, step);
	int r = map_by(run, "newgidmap", &idmap->gid, err);

	return r < 0 ? r : map_by(run, "newuidmap", &idmap->uid, err);
}

static void idmap_describe(const struct step *step, struct text *text)
{
	const struct idmap_step *idmap = container_of(step, struct idmap_step, step);

	text_add(text, "uid");
	for (size_t i = 0; i < idmap->uid.count; i++)
		text_addf(text, " %u:%u:%u", idmap->uid.ranges[i].inside,
			  idmap->uid.ranges[i].outside, idmap->uid.ranges[i].count);
	text_add(text, ", gid");
	for (size_t i = 0; i < idmap->gid.count; i++)
		text_addf(text, " %u:%u:%u", idmap->gid.ranges[i].inside,
			  idmap->gid.ranges[i].outside, idmap->gid.ranges[i].count);
}

static void write_ranges(struct json_out *out, const char *name, const struct idmap *map)
{
	json_out_array(out, name);
	for (size_t i = 0; i < map->count; i++) {
		json_out_object(out, NULL);
		json_out_u64(out, "containerID", map->ranges[i].inside);
		json_out_u64(out, "hostID", map->ranges[i].outside);
		json_out_u64(out, "size", map->ranges[i].count);
		json_out_end(out);
	}
	json_out_end(out);
}

static void idmap_write(const struct step *step, struct json_out *out)
{
	const struct idmap_step *idmap = container_of(step, struct idmap_step, step);

	write_ranges(out, "uidMappings", &idmap->uid);
	write_ranges(out, "gidMappings", &idmap->gid);
}

/* Whether the file has just the lines of @map, whatever blanks the kernel pads them with. */
static bool same_map(struct run *run, const char *file, const struct idmap *map)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *text, *line;
	size_t i = 0;

	if (file_read(&arena, run->pid_dir_fd, file, 0, &text, NULL, NULL) < 0)
		return false;
	for (line = text; *line; line += strcspn(line, "\n") + 1, i++) {
		unsigned int inside, outside, count;

		if (i >= map->count || sscanf(line, "%u %u %u", &inside, &outside, &count) != 3 ||
		    inside != map->ranges[i].inside || outside != map->ranges[i].outside ||
		    count != map->ranges[i].count)
			return false;
	}
	return i == map->count;
}

static int idmap_observe(const struct step *step, struct run *run, struct observation *seen,
			 struct err *err)
{
	const struct idmap_step *idmap = container_of(step, struct idmap_step, step);
	bool same = same_map(run, "uid_map", &idmap->uid) && same_map(run, "gid_map", &idmap->gid);

	return observe(seen, same ? OBSERVED_HOLDS : OBSERVED_DIFFERS, "/proc/%d/uid_map, gid_map",
		       (int)run->pid);
}

const struct step_kind idmap_kind = {
	.name = "idmap",
	.describe = idmap_describe,
	.write = idmap_write,
	.apply = idmap_apply,
	.observe = idmap_observe,
};

const struct step_kind idmap_helped_kind = {
	.name = "idmap.helped",
	.describe = idmap_describe,
	.write = idmap_write,
	.apply = idmap_helped_apply,
	.observe = idmap_observe,
};

static int joined_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct idmap_step *idmap = container_of(step, struct idmap_step, step);

	if (same_map(run, "uid_map", &idmap->uid) && same_map(run, "gid_map", &idmap->gid))
		return 0;
	return err_plain(err, -EINVAL, "the joined user namespace has other maps");
}

const struct step_kind idmap_joined_kind = {
	.name = "idmap.joined",
	.describe = idmap_describe,
	.write = idmap_write,
	.apply = joined_apply,
	.observe = idmap_observe,
};
