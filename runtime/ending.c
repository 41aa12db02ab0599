#include "runtime/ending.h"

#include "cgroup/cgroup.h"
#include "lib/date.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/signals.h"
#include "oci/members.h"
#include "runtime/container.h"
#include "runtime/record.h"
#include "runtime/state.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static void path_of(const struct runtime *runtime, const char *id, char path[PATH_MAX])
{
	(void)snprintf(path, PATH_MAX, "%s/.last/%s", runtime->root, id);
}

static const struct member members[] = {
	MEMBER("ended", STRING, ending, time),
	MEMBER("status", INT, ending, status, GIVEN(ending, seen)),
	MEMBER("halted", BOOL, ending, halted),
	MEMBER("oomKills", OPT_U64, ending, oom_kills),
	MEMBER("oomTime", STRING, ending, oom_time),
	MEMBER("conflict", STRING, ending, conflict),
	MEMBER("memoryOrigin", STRING, ending, memory_origin),
	MEMBER("startFailed", STRING, ending, failed),
	MEMBER("startReport", STRING, ending, report),
	{},
};

int ending_write(const struct runtime *runtime, const char *id, const struct ending *ending,
		 struct err *err)
{
	cleanup_free char *text = members_write_text(members, ending, true);
	char path[PATH_MAX], folder[PATH_MAX];
	int r;

	(void)snprintf(folder, sizeof(folder), "%s/.last", runtime->root);
	path_of(runtime, id, path);
	r = make_dirs(folder, 0700, err);
	if (r < 0)
		return r;
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
	const char *text;
	char path[PATH_MAX];
	size_t length;
	int r;

	path_of(runtime, id, path);
	r = file_read(arena, AT_FDCWD, path, 0, &text, &length, err);
	if (r < 0)
		return r;
	*ending = (struct ending){};
	return members_read_text(arena, members, path, text, length, ending, err);
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

bool ending_halted(int state_fd, int status)
{
	return WIFSIGNALED(status) && (WTERMSIG(status) == SIGINT || WTERMSIG(status) == SIGHUP) &&
	       record_own_pids(state_fd);
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
	if (ending->halted)
		return WTERMSIG(ending->status) == SIGHUP ? "rebooted" : "powered off";
	return arena_printf(arena, "killed by %s", signal_name(WTERMSIG(ending->status), name));
}
