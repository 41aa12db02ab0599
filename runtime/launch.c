#include "runtime/launch.h"

#include "cgroup/limits.h"
#include "cgroup/obstacle.h"
#include "lib/err.h"
#include "lib/msg.h"
#include "lib/plan.h"
#include "lib/proc_dir.h"
#include "lib/process_limit.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "ns/namespaces.h"
#include "oci/state.h"
#include "runtime/init.h"
#include "runtime/sync.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* For the steps that look at it, or write to it, from outside. */
int launch_open_process(const struct plan *plan, struct run *run, struct err *err)
{
	if (!plan->first[STEP_MAP] && !plan->first[STEP_ATTACH])
		return 0;
	run->pid_dir_fd = proc_dir_open(run->pid, err);
	return run->pid_dir_fd < 0 ? run->pid_dir_fd : 0;
}

/* The child's copy of what is ours: its own end of the socket, nothing of the container's folder.
 */
static _Noreturn void be_init(struct init *init, int pair[2])
{
	struct run *run = init->run;

	close_fd(pair[0]);
	init->sync_fd = pair[1];
	run->sync_fd = -EBADF;
	run->state_fd = close_fd(run->state_fd);
	run->journal = NULL;
	run->pid = 0;
	run->pid_is_init = true;
	run->steps_begun = 0;
	for (size_t i = 0; i < init->private_count; i++)
		close_fd(init->private_fds[i]);
	if (init->target_fd >= 0)
		exec_main(init);
	init_main(init);
}

/* clone(2), user_namespaces(7), cgroups(7) "Delegation containment". */
static const char *clone_hint(const struct run *run, int num)
{
	if (num == -EACCES && run->init_cgroup_fd >= 0)
		return "the caller may not write to cgroup.procs of the cgroup that its own and "
		       "the container's are below";
	if (num == -EPERM && run->host->ordinary)
		return "this kernel or a chroot keeps ordinary users from making user namespaces: "
		       "see kernel.unprivileged_userns_clone";
	if (num == -ENOSPC)
		return "too many namespaces, or too deep ones: see user.max_user_namespaces and "
		       "the limits beside it";
	return NULL;
}

/* The container's own limit has a line of its config. */
static void blame_limit(const struct init *init, struct err *err)
{
	const struct run *run = init->run;

	if (run->cgroup_fd < 0 || !process_limit_of(run->cgroup_fd, err)) {
		process_limit(run->init_cgroup_fd, err);
		return;
	}
	step_each (step, init->plan, STEP_PREPARE)
		if (step->kind == &cgroup_limit_kind &&
		    strcmp(container_of(step, struct cgroup_limit_step, step)->limit.file,
			   "pids.max") == 0)
			err_origin(err, step->origin);
}

static int clone_failed(const struct init *init, int num, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const struct run *run = init->run;
	const char *hint = clone_hint(run, num);

	err_sys(err, num, "clone3", "clone the container's process");
	if (hint)
		err_hint(err, "%s", hint);
	if (run->init_cgroup_fd >= 0)
		cgroup_obstacle(run->init_cgroup_fd, num, err);
	if (num == -EAGAIN)
		blame_limit(init, err);
	if (num == -EBUSY || num == -EOPNOTSUPP) /* what only CLONE_INTO_CGROUP says */
		err_origin(err, origin_find(&arena, init->plan->origins, "linux.cgroupsPath"));
	return num;
}

static int clone_init(struct init *init, int pair[2], struct err *err)
{
	struct run *run = init->run;
	const struct clone_request request = {
		.flags = namespaces_new(init->plan) | CLONE_CLEAR_SIGHAND,
		.cgroup_fd = run->init_cgroup_fd,
		.pid_fd = &run->pid_fd,
		.exit_signal = SIGCHLD,
	};
	pid_t pid = sys_clone(&request);

	if (pid < 0)
		return clone_failed(init, pid, err);
	if (pid == 0)
		be_init(init, pair);
	run->pid = pid;
	return 0;
}

/* An exec'd process is not in its cgroup's way: where the container has turned on controllers there
 * (a systemd does), only a leaf may hold processes. */
static pid_t clone_in_leaf(struct clone_request *request)
{
	static const char leaf[] = ".pctrun";
	pid_t pid;

	if (mkdirat(request->cgroup_fd, leaf, 0755) < 0 && errno != EEXIST)
		return -errno;
	request->cgroup_fd = openat(request->cgroup_fd, leaf, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (request->cgroup_fd < 0)
		return -errno;
	pid = sys_clone(request);
	if (pid != 0)
		close_fd(request->cgroup_fd);
	return pid;
}

static int enter(struct init *init, struct err *err)
{
	int r = 0;

	for (const struct step *step = init->plan->first[STEP_CLONE]; r == 0 && step;
	     step = step->next)
		r = step_apply(step, init->run, err);
	if (r < 0)
		return r;
	if (init->target_fd < 0)
		return namespaces_join(init->plan, &init->cgroupns_fd, err);
	/* From here to execve nothing of us may be looked into or traced from inside. */
	(void)prctl(PR_SET_DUMPABLE, 0);
	/* The cgroup namespace only after the clone: from inside it a hierarchy with nsdelegate
	 * refuses to move anybody in (ENOENT). */
	const int flags = (int)(init->target_flags & ~(uint64_t)CLONE_NEWCGROUP);

	if (flags && setns(init->target_fd, flags) < 0)
		return err_set(err, -errno, "join the container's namespaces");
	return 0;
}

/*
 * The process in between: joins, then makes init as our child, not its own. What it tells us is
 * init's pid as we see it: it is in our pid namespace itself, whatever it has joined for children.
 */
static _Noreturn void be_joiner(struct init *init, int pair[2], int report_fd)
{
	struct run *run = init->run;
	struct clone_request request = {
		.flags = namespaces_new(init->plan) | CLONE_CLEAR_SIGHAND | CLONE_PARENT,
		.cgroup_fd = run->init_cgroup_fd,
		.pid_fd = &run->pid_fd,
	};
	struct err err = {};
	pid_t pid = -1;

	if (enter(init, &err) == 0) {
		pid = sys_clone(&request);
		if (pid == -EBUSY && request.cgroup_fd >= 0)
			pid = clone_in_leaf(&request);
		if (pid < 0)
			(void)clone_failed(init, pid, &err);
	}
	if (pid == 0)
		be_init(init, pair);
	if (pid < 0)
		sync_fail(pair[1], &err);
	else
		(void)msg_send(report_fd, &pid, sizeof(pid), &run->pid_fd, 1);
	_exit(pid < 0);
}

static int clone_joining(struct init *init, int pair[2], struct err *err)
{
	const struct clone_request request = {.cgroup_fd = -EBADF, .exit_signal = SIGCHLD};
	cleanup_close int ours = -EBADF, theirs = -EBADF;
	struct run *run = init->run;
	int report[2], fds[MSG_FDS_MAX], r;
	size_t count = 0;
	pid_t joiner, inner = 0;

	r = msg_pair(report);
	if (r < 0)
		return err_set(err, r, "make a socket");
	ours = report[0];
	theirs = report[1];
	joiner = sys_clone(&request);
	if (joiner < 0)
		return err_set(err, joiner, "clone");
	if (joiner == 0)
		be_joiner(init, pair, theirs);
	theirs = close_fd(theirs);
	r = (int)msg_receive(ours, &inner, sizeof(inner), fds, &count);
	while (waitpid(joiner, NULL, 0) < 0 && errno == EINTR)
		;
	if (r != sizeof(inner) || count != 1)
		return sync_wait(pair[0], SYNC_READY, err); /* says why */
	run->pid_fd = fds[0];
	run->pid = inner;
	return 0;
}

int launch_init(struct init *init, struct run *run, struct err *err)
{
	cleanup_close int theirs = -EBADF;
	int pair[2], r;

	r = msg_pair(pair);
	if (r < 0)
		return err_set(err, r, "make a socket");
	run->sync_fd = pair[0];
	theirs = pair[1];
	init->user_namespace =
		namespaces_other_user(init->plan) || (init->target_flags & CLONE_NEWUSER);
	r = namespaces_joined(init->plan) || init->target_fd >= 0 ? clone_joining(init, pair, err)
								  : clone_init(init, pair, err);
	return r < 0 ? r : launch_open_process(init->plan, run, err);
}
