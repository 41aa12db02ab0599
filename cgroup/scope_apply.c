#include "cgroup/place.h"
#include "cgroup/scope.h"
#include "cgroup/scope_run.h"
#include "lib/arena.h"
#include "lib/err.h"
#include "lib/json.h"
#include "lib/run.h"
#include "lib/sys.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* What undo needs: before the scope is asked for, and once more when its cgroup is known. */
struct note {
	const char *unit, *user_dir, *description;
	const char *directory; /* NULL: not yet */
	uint64_t inode;
};

static int write_note(struct run *run, const struct step *step, const struct note *note,
		      struct err *err)
{
	struct json_out *out = json_out_new(false);

	json_out_object(out, NULL);
	json_out_string(out, "scope", note->unit);
	json_out_string(out, "description", note->description);
	if (note->user_dir)
		json_out_string(out, "userDir", note->user_dir);
	if (note->directory) {
		json_out_string(out, "directory", note->directory);
		json_out_u64(out, "inode", note->inode);
	}
	json_out_end(out);
	return run_note(run, step, out, err);
}

static int open_directory(struct note *note, int *cgroup_fd, struct err *err)
{
	cleanup_close int fd = open(note->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_set(err, -errno, "open %s", note->directory);
	note->inode = st.st_ino;
	*cgroup_fd = take_fd(&fd);
	return 0;
}

static int take(const struct cgroup_scope_step *scope, struct run *run, struct note *note,
		const struct helper *keeper, struct err *err)
{
	cleanup_close int cgroup_fd = -EBADF;
	int r;

	r = open_directory(note, &cgroup_fd, err);
	if (r == 0)
		r = write_note(run, &scope->step, note, err);
	return r < 0 ? r
		     : cgroup_take(run, &scope->place, note->directory, scope->wanted, keeper->pid,
				   &cgroup_fd, err);
}

/* From here on the end of this process, however it comes, ends the keeper. */
static int keep(const struct cgroup_scope_step *scope, struct run *run, struct helper *keeper,
		struct err *err)
{
	int pid_fd = sys_pidfd_open(keeper->pid);

	run->slots[scope->keeper_slot] = keeper->socket_fd;
	run->slots[scope->process_slot] = pid_fd;
	return pid_fd < 0 ? err_set(err, pid_fd, "watch pctrun-scope") : 0;
}

int cgroup_scope_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct cgroup_scope_step *scope = container_of(step, struct cgroup_scope_step, step);
	cleanup_(arena_free) struct arena arena = {};
	struct helper keeper = {.socket_fd = -EBADF};
	struct note note = {
		.unit = scope->scope.unit,
		.user_dir = scope_user_dir(&scope->scope),
		.description = arena_printf(&arena, "container %s of %s", run->id, run->state_root),
	};
	const char *cgroup = NULL;
	int r;

	r = write_note(run, step, &note, err);
	if (r == 0)
		r = scope_start(&arena, &scope->scope, note.description, &keeper, &cgroup, err);
	if (r < 0)
		return r;
	r = keep(scope, run, &keeper, err);
	note.directory = arena_printf(&arena, "%s%s", scope->place.mount, cgroup);
	return r < 0 ? r : take(scope, run, &note, &keeper, err);
}

/* The container's process has a copy of the socket: it is shut down. The keeper is our own child:
 * nobody else reaps it. */
int cgroup_keeper_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct cgroup_keeper_step *keeper =
		container_of(step, struct cgroup_keeper_step, step);
	int *socket_fd = &run->slots[keeper->keeper_slot];
	siginfo_t ended;

	(void)shutdown(*socket_fd, SHUT_RDWR); /* if it is gone, so much the better */
	*socket_fd = close_fd(*socket_fd);
	while (waitid(P_PIDFD, (id_t)run->slots[keeper->process_slot], &ended, WEXITED) < 0)
		if (errno != EINTR)
			return err_set(err, -errno, "wait for pctrun-scope");
	return 0;
}

int cgroup_properties_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct scope *scope = &container_of(step, struct cgroup_properties_step, step)->scope;

	return scope->first ? scope_set(scope, err) : 0;
}

/*
 * Killed first, as systemd asks politely and waits for 90 seconds. An empty scope goes by itself;
 * stopping it waits for that, and takes away that it has failed, which out of memory is to systemd.
 * A manager that can't be reached (a user's that has ended) has nothing left when the cgroup is
 * gone or was never seen: then nobody but the keeper was in it.
 */
int cgroup_scope_undo(const struct json *record, struct run *run, struct err *err)
{
	const char *unit = json_string(record, "scope");
	const char *directory = json_string(record, "directory");
	uint64_t inode = 0;
	int r = 0;

	if (!unit)
		return err_plain(err, -EINVAL, "the journal names no scope");
	(void)json_u64(json_find(record, "inode"), &inode); /* there with the directory */
	if (directory)
		r = cgroup_kill(directory, inode, err);
	if (r < 0)
		return r;
	r = scope_stop(unit, json_string(record, "userDir"), json_string(record, "description"),
		       err);
	if (r < 0 && (!directory || access(directory, F_OK) < 0)) {
		err_clear(err);
		return 0;
	}
	return r;
}
