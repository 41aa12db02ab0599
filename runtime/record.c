#include "runtime/record.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/proc_stat.h"
#include "lib/text.h"
#include "oci/annotations.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

/* Not by the name service, which a static program can't ask. */
const char *record_owner(struct arena *arena, uid_t uid)
{
	FILE *file = uid ? fopen("/etc/passwd", "re") : NULL;
	const struct passwd *entry = NULL;
	const char *name = uid ? arena_printf(arena, "%u", (unsigned int)uid) : "root";

	while (file && (entry = fgetpwent(file)) && entry->pw_uid != uid)
		;
	if (entry)
		name = arena_strdup(arena, entry->pw_name);
	if (file)
		(void)fclose(file);
	return name;
}

static void write_optional(struct json_out *out, const char *name, const char *value)
{
	if (value)
		json_out_string(out, name, value);
}

char *record_print(const struct record *record)
{
	struct json_out *out = json_out_new(false);

	json_out_object(out, NULL);
	json_out_string(out, "ociVersion", record->oci_version);
	json_out_string(out, "id", record->id);
	json_out_i64(out, "pid", record->pid);
	json_out_u64(out, "pidStart", record->pid_start);
	if (record->monitor > 0) {
		json_out_i64(out, "monitor", record->monitor);
		json_out_u64(out, "monitorStart", record->monitor_start);
	}
	json_out_string(out, "bundle", record->bundle);
	json_out_string(out, "rootfs", record->rootfs);
	json_out_string(out, "created", record->created);
	write_optional(out, "owner", record->owner);
	write_optional(out, "accept", record->accept);
	write_optional(out, "cgroup", record->cgroup);
	write_optional(out, "initCgroup", record->init_cgroup);
	write_optional(out, "cgroupManager", record->cgroup_manager);
	json_out_bool(out, "startHooks", record->start_hooks);
	json_out_bool(out, "poststopHooks", record->poststop_hooks);
	json_out_bool(out, "noPivot", record->no_pivot);
	json_out_bool(out, "noNewKeyring", record->no_new_keyring);
	json_out_object(out, "annotations");
	for (size_t i = 0; i < record->annotations.count; i++)
		json_out_string(out, record->annotations.items[i].name,
				record->annotations.items[i].value);
	json_out_end(out);
	json_out_end(out);
	return json_out_take(out);
}

int record_write(int state_fd, const struct record *record, struct err *err)
{
	cleanup_free char *text = record_print(record);

	return file_replace(state_fd, "state.json", text, strlen(text), 0600, false, err);
}

static void read_annotations(struct arena *arena, const struct json *json, struct oci_map *map)
{
	map->items = arena_array(arena, json ? json->count : 0, sizeof(*map->items));
	json_each (member, json) {
		if (member->type != JSON_STRING)
			continue;
		map->items[map->count].name = member->name;
		map->items[map->count++].value = member->text;
	}
}

static bool read_flag(const struct json *json, const char *name)
{
	const struct json *flag = json_find(json, name);

	return flag && flag->boolean;
}

static int read_process(const struct json *json, const char *name, const char *start_name,
			pid_t *pid, uint64_t *start)
{
	int64_t number = 0;

	(void)json_i64(json_find(json, name), &number); /* absent: 0 */
	(void)json_u64(json_find(json, start_name), start);
	*pid = (pid_t)number;
	return number < 0 || number > INT32_MAX ? -EINVAL : 0;
}

int record_parse(struct arena *arena, const char *text, size_t length, struct record *record,
		 struct err *err)
{
	const struct json *json;
	int r;

	r = json_read(arena, "state.json", text, length, &json, err);
	if (r < 0)
		return r;
	*record = (struct record){
		.oci_version = json_string(json, "ociVersion"),
		.id = json_string(json, "id"),
		.bundle = json_string(json, "bundle"),
		.rootfs = json_string(json, "rootfs"),
		.created = json_string(json, "created"),
		.owner = json_string(json, "owner"),
		.accept = json_string(json, "accept"),
		.cgroup = json_string(json, "cgroup"),
		.init_cgroup = json_string(json, "initCgroup"),
		.cgroup_manager = json_string(json, "cgroupManager"),
	};
	record->start_hooks = read_flag(json, "startHooks");
	record->poststop_hooks = read_flag(json, "poststopHooks");
	record->no_pivot = read_flag(json, "noPivot");
	record->no_new_keyring = read_flag(json, "noNewKeyring");
	read_annotations(arena, json_find(json, "annotations"), &record->annotations);
	if (!record->id || !record->bundle || !record->rootfs || !record->created ||
	    !record->oci_version)
		return err_plain(err, -EINVAL, "state.json: is incomplete");
	r = read_process(json, "pid", "pidStart", &record->pid, &record->pid_start);
	if (r == 0)
		r = read_process(json, "monitor", "monitorStart", &record->monitor,
				 &record->monitor_start);
	return r < 0 ? err_plain(err, r, "state.json: has a number that is no pid") : 0;
}

static int read_state(struct arena *arena, int state_fd, struct record *record, struct err *err)
{
	const char *text;
	size_t length;
	int r;

	r = file_read(arena, state_fd, "state.json", 0, &text, &length, err);
	return r < 0 ? r : record_parse(arena, text, length, record, err);
}

int record_read(struct arena *arena, int state_fd, const char *id, struct record *record,
		struct err *err)
{
	int r = read_state(arena, state_fd, record, err);

	if (r == 0 && strcmp(record->id, id) != 0)
		r = err_plain(err, -EINVAL, "state.json: is that of '%s'", record->id);
	if (r == 0 || r == -ENOENT)
		return r;
	err_add(err, "container %s", id);
	err_hint(err, "delete --force removes what is left of it");
	return r;
}

uint64_t process_start_time(pid_t pid)
{
	struct proc_stat stat;

	if (pid <= 0 || proc_stat_read(pid, &stat) < 0 || stat.state == 'Z' || stat.state == 'X')
		return 0;
	return stat.start;
}

/* Without its start a process can't be told from the next one with its number. */
static bool is_process(pid_t pid, uint64_t start)
{
	return pid > 0 && start > 0 && process_start_time(pid) == start;
}

bool record_alive(const struct record *record)
{
	return is_process(record->pid, record->pid_start);
}

bool record_watched(const struct record *record)
{
	return is_process(record->monitor, record->monitor_start);
}

const char *record_origin(struct arena *arena, const struct record *record, const char *path)
{
	const char *text = oci_map_find(&record->annotations, ANNOTATION_ORIGIN);
	const struct json *origins;

	if (!text || json_read(arena, ANNOTATION_ORIGIN, text, strlen(text), &origins, NULL) < 0)
		return NULL;
	return json_string(origins, path);
}

int record_open_cgroup(const struct record *record, int flags, int *cgroup_fd, struct err *err)
{
	if (!record->cgroup)
		return err_plain(err, -ENOTSUP, "container %s has no cgroup", record->id);
	*cgroup_fd = open(record->cgroup, flags | O_DIRECTORY | O_CLOEXEC);
	return *cgroup_fd < 0 ? err_set(err, -errno, "open %s", record->cgroup) : 0;
}
