#include "runtime/container.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "oci/state.h"
#include "runtime/hooks.h"
#include "runtime/record.h"
#include "runtime/state.h"
#include "runtime/undo.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

enum { END_WAIT_MS = 10000 };

/*
 * A pidfd is readable once the process has ended, before its parent has reaped it. It may be our
 * own child: then nobody else reaps it.
 */
static int kill_and_wait(const struct record *record, struct err *err)
{
	cleanup_close int pid_fd = sys_pidfd_open(record->pid);
	struct pollfd ended = {.fd = pid_fd, .events = POLLIN};
	int r;

	if (pid_fd < 0 || !record_alive(record))
		return 0;
	r = sys_pidfd_send_signal(pid_fd, SIGKILL);
	if (r < 0 && r != -ESRCH)
		return err_set(err, r, "kill process %d", (int)record->pid);
	do
		r = poll(&ended, 1, END_WAIT_MS);
	while (r < 0 && errno == EINTR);
	if (r == 0)
		return err_plain(err, -ETIMEDOUT, "container init still running: process %d",
				 (int)record->pid);
	(void)waitid(P_PIDFD, (id_t)pid_fd, &(siginfo_t){}, WEXITED | WNOHANG);
	return 0;
}

static void run_poststop(const struct runtime *runtime, struct arena *arena, int state_fd,
			 const struct record *record)
{
	struct oci_spec spec;
	struct oci_state state;

	if (!record->poststop_hooks || record_spec(arena, state_fd, &spec, NULL) < 0)
		return;
	record_to_state(record, "stopped", &state);
	hooks_poststop(runtime, &spec.hooks.poststop, &state);
}

static int check_status(const struct record *record, int state_fd, struct err *err)
{
	const char *status = record_status(record, state_fd);

	if (status_is(status, "stopped") || status_is(status, "created"))
		return 0;
	return err_plain(err, -EBUSY, "cannot delete container %s that is not stopped: %s",
			 record->id, status);
}

/* The bundle that a config became belongs to the container; any other is its maker's. */
static int remove_bundle(const struct runtime *runtime, const char *id, struct err *err)
{
	char path[PATH_MAX];
	int r;

	(void)snprintf(path, sizeof(path), "%s/.bundle/%s", runtime->root, id);
	r = remove_tree(AT_FDCWD, path);
	return r < 0 ? err_set(err, r, "remove %s", path) : 0;
}

/*
 * A folder without state.json is a create that was killed. What can't be read is only taken for
 * that by force: a process of the container may still run. Return: whether there is a record.
 */
static int read_record(struct arena *arena, const struct run *run, bool force,
		       struct record *record, struct err *err)
{
	int r = record_read(arena, run->state_fd, run->id, record, err);

	if (r == 0)
		return 1;
	if (r != -ENOENT && !force)
		return r;
	err_clear(err);
	return 0;
}

/* By force lines of the journal that can't be read don't hold up the others. */
static int undo(struct run *run, bool force, struct err *err)
{
	int r = undo_journal(run, err);

	if (r != -EBADMSG)
		return r;
	if (!force) {
		err_add(err, "container %s", run->id);
		err_hint(err, "delete --force passes over it");
		return r;
	}
	err_clear(err);
	return 0;
}

/* From a folder that is open and locked. */
static int delete_locked(const struct runtime *runtime, struct run *run, bool force,
			 struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	struct record record = {};
	int known = read_record(&arena, run, force, &record, err), r = known;

	if (known > 0)
		r = force ? 0 : check_status(&record, run->state_fd, err);
	if (r == 0 && known)
		r = kill_and_wait(&record, err);
	if (r == 0)
		r = undo(run, force, err);
	if (r < 0)
		return r;
	if (known)
		run_poststop(runtime, &arena, run->state_fd, &record);
	if (known && runtime->undone)
		runtime->undone(runtime->undone_data, run->id);
	r = remove_bundle(runtime, run->id, err);
	return r < 0 ? r : record_folder_remove(runtime, run->id, err);
}

int container_delete(const struct runtime *runtime, const char *id, bool force, struct err *err)
{
	cleanup_(run_close) struct run run;
	int r;

	run_init(&run);
	run.id = id;
	r = record_folder_open(runtime, id, true, &run.state_fd, err);
	if (r == -ENOENT && force) {
		err_clear(err);
		return remove_bundle(runtime, id, err);
	}
	if (r < 0)
		return r;
	run.trace = trace_new(runtime->trace_fd);
	run_trace_begin(&run, "delete");
	r = delete_locked(runtime, &run, force, err);
	run_trace_end(&run, "delete");
	trace_free(run.trace);
	return r;
}
