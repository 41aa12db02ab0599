#include "runtime/state.h"

#include "cgroup/cgroup.h"
#include "lib/date.h"
#include "lib/err.h"
#include "lib/host.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "oci/features.h"
#include "oci/state.h"
#include "runtime/join.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

bool status_is(const char *status, const char *name)
{
	return strcmp(status, name) == 0;
}

bool record_paused(const struct record *record)
{
	return record->cgroup && cgroup_is_frozen(record->cgroup);
}

const char *record_status(const struct record *record, int state_fd)
{
	if (!record_alive(record))
		return "stopped";
	if (record_paused(record))
		return "paused";
	return faccessat(state_fd, "start", F_OK, 0) == 0 ? "created" : "running";
}

int record_not_running(const struct record *record, struct err *err)
{
	return err_plain(err, -ESRCH, "container not running: %s", record->id);
}

int record_check_running(const struct record *record, struct err *err)
{
	return record_alive(record) ? 0 : record_not_running(record, err);
}

bool record_own_pids(int state_fd)
{
	cleanup_(arena_free) struct arena arena = {};
	const struct oci_namespace *pids;
	struct oci_spec spec;

	if (record_spec(&arena, state_fd, &spec, NULL) < 0)
		return true;
	pids = oci_namespace_find(&spec, "pid");
	return pids && !(pids->path && *pids->path);
}

void record_to_state(const struct record *record, const char *status, struct oci_state *state)
{
	*state = (struct oci_state){
		.oci_version = record->oci_version,
		.id = record->id,
		.status = status,
		.pid = strcmp(status, "stopped") == 0 ? 0 : record->pid,
		.bundle = record->bundle,
		.rootfs = record->rootfs,
		.created = record->created,
		.owner = record->owner,
		.annotations = record->annotations,
	};
}

int record_load(const struct runtime *runtime, struct arena *arena, const char *id, int *state_fd,
		struct record *record, struct err *err)
{
	int r, fd = -EBADF;

	r = record_folder_open(runtime, id, false, &fd, err);
	if (r < 0)
		return r;
	r = record_read(arena, fd, id, record, err);
	if (r < 0) {
		close_fd(fd);
		return r == -ENOENT ? err_plain(err, r,
						"container %s does not exist (its creation was "
						"not completed)",
						id)
				    : r;
	}
	*state_fd = fd;
	return 0;
}

int record_load_running(const struct runtime *runtime, struct arena *arena, const char *id,
			int *state_fd, struct record *record, struct err *err)
{
	int r = record_load(runtime, arena, id, state_fd, record, err);

	return r < 0 ? r : record_check_running(record, err);
}

int container_state(const struct runtime *runtime, struct arena *arena, const char *id,
		    struct oci_state *state, struct err *err)
{
	cleanup_close int state_fd = -EBADF;
	struct record record;
	int r;

	r = record_load(runtime, arena, id, &state_fd, &record, err);
	if (r < 0)
		return r;
	record_to_state(&record, record_status(&record, state_fd), state);
	return 0;
}

/* Whoever makes or removes a container holds a lock on its folder. */
static bool is_locked(int state_fd)
{
	if (flock(state_fd, LOCK_EX | LOCK_NB) < 0)
		return true;
	(void)flock(state_fd, LOCK_UN);
	return false;
}

int container_remains(const struct runtime *runtime, struct arena *arena, const char *id,
		      struct oci_state *state, struct err *err)
{
	cleanup_close int state_fd = -EBADF;
	struct stat folder;
	int r = record_folder_open(runtime, id, false, &state_fd, err);

	if (r < 0)
		return r;
	if (is_locked(state_fd))
		return err_plain(err, -EBUSY, "container %s is being made or removed", id);
	if (fstat(state_fd, &folder) < 0)
		return err_set(err, -errno, "look at the folder of %s", id);
	*state = (struct oci_state){
		.oci_version = OCI_VERSION_NEWEST,
		.id = id,
		.status = "stopped",
		.bundle = "",
		.rootfs = "",
		.created = time_text(arena, &folder.st_mtim),
	};
	return 0;
}

bool container_known(const struct runtime *runtime, const char *id)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_close int state_fd = -EBADF;
	struct oci_state remains;
	struct record record;

	return record_load(runtime, &arena, id, &state_fd, &record, NULL) == 0 ||
	       container_remains(runtime, &arena, id, &remains, NULL) == 0;
}

int container_root(const struct runtime *runtime, const char *id, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_close int state_fd = -EBADF;
	cleanup_(run_close) struct run run;
	struct record record;
	int r;

	run_init(&run);
	r = record_load(runtime, &arena, id, &state_fd, &record, err);
	if (r == 0)
		r = run_look(&run, NULL, record.pid, err);
	if (r == 0 && !record_alive(&record)) /* another process has its pid now */
		r = err_plain(err, -ESRCH, "container %s is not running", id);
	return r < 0 ? r : take_fd(&run.root_fd);
}

int container_become_root(const struct runtime *runtime, const char *id, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_close int state_fd = -EBADF, pid_fd = -EBADF;
	struct record record;
	int r = record_load(runtime, &arena, id, &state_fd, &record, err);

	if (r < 0)
		return r;
	pid_fd = sys_pidfd_open(record.pid);
	if (pid_fd < 0 || !record_alive(&record))
		return record_not_running(&record, err);
	return join_as_root(record.pid, pid_fd, CLONE_NEWUSER, err);
}

const char *container_accepted(const struct runtime *runtime, struct arena *arena, const char *id)
{
	cleanup_close int state_fd = -EBADF;
	struct record record;

	if (record_load(runtime, arena, id, &state_fd, &record, NULL) < 0)
		return NULL;
	return record.accept;
}

pid_t container_monitor(const struct runtime *runtime, const char *id)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_close int state_fd = -EBADF;
	struct record record;

	if (record_load(runtime, &arena, id, &state_fd, &record, NULL) < 0)
		return 0;
	return record_watched(&record) ? record.monitor : 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int container_list(const struct runtime *runtime, struct arena *arena, const char ***ids,
		   size_t *count, struct err *err)
{
	DIR *root = opendir(runtime->root);
	struct dirent *entry;
	size_t room = 16, n = 0;
	const char **list = arena_array(arena, room, sizeof(*list));

	if (!root && errno != ENOENT)
		return err_set(err, -errno, "open %s", runtime->root);
	while (root && (entry = readdir(root))) {
		if (record_id_check(entry->d_name, NULL) < 0)
			continue;
		if (n == room) {
			const char **larger = arena_array(arena, 2 * room, sizeof(*list));

			memcpy(larger, list, room * sizeof(*list));
			list = larger;
			room *= 2;
		}
		list[n++] = arena_strdup(arena, entry->d_name);
	}
	if (root)
		(void)closedir(root);
	qsort(list, n, sizeof(*list), by_name);
	*ids = list;
	*count = n;
	return 0;
}
