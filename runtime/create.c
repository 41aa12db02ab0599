/*
 * Making a container: the host's side.
 *
 * Runs in the caller's process and namespaces, with its privileges, and never changes them: hooks
 * and the caller need them as they were. Order:
 *
 *   read and check the bundle, ask the host, make the plan: changes nothing
 *   make the container's folder, locked; open its journal (creation.c up to here)
 *   PREPARE steps, each journaled first
 *   clone3: the container's process begins (init.c)
 *   MAP, "mapped", ATTACH, "attached", hooks, wait for "ready"
 *   write state.json and the pid file, "saved"
 *
 * Whatever fails takes back all that was done, from the journal, the same way a delete does after
 * this process was killed.
 */

#include "runtime/container.h"

#include "lib/err.h"
#include "lib/file.h"
#include "runtime/barrier.h"
#include "runtime/creation.h"
#include "runtime/init.h"
#include "runtime/launch.h"
#include "runtime/state.h"
#include "runtime/sync.h"
#include "seccomp/blame.h"

#include <fcntl.h>
#include <sys/stat.h>

/* The fifos between the container's process and start. */
struct gate {
	int start_fd, report_fd;
};

static int make_fifo(int state_fd, const char *name, int *fd, struct err *err)
{
	if (mkfifoat(state_fd, name, 0600) < 0)
		return file_failed(state_fd, name, -errno, err, "make the fifo");
	*fd = openat(state_fd, name, O_RDWR | O_CLOEXEC);
	return *fd < 0 ? err_set(err, -errno, "open the fifo %s", name) : 0;
}

/*
 * The start gate: the container's process holds it open for both, so that it never sees an end.
 * Where start has hooks around the execve it also wants to hear of that.
 */
static int make_gate(const struct creation *creation, struct gate *gate, struct err *err)
{
	int r = make_fifo(creation->run.state_fd, "start", &gate->start_fd, err);

	if (r == 0 && creation->record.start_hooks)
		r = make_fifo(creation->run.state_fd, "started", &gate->report_fd, err);
	return r;
}

static int host_hooks(struct creation *creation, struct err *err)
{
	const struct oci_hooks *hooks = &creation->spec.hooks;
	int r;

	if (hooks->prestart.count + hooks->create_runtime.count + hooks->create_container.count ==
	    0)
		return 0;
	r = barrier_wait(&creation->run, creation->run.sync_fd, creation->runtime->cancel_fd,
			 SYNC_MOUNTED, err);
	if (r == 0)
		r = creation_hooks(creation, err);
	if (r == 0)
		(void)barrier_reach(&creation->run, creation->run.sync_fd,
				    SYNC_HOOKED); /* if it is gone: see below */
	return r;
}

/* From the clone to "ready", side by side with the container's process. */
static int accompany(struct creation *creation, struct err *err)
{
	struct run *run = &creation->run;
	int r = 0;

	if (creation->plan.first[STEP_MAP]) {
		r = creation_apply(creation, STEP_MAP, err);
		if (r == 0)
			(void)barrier_reach(run, run->sync_fd, SYNC_MAPPED);
	}
	if (r == 0 && creation->plan.first[STEP_ATTACH]) {
		r = creation_apply(creation, STEP_ATTACH, err);
		if (r == 0)
			(void)barrier_reach(run, run->sync_fd, SYNC_ATTACHED);
	}
	if (r == 0)
		r = host_hooks(creation, err);
	if (r == 0)
		r = barrier_wait(run, run->sync_fd, creation->runtime->cancel_fd, SYNC_READY, err);
	if (r == -EPIPE)
		filter_blame(&creation->plan, run, err);
	return r;
}

static int launch(struct creation *creation, const struct gate *gate, struct err *err)
{
	struct init init = {
		.plan = &creation->plan,
		.spec = &creation->spec,
		.process = creation->spec.process,
		.state = &creation->state,
		.run = &creation->run,
		.start_fd = gate->start_fd,
		.report_fd = gate->report_fd,
		.target_fd = -EBADF,
		.cgroupns_fd = -EBADF,
		.preserve_fds = creation->options->preserve_fds,
		.listen_pid = creation->listen_pid,
		.stdio_null = creation->options->monitored,
		.private_fds = creation->options->private_fds,
		.private_count = creation->options->private_count,
	};
	int r;

	record_to_state(&creation->record, "creating", &creation->state);
	creation->phase = "clone";
	run_trace_begin(&creation->run, "clone");
	r = launch_init(&init, &creation->run, err);
	run_trace_end(&creation->run, "clone");
	if (r < 0)
		return r;
	creation_is(creation);
	return accompany(creation, err);
}

static int make(struct creation *creation, const struct gate *gate, struct err *err)
{
	int r = creation_apply(creation, STEP_PREPARE, err);

	if (r == 0)
		r = launch(creation, gate, err);
	if (r == 0)
		r = creation_save(creation, err);
	if (r == 0) /* a process that is gone by now shows in its status */
		(void)barrier_reach(&creation->run, creation->run.sync_fd, SYNC_SAVED);
	return r;
}

/* Return: 0, with @gated: it waits for a start. */
static int create(const struct runtime *runtime, const char *id,
		  const struct create_options *options, bool *gated, pid_t *pid, struct err *err)
{
	cleanup_(creation_free) struct creation creation;
	struct gate gate = {-EBADF, -EBADF};
	int r;

	creation_init(&creation, runtime, id, options);
	r = creation_plan(&creation, id, err);
	if (r == 0)
		r = creation_open(&creation, id, err);
	if (r < 0) {
		creation_blame(&creation, err);
		return r;
	}
	*gated = *gated || creation.record.start_hooks;
	r = *gated ? make_gate(&creation, &gate, err) : 0;
	if (r == 0)
		r = make(&creation, &gate, err);
	if (r < 0) {
		creation_blame(&creation, err);
		creation_take_back(&creation, id);
	} else {
		*pid = creation.run.pid;
	}
	close_fd(gate.start_fd);
	close_fd(gate.report_fd);
	return r;
}

int container_create(const struct runtime *runtime, const char *id,
		     const struct create_options *options, pid_t *pid, struct err *err)
{
	bool gated = true;

	return create(runtime, id, options, &gated, pid, err);
}

/* Where no hook stands around the program's start it waits for "saved" alone. */
int container_run(const struct runtime *runtime, const char *id,
		  const struct create_options *options, pid_t *pid, struct err *err)
{
	bool gated = false;
	int r = create(runtime, id, options, &gated, pid, err);

	if (r < 0 || !gated)
		return r;
	r = container_start(runtime, id, err);
	if (r < 0)
		(void)container_delete(runtime, id, true, NULL);
	return r;
}
