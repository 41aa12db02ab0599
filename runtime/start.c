#include "runtime/container.h"

#include "lib/err.h"
#include "lib/notify.h"
#include "oci/state.h"
#include "runtime/hooks.h"
#include "runtime/readiness.h"
#include "runtime/state.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>

static int check_status(const struct record *record, int state_fd, struct err *err)
{
	const char *status = record_status(record, state_fd);

	if (status_is(status, "created"))
		return 0;
	if (status_is(status, "stopped"))
		return err_plain(err, -ESRCH, "cannot start a container that has stopped: %s",
				 record->id);
	if (status_is(status, "running"))
		return err_plain(err, -EBUSY, "cannot start an already running container: %s",
				 record->id);
	return err_plain(err, -EBUSY, "cannot start a container in the %s state: %s", status,
			 record->id);
}

/* Its process holds the fifo open; when nobody does, the open fails with ENXIO: it is gone. */
static int open_gate(int state_fd, const char *id, struct err *err)
{
	cleanup_close int gate_fd = openat(state_fd, "start", O_WRONLY | O_NONBLOCK | O_CLOEXEC);

	if (gate_fd < 0 && errno == ENXIO)
		return err_plain(err, -ESRCH, "cannot start a container that has stopped: %s", id);
	if (gate_fd < 0)
		return err_set(err, -errno, "open the start fifo of %s", id);
	if (unlinkat(state_fd, "start", 0) < 0)
		return err_set(err, -errno, "remove the start fifo of %s", id);
	return write(gate_fd, "1", 1) == 1 ? 0 : err_set(err, -errno, "start %s", id);
}

/* The fifo ends when the process execs; what stands in it is why it did not. */
static int wait_started(const struct runtime *runtime, int report_fd, const char *id,
			struct err *err)
{
	struct pollfd polled[] = {{.fd = report_fd, .events = POLLIN},
				  {.fd = runtime->cancel_fd, .events = POLLIN}};
	ssize_t n;

	while (poll(polled, ARRAY_SIZE(polled), -1) < 0)
		if (errno != EINTR)
			return err_set(err, -errno, "wait for the program of %s", id);
	if (!polled[0].revents)
		return err_plain(err, -EINTR, "interrupted");
	(void)fcntl(report_fd, F_SETFL, 0);
	do
		n = read(report_fd, err, sizeof(*err));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_set(err, -errno, "wait for the program of %s", id);
	return n == (ssize_t)sizeof(*err) ? -err->num : 0; /* one write(2) of PIPE_BUF at most */
}

static int poststart(const struct runtime *runtime, const struct oci_spec *spec,
		     const struct record *record, struct err *err)
{
	struct oci_state state;
	const struct hook_context context = {
		.state = &state, .cwd = record->bundle, .cancel_fd = runtime->cancel_fd};

	record_to_state(record, "running", &state);
	return hooks_run("poststart", &spec->hooks.poststart, &context, err);
}

static int start_between_hooks(const struct runtime *runtime, const struct oci_spec *spec,
			       int state_fd, const struct record *record, struct err *err)
{
	cleanup_close int report_fd =
		openat(state_fd, "started", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	int r;

	if (report_fd < 0)
		return err_set(err, -errno, "open the fifo started of %s", record->id);
	r = open_gate(state_fd, record->id, err);
	if (r < 0)
		return r;
	r = wait_started(runtime, report_fd, record->id, err);
	err_stage(err, "program");
	if (r == 0)
		r = poststart(runtime, spec, record, err);
	if (r < 0)
		(void)container_delete(runtime, record->id, true, NULL);
	return r;
}

int container_start(const struct runtime *runtime, const char *id, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_close int state_fd = -EBADF;
	struct record record;
	struct oci_spec spec;
	int r;

	r = record_load(runtime, &arena, id, &state_fd, &record, err);
	if (r == 0)
		r = check_status(&record, state_fd, err);
	if (r < 0)
		return r;
	if (!record.start_hooks)
		return open_gate(state_fd, id, err);
	r = record_spec(&arena, state_fd, &spec, err);
	if (r == 0 && !spec.process)
		r = err_plain(err, -EINVAL, "process: is missing in config.json of %s", id);
	return r < 0 ? r : start_between_hooks(runtime, &spec, state_fd, &record, err);
}

int container_start_ready(const struct runtime *runtime, const char *id, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_close int state_fd = -EBADF, socket_fd = -EBADF;
	struct record record;
	int r;

	if (!notify_wanted())
		return container_start(runtime, id, err);
	r = record_load(runtime, &arena, id, &state_fd, &record, err);
	if (r == 0)
		r = readiness_open(state_fd, false, &socket_fd, err);
	if (r == 0)
		r = container_start(runtime, id, err);
	return r < 0 || socket_fd < 0
		       ? r
		       : readiness_pass_on(socket_fd, record.pid, true, runtime->cancel_fd, err);
}
