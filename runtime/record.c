#include "runtime/record.h"

#include "lib/clock.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/flock.h"
#include "lib/json.h"
#include "lib/text.h"
#include "oci/annotations.h"
#include "oci/state.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

enum { LOCK_SECONDS = 10, ID_MAX = 255 };

static const char id_first[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-";
static const char id_rest[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-.";

int record_id_check(const char *id, struct err *err)
{
	size_t length = strlen(id);

	if (length > 0 && length <= ID_MAX && strchr(id_first, id[0]) &&
	    strspn(id, id_rest) == length)
		return 0;
	return err_plain(
		err, -EINVAL,
		"invalid container ID format: '%s' (at most %d letters, digits and _ + - ., "
		"the dot not first)",
		id, ID_MAX);
}

/* Root of a user namespace is either a nested system's, with a /run of its own, or a user that an
 * engine made root there. */
static bool is_rootless(void)
{
	return geteuid() != 0 || access("/run", W_OK) < 0;
}

const char *runtime_root(struct arena *arena, const char *option)
{
	const char *env = getenv("PCTRUN_ROOT"), *xdg = getenv("XDG_RUNTIME_DIR");

	if (option && *option)
		return option;
	if (env && *env)
		return arena_strdup(arena, env);
	if (xdg && *xdg && is_rootless())
		return arena_printf(arena, "%s/pctrun", xdg);
	return "/run/pctrun";
}

static int lock_folder(int state_fd, const char *id, struct err *err)
{
	const int r = flock_wait(state_fd, deadline_in(LOCK_SECONDS));

	if (r == -ETIMEDOUT)
		return err_plain(err, -EBUSY,
				 "container %s is being made or removed by another process", id);
	return r < 0 ? err_set(err, r, "lock container %s", id) : 0;
}

static bool is_there(const struct runtime *runtime, const char *id, const struct stat *folder)
{
	struct stat there;
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/%s", runtime->root, id);
	return stat(path, &there) == 0 && folder->st_dev == there.st_dev &&
	       folder->st_ino == there.st_ino;
}

bool record_folder_gone(const struct runtime *runtime, const char *id, int state_fd)
{
	struct stat folder;

	return fstat(state_fd, &folder) < 0 || !is_there(runtime, id, &folder);
}

static int open_failed(const char *path, const char *id, int num, struct err *err)
{
	if (num == -ENOENT)
		return err_plain(err, num, "container %s does not exist", id);
	err_set(err, num, "open %s", path);
	if (num == -EACCES)
		err_hint(err, "the container is another user's");
	return num;
}

/* What stands in the folder is obeyed: pids are killed, directories removed. */
static int check_owner(int state_fd, struct stat *folder, const char *id, struct err *err)
{
	if (fstat(state_fd, folder) < 0)
		return err_set(err, -errno, "look at container %s", id);
	if (folder->st_uid != geteuid())
		return err_plain(err, -EPERM,
				 "container %s belongs to uid %u: only that may use it", id,
				 folder->st_uid);
	if (folder->st_mode & 0022)
		return err_plain(err, -EPERM, "container %s: others may write to its folder", id);
	return 0;
}

int record_folder_lock(const struct runtime *runtime, const char *id, int state_fd, struct err *err)
{
	int r = lock_folder(state_fd, id, err);

	if (r == 0 && record_folder_gone(runtime, id, state_fd))
		r = err_plain(err, -EBUSY, "container %s was removed meanwhile", id);
	return r;
}

static int make_failed(const char *path, int num, struct err *err)
{
	err_set(err, num, "make %s", path);
	if (num == -EACCES)
		err_hint(err,
			 "an ordinary user needs XDG_RUNTIME_DIR in the environment, or --root");
	return num;
}

int record_folder_make(const struct runtime *runtime, const char *id, int *state_fd,
		       struct err *err)
{
	char path[4096];
	int r, fd;

	r = record_id_check(id, err);
	if (r < 0)
		return r;
	(void)snprintf(path, sizeof(path), "%s/%s", runtime->root, id);
	r = mkdir(path, 0700) < 0 ? -errno : 0;
	if (r == -ENOENT) {
		r = make_dirs(runtime->root, 0700);
		if (r == 0)
			r = mkdir(path, 0700) < 0 ? -errno : 0;
	}
	if (r == -EEXIST)
		return err_plain(err, r, "container with given ID already exists: %s", id);
	if (r < 0)
		return make_failed(path, r, err);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_set(err, -errno, "open %s", path);
	/* Somebody looks at what we just made, or removes it. */
	r = flock(fd, LOCK_EX | LOCK_NB) < 0 ? record_folder_lock(runtime, id, fd, err) : 0;
	if (r < 0) {
		close_fd(fd);
		return r;
	}
	*state_fd = fd;
	return 0;
}

int record_folder_open(const struct runtime *runtime, const char *id, bool lock, int *state_fd,
		       struct err *err)
{
	struct stat folder;
	char path[4096];
	int r, fd;

	r = record_id_check(id, err);
	if (r < 0)
		return r;
	(void)snprintf(path, sizeof(path), "%s/%s", runtime->root, id);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return open_failed(path, id, -errno, err);
	r = check_owner(fd, &folder, id, err);
	if (r == 0 && lock)
		r = lock_folder(fd, id, err);
	if (r == 0 && lock && !is_there(runtime, id, &folder)) /* gone while we waited */
		r = err_plain(err, -ENOENT, "container %s does not exist", id);
	if (r < 0) {
		close_fd(fd);
		return r;
	}
	*state_fd = fd;
	return 0;
}

/* Its files by their names: mostly that is all, and no list has to be read. */
static bool remove_files(const char *folder)
{
	static const char *const names[] = {"state.json", "config.json", "journal"};
	char path[4200];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		(void)unlink(path); /* what is left over or strange is for remove_tree() */
	}
	return rmdir(folder) == 0;
}

int record_folder_remove(const struct runtime *runtime, const char *id, struct err *err)
{
	char path[4096];
	int r;

	(void)snprintf(path, sizeof(path), "%s/%s", runtime->root, id);
	r = remove_files(path) ? 0 : remove_tree(AT_FDCWD, path);
	return r < 0 ? err_set(err, r, "remove %s", path) : 0;
}

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

int record_read(struct arena *arena, int state_fd, struct record *record, struct err *err)
{
	const char *text;
	size_t length;
	int r;

	r = file_read(arena, state_fd, "state.json", 0, &text, &length, err);
	return r < 0 ? r : record_parse(arena, text, length, record, err);
}

int record_read_of(struct arena *arena, int state_fd, const char *id, struct record *record,
		   struct err *err)
{
	int r = record_read(arena, state_fd, record, err);

	if (r == 0 && strcmp(record->id, id) != 0)
		r = err_plain(err, -EINVAL, "state.json: is that of '%s'", record->id);
	if (r == 0 || r == -ENOENT)
		return r;
	err_add(err, "container %s", id);
	err_hint(err, "delete --force removes what is left of it");
	return r;
}

/* proc_pid_stat(5): 3 is the state, 22 the start. The name before them may hold anything, also ')'.
 */
static const char *stat_field(const char *after_name, int number)
{
	const char *word = NULL;
	size_t length;

	for (int field = 3; field <= number; field++)
		word = next_word(&after_name, &length);
	return word ? word : "";
}

uint64_t process_start_time(pid_t pid)
{
	char path[32], stat[1024];
	const char *end;
	char state;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (pid <= 0 || file_line(AT_FDCWD, path, stat, sizeof(stat)) < 0)
		return 0;
	end = strrchr(stat, ')');
	if (!end)
		return 0;
	state = *stat_field(end + 1, 3);
	return state == 'Z' || state == 'X' ? 0 : strtoul(stat_field(end + 1, 22), NULL, 10);
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

static int read_spec(struct arena *arena, int state_fd, const char *name, struct oci_spec *spec,
		     struct err *err)
{
	const char *text;
	size_t length;
	int r;

	r = file_read(arena, state_fd, name, 0, &text, &length, err);
	return r < 0 ? r : oci_spec_read(arena, name, text, length, spec, err);
}

static int write_spec(int state_fd, const char *name, const struct oci_spec *spec, struct err *err)
{
	cleanup_free char *text = oci_spec_write(spec);

	return file_replace(state_fd, name, text, strlen(text), 0600, false, err);
}

int record_spec(struct arena *arena, int state_fd, struct oci_spec *spec, struct err *err)
{
	return read_spec(arena, state_fd, "config.json", spec, err);
}

int record_save_spec(int state_fd, const struct oci_spec *spec, struct err *err)
{
	return write_spec(state_fd, "config.json", spec, err);
}

int record_announce_spec(int state_fd, const struct oci_spec *spec, struct err *err)
{
	return write_spec(state_fd, "next.json", spec, err);
}

bool record_announced(int state_fd)
{
	return faccessat(state_fd, "next.json", F_OK, 0) == 0;
}

int record_announced_spec(struct arena *arena, int state_fd, struct oci_spec *spec, struct err *err)
{
	return read_spec(arena, state_fd, "next.json", spec, err);
}

int record_adopt_spec(int state_fd, struct err *err)
{
	if (renameat(state_fd, "next.json", state_fd, "config.json") < 0)
		return err_set(err, -errno, "put the container's new config.json in place");
	return 0;
}

void record_drop_spec(int state_fd)
{
	(void)unlinkat(state_fd, "next.json", 0); /* it may not be there */
}

int record_open_cgroup(const struct record *record, int flags, int *cgroup_fd, struct err *err)
{
	if (!record->cgroup)
		return err_plain(err, -ENOTSUP, "container %s has no cgroup", record->id);
	*cgroup_fd = open(record->cgroup, flags | O_DIRECTORY | O_CLOEXEC);
	return *cgroup_fd < 0 ? err_set(err, -errno, "open %s", record->cgroup) : 0;
}
