#include "runtime/record.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/proc_stat.h"
#include "lib/text.h"
#include "oci/annotations.h"
#include "oci/members.h"

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

static const struct member members[] = {
	MEMBER("ociVersion", STRING, record, oci_version, .required = true),
	MEMBER("id", STRING, record, id, .required = true),
	MEMBER("pid", INT, record, pid, .always = true),
	MEMBER("pidStart", U64, record, pid_start, .always = true),
	MEMBER("monitor", INT, record, monitor),
	MEMBER("monitorStart", U64, record, monitor_start),
	MEMBER("bundle", STRING, record, bundle, .required = true),
	MEMBER("rootfs", STRING, record, rootfs, .required = true),
	MEMBER("created", STRING, record, created, .required = true),
	MEMBER("owner", STRING, record, owner),
	MEMBER("accept", STRING, record, accept),
	MEMBER("cgroup", STRING, record, cgroup),
	MEMBER("initCgroup", STRING, record, init_cgroup),
	MEMBER("cgroupManager", STRING, record, cgroup_manager),
	MEMBER("startHooks", BOOL, record, start_hooks),
	MEMBER("poststopHooks", BOOL, record, poststop_hooks),
	MEMBER("noPivot", BOOL, record, no_pivot),
	MEMBER("noNewKeyring", BOOL, record, no_new_keyring),
	MEMBER("annotations", MAP, record, annotations),
	{},
};

char *record_print(const struct record *record)
{
	return members_write_text(members, record, false);
}

int record_write(int state_fd, const struct record *record, struct err *err)
{
	cleanup_free char *text = record_print(record);

	return file_replace(state_fd, "state.json", text, strlen(text), 0600, false, err);
}

int record_parse(struct arena *arena, const char *text, size_t length, struct record *record,
		 struct err *err)
{
	*record = (struct record){};
	return members_read_text(arena, members, "state.json", text, length, record, err);
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
