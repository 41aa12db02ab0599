#include "runtime/ending.h"

#include "cgroup/cgroup.h"
#include "lib/date.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/signals.h"
#include "runtime/container.h"
#include "runtime/record.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static void path_of(const struct runtime *runtime, const char *id, char path[PATH_MAX])
{
	(void)snprintf(path, PATH_MAX, "%s/.last/%s", runtime->root, id);
}

static void write_optional(struct json_out *out, const char *name, const char *value)
{
	if (value)
		json_out_string(out, name, value);
}

static char *to_json(const struct ending *ending)
{
	struct json_out *out = json_out_new(true);

	json_out_object(out, NULL);
	write_optional(out, "ended", ending->time);
	if (ending->seen)
		json_out_i64(out, "status", ending->status);
	if (ending->oom_kills.set)
		json_out_u64(out, "oomKills", ending->oom_kills.value);
	write_optional(out, "oomTime", ending->oom_time);
	write_optional(out, "memoryOrigin", ending->memory_origin);
	write_optional(out, "startFailed", ending->failed);
	write_optional(out, "startReport", ending->report);
	json_out_end(out);
	return json_out_take(out);
}

int ending_write(const struct runtime *runtime, const char *id, const struct ending *ending,
		 struct err *err)
{
	cleanup_free char *text = to_json(ending);
	char path[PATH_MAX], folder[PATH_MAX];
	int r;

	(void)snprintf(folder, sizeof(folder), "%s/.last", runtime->root);
	path_of(runtime, id, path);
	r = make_dirs(folder, 0700);
	if (r < 0)
		return err_set(err, r, "make %s", folder);
	return file_replace(AT_FDCWD, path, text, strlen(text), 0600, false, err);
}

void ending_failed(const struct runtime *runtime, const char *id, const char *report)
{
	cleanup_(arena_free) struct arena arena = {};
	const struct ending ending = {.failed = time_now(&arena), .report = report};

	(void)ending_write(runtime, id, &ending, NULL); /* the start's error matters more */
}

int ending_read(struct arena *arena, const struct runtime *runtime, const char *id,
		struct ending *ending, struct err *err)
{
	const struct json *json, *number;
	const char *text;
	char path[PATH_MAX];
	int64_t status = 0;
	size_t length;
	int r;

	path_of(runtime, id, path);
	r = file_read(arena, AT_FDCWD, path, 0, &text, &length, err);
	if (r == 0)
		r = json_read(arena, path, text, length, &json, err);
	if (r < 0)
		return r;
	*ending = (struct ending){
		.time = json_string(json, "ended"),
		.oom_time = json_string(json, "oomTime"),
		.memory_origin = json_string(json, "memoryOrigin"),
		.failed = json_string(json, "startFailed"),
		.report = json_string(json, "startReport"),
	};
	number = json_find(json, "status");
	ending->seen = number && json_i64(number, &status) == 0;
	ending->status = (int)status;
	number = json_find(json, "oomKills");
	ending->oom_kills.set = number && json_u64(number, &ending->oom_kills.value) == 0;
	return 0;
}

/* A raw line stands in place of the option: the limit has one of two places in the spec. */
const char *memory_origin(struct arena *arena, const struct record *record)
{
	const char *raw = record_origin(arena, record, "linux.resources.unified.memory.max");

	return raw ? raw : record_origin(arena, record, "linux.resources.memory.limit");
}

void ending_gather(struct arena *arena, const struct record *record, struct ending *ending)
{
	cleanup_close int cgroup_fd = -EBADF;
	struct cgroup_stat stat = {};

	if (record->cgroup)
		cgroup_fd = open(record->cgroup, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (cgroup_fd >= 0)
		cgroup_stat(cgroup_fd, &stat);
	*ending = (struct ending){
		.time = time_now(arena),
		.oom_kills = stat.oom_kills,
		.memory_origin = memory_origin(arena, record),
	};
}

void ending_forget(const struct runtime *runtime, const char *id)
{
	char path[PATH_MAX];

	path_of(runtime, id, path);
	(void)unlink(path); /* mostly there is none */
}

const char *ending_text(struct arena *arena, const struct ending *ending)
{
	char name[SIGNAL_NAME_SIZE];

	if (!ending->seen)
		return "unseen: its monitor was gone";
	if (WIFEXITED(ending->status))
		return arena_printf(arena, "exit status %d", WEXITSTATUS(ending->status));
	return arena_printf(arena, "killed by %s", signal_name(WTERMSIG(ending->status), name));
}
