/*
 * A further process in a running container.
 *
 * The caller makes a process in between, which joins the container's namespaces with one setns(2)
 * on a pidfd and makes the program's process as the caller's child (CLONE_PARENT), straight into
 * the container's cgroup. That one goes through the EXEC steps as init did.
 */

#include "runtime/container.h"

#include "lib/err.h"
#include "lib/msg.h"
#include "lib/plan.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "ns/namespaces.h"
#include "ns/tty.h"
#include "runtime/init.h"
#include "runtime/join.h"
#include "runtime/launch.h"
#include "runtime/missing.h"
#include "runtime/pidfile.h"
#include "runtime/plan.h"
#include "runtime/state.h"
#include "runtime/sync.h"
#include "seccomp/blame.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* What is read of a container; all else is asked of its process. */
struct exec_base {
	struct record record;
	struct oci_spec spec;
};

static int read_base(const struct runtime *runtime, struct arena *arena, const char *id,
		     const struct exec_base **base, struct err *err)
{
	struct exec_base *read = arena_alloc(arena, sizeof(*read));
	cleanup_close int state_fd = -EBADF;
	int r = record_load(runtime, arena, id, &state_fd, &read->record, err);

	if (r == 0)
		r = record_spec(arena, state_fd, &read->spec, err);
	if (r < 0)
		return r;
	*base = read;
	return 0;
}

/* The pidfd first, then the check that it is still that process: the pid can't change hands. */
static int open_process(const struct record *record, bool ignore_paused, int *pid_fd,
			struct err *err)
{
	*pid_fd = sys_pidfd_open(record->pid);
	if (*pid_fd < 0 || !record_alive(record))
		return err_plain(err, -ESRCH, "cannot exec in a stopped container: %s", record->id);
	if (!ignore_paused && record_paused(record))
		return err_plain(err, -EBUSY,
				 "cannot exec in a paused container (use --ignore-paused to "
				 "override): %s",
				 record->id);
	return 0;
}

/* No ".." and no link leads out of the container's cgroup. */
static int open_cgroup(const struct record *record, const char *below, struct run *run,
		       struct err *err)
{
	cleanup_close int cgroup_fd = -EBADF;

	if (!record->init_cgroup)
		return below ? err_plain(err, -ENOTSUP, "container %s has no cgroup", record->id)
			     : 0;
	if (!below) {
		run->init_cgroup_fd = open(record->init_cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		return run->init_cgroup_fd < 0
			       ? err_set(err, -errno, "open %s", record->init_cgroup)
			       : 0;
	}
	cgroup_fd = open(record->cgroup, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (cgroup_fd < 0)
		return err_set(err, -errno, "open %s", record->cgroup);
	below += strspn(below, "/");
	run->init_cgroup_fd =
		sys_open_beneath(cgroup_fd, *below ? below : ".", O_RDONLY | O_DIRECTORY);
	if (run->init_cgroup_fd == -EXDEV)
		return err_plain(err, -EXDEV, "cgroup %s is not below that of container %s", below,
				 record->id);
	if (run->init_cgroup_fd < 0)
		return err_set(err, run->init_cgroup_fd, "open cgroup %s of %s", below, record->id);
	return 0;
}

static const struct exec_changes *changes_of(const struct exec_options *options)
{
	static const struct exec_changes none = {};

	return options->changes ? options->changes : &none;
}

/* Its own need no look; where we have joined one before, the kernel joins it again. */
static int find_namespaces(const struct exec_base *base, uint64_t *flags, struct err *err)
{
	const uint64_t own = namespaces_own(&base->spec);
	int r = join_differing(base->record.pid, ~own, flags, err);

	*flags |= own;
	return r;
}

static int open_target(const struct exec_base *base, const struct exec_options *options,
		       struct init *init, struct run *run, struct err *err)
{
	const struct record *record = &base->record;
	int r = find_namespaces(base, &init->target_flags, err);

	if (r < 0)
		return r;
	init->target_flags &= ~changes_of(options)->stay;
	if (init->plan->procfs)
		run->proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (init->plan->procfs && run->proc_fd < 0)
		return err_set(err, -errno, "open /proc");
	return changes_of(options)->own_cgroup ? 0 : open_cgroup(record, options->cgroup, run, err);
}

static int accompany(const struct runtime *runtime, const struct plan *plan, struct run *run,
		     struct err *err)
{
	int r = 0;

	for (const struct step *step = plan->first[STEP_ATTACH]; r == 0 && step; step = step->next)
		r = step_apply(step, run, err);
	if (r == 0 && plan->first[STEP_ATTACH])
		(void)sync_send(run->sync_fd, SYNC_ATTACHED); /* if it is gone the wait says why */
	if (r == 0)
		r = sync_wait_unless(run->sync_fd, runtime->cancel_fd, SYNC_READY, err);
	if (r == -EPIPE)
		filter_blame(plan, run, err);
	return r;
}

static int launch(const struct runtime *runtime, struct init *init, struct run *run,
		  const struct exec_options *options, struct err *err)
{
	int r;

	r = launch_init(init, run, err);
	if (r == 0)
		r = accompany(runtime, init->plan, run, err);
	if (r == 0 && options->pid_file)
		r = pid_file_write(options->pid_file, run->pid, err);
	if (r == 0 && options->pidfd_socket)
		r = pidfd_send(options->pidfd_socket, "setns", run->pid_fd, err);
	if (r == 0) /* if it is gone, waiting for it shows that */
		(void)sync_send(run->sync_fd, SYNC_SAVED);
	if (r < 0 && run->pid > 0) {
		(void)sys_pidfd_send_signal(run->pid_fd, SIGKILL);
		while (waitpid(run->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	return r;
}

/* The container, and what it was made from. */
struct target {
	const struct exec_base *base;
	struct oci_spec spec;       /* the base's, less what the options leave out */
	struct oci_process process; /* the spec's, where that isn't taken as it is */
	struct host host;
};

/* @spec's process stands for what the options' own doesn't say. */
static void change_spec(const struct exec_changes *changes, struct target *target)
{
	struct oci_spec *spec = &target->spec;

	if (changes->unfiltered)
		spec->linux.seccomp = NULL;
	if (!changes->unlabelled || !spec->process)
		return;
	target->process = *spec->process;
	target->process.apparmor_profile = target->process.selinux_label = NULL;
	spec->process = &target->process;
}

static int find_target(const struct runtime *runtime, const char *id,
		       const struct exec_options *options, struct arena *arena,
		       struct target *target, int *pid_fd, struct err *err)
{
	int r = 0;

	target->base = options->base;
	if (!target->base)
		r = read_base(runtime, arena, id, &target->base, err);
	if (r == 0)
		r = open_process(&target->base->record, options->ignore_paused, pid_fd, err);
	if (r == 0)
		r = host_probe(arena, &target->host, err);
	if (r < 0)
		return r;
	target->spec = target->base->spec;
	change_spec(changes_of(options), target);
	return 0;
}

/* The socket is a path of the host: connected before the container's namespaces are joined. */
static int plan_terminal(struct plan *plan, struct run *run, const struct exec_options *options,
			 struct err *err)
{
	if (!options->process->terminal)
		return 0;
	if (options->console_socket) {
		run->console_fd = unix_connect(options->console_socket, SOCK_STREAM);
		if (run->console_fd < 0)
			return err_set(err, run->console_fd, "connect to the console socket %s",
				       options->console_socket);
	} else if (options->console_fd >= 0) {
		run->console_fd = fcntl(options->console_fd, F_DUPFD_CLOEXEC, 3);
	}
	tty_exec_plan(plan, options->process, "process", options->console_stdio);
	return 0;
}

static int plan_exec(const struct runtime *runtime, const struct target *target,
		     const struct exec_options *options, struct plan *plan, struct run *run,
		     struct err *err)
{
	const struct exec_changes *changes = changes_of(options);
	const struct plan_request request = {
		.id = run->id,
		.bundle = target->base->record.bundle,
		.no_new_keyring = target->base->record.no_new_keyring,
	};
	int r = plan_terminal(plan, run, options, err);

	if (r == 0 && changes->plan)
		r = changes->plan(plan, changes->data, err);
	if (r == 0)
		r = plan_make_exec(plan, &target->spec, options->process, &target->host, &request,
				   err);
	return r < 0 ? r : missing_check(runtime, plan, err);
}

static int prepare(const struct plan *plan, struct run *run, struct err *err)
{
	int r = 0;

	if (run_slots(run, plan->slots) < 0)
		return err_set(err, -ENOMEM, "exec");
	for (const struct step *step = plan->first[STEP_PREPARE]; r == 0 && step; step = step->next)
		r = step_apply(step, run, err);
	return r;
}

int container_exec(const struct runtime *runtime, const char *id,
		   const struct exec_options *options, pid_t *pid, struct err *err)
{
	cleanup_(plan_free) struct plan plan = {.asked = options->origins};
	struct target target = {};
	cleanup_(run_close) struct run run;
	struct init init = {.plan = &plan,
			    .process = options->process,
			    .spec = &target.spec,
			    .run = &run,
			    .start_fd = -EBADF,
			    .report_fd = -EBADF,
			    .target_fd = -EBADF,
			    .cgroupns_fd = -EBADF,
			    .preserve_fds = options->preserve_fds};
	int r;

	run_init(&run);
	run.id = id;
	run.host = &target.host;
	run.state_root = runtime->root;
	r = find_target(runtime, id, options, &plan.arena, &target, &init.target_fd, err);
	if (r == 0)
		r = plan_exec(runtime, &target, options, &plan, &run, err);
	if (r == 0)
		r = prepare(&plan, &run, err);
	if (r == 0)
		r = open_target(target.base, options, &init, &run, err);
	if (r == 0)
		r = launch(runtime, &init, &run, options, err);
	close_fd(init.target_fd);
	if (r < 0)
		return r;
	*pid = run.pid;
	return 0;
}

int container_process(const struct runtime *runtime, struct arena *arena, const char *id,
		      struct oci_process *process, const struct exec_base **base, struct err *err)
{
	int r = read_base(runtime, arena, id, base, err);

	if (r < 0)
		return r;
	if (!(*base)->spec.process)
		return err_plain(err, -EINVAL, "process: is missing in config.json of %s", id);
	*process = *(*base)->spec.process;
	return 0;
}
