/*
 * The container's first process, from clone3(2) to execve(2).
 *
 * It is born in all new namespaces and in its cgroup, with a copy of the caller's memory and
 * descriptors, and goes through the stages of lib/step.h:
 *
 *   until "mapped"    has no ids in a new user namespace: changes nothing
 *   SOURCE            of an ordinary user only: opens the sources of mounts, with the caller's
 *                     own ids, before anything is mounted; else the host's side did in PREPARE
 *   ENTER             root of its own user namespace; sees the host's files, changes only its own
 *                     mount namespace; every source is open
 *   INSIDE            after pivot_root: no path leads to the host any more
 *   EXEC              gives up capabilities and ids
 *   "ready"           says so; until "saved" it dies with the host's side: nobody else knows it
 *   start             waits for a byte in the start fifo; from here on nobody hears its errors but
 *                     the container's stderr
 *   LAST              gives up system calls; then startContainer hooks, execve
 *
 * It never returns to the caller's code.
 */

#include "runtime/init.h"

#include "lib/err.h"
#include "lib/fds.h"
#include "lib/file.h"
#include "lib/plan.h"
#include "lib/sys.h"
#include "ns/program.h"
#include "oci/state.h"
#include "runtime/activation.h"
#include "runtime/barrier.h"
#include "runtime/hooks.h"
#include "runtime/plan.h"
#include "runtime/sync.h"
#include "seccomp/blame.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/mount.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

enum { EXIT_NOT_STARTED = 1, EXIT_CANNOT_EXECUTE = 126, EXIT_NOT_FOUND = 127 };

static _Noreturn void fail(const struct init *init, const struct err *err)
{
	sync_fail(init->sync_fd, err);
	_exit(EXIT_NOT_STARTED);
}

static int apply_stage(struct init *init, enum step_stage stage, struct err *err)
{
	int r = 0;

	for (const struct step *step = init->plan->first[stage]; r == 0 && step; step = step->next)
		r = step_apply(step, init->run, err);
	return r;
}

/*
 * Asked for again whenever the credentials have changed: the kernel forgets it then. Where the
 * caller died in between, the next barrier finds the socket closed.
 */
static void die_with_caller(void)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* The ids are mapped: become root of the new user namespace, as which everything is made. */
static int become_root(const struct init *init, struct err *err)
{
	if (!init->user_namespace)
		return 0;
	/* EPERM: denied for good by a map of the caller's own ids */
	if (!plan_keeps_groups(init->spec) && setgroups(0, NULL) < 0 && errno != EPERM)
		return err_set(err, -errno, "drop supplementary groups");
	if (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
		return err_set(err, -errno, "become root of the user namespace");
	die_with_caller();
	return 0;
}

/*
 * A procfs that nobody else can reach or cover, of our pid namespace. Where the kernel refuses a
 * new one (an outer container's /proc is covered in part) the visible one has to do.
 */
static int open_proc(const struct init *init, struct err *err)
{
	struct run *run = init->run;
	cleanup_close int fs_fd = -EBADF;

	if (!init->plan->procfs)
		return 0;
	fs_fd = sys_fsopen("proc");
	if (fs_fd >= 0 && sys_fsconfig(fs_fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
		run->proc_fd = sys_fsmount(fs_fd, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
							  MOUNT_ATTR_NOEXEC);
	if (run->proc_fd < 0)
		run->proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return run->proc_fd < 0 ? err_set(err, -errno, "open /proc") : 0;
}

/* Between the mounts and pivot_root: the host's side runs its hooks, then the container's run. */
static int create_hooks(const struct init *init, struct err *err)
{
	const struct oci_hooks *hooks = &init->spec->hooks;
	const struct hook_context context = {
		.state = init->state, .origins = init->plan->origins, .cancel_fd = -EBADF};
	int r;

	if (hooks->prestart.count + hooks->create_runtime.count + hooks->create_container.count ==
	    0)
		return 0;
	r = barrier_reach(init->run, init->sync_fd, SYNC_MOUNTED);
	if (r < 0)
		return err_set(err, r, "reach the hooks");
	r = barrier_wait(init->run, init->sync_fd, -EBADF, SYNC_HOOKED, err);
	if (r < 0)
		return r;
	if (fchdir(init->run->root_fd) < 0) /* the root, while the host's files can be seen */
		return err_set(err, -errno, "enter the root");
	init->state->pid = getpid(); /* as it is seen from inside */
	return hooks_run("createContainer", &hooks->create_container, &context, err);
}

static int set_up(struct init *init, struct err *err)
{
	int r = apply_stage(init, STEP_SOURCE, err);

	if (r == 0 && init->plan->first[STEP_MAP])
		r = barrier_wait(init->run, init->sync_fd, -EBADF, SYNC_MAPPED, err);
	if (r == 0)
		r = become_root(init, err);
	if (r == 0)
		r = open_proc(init, err);
	if (r == 0)
		r = apply_stage(init, STEP_ENTER, err);
	if (r == 0 && init->plan->first[STEP_ATTACH])
		r = barrier_wait(init->run, init->sync_fd, -EBADF, SYNC_ATTACHED, err);
	if (r == 0)
		r = create_hooks(init, err);
	if (r == 0)
		r = apply_stage(init, STEP_INSIDE, err);
	return r;
}

static void own_signals(void)
{
	sigset_t none;

	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)signal(SIGPIPE, SIG_DFL); /* CLONE_CLEAR_SIGHAND keeps what is ignored */
}

/* Still the host's /dev/null: this is before anything is mounted. */
static int leave_stdio(struct err *err)
{
	cleanup_close int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int place = 0; fd >= 0 && place < 3; place++)
		(void)dup2(fd, place);
	return fd < 0 ? err_set(err, -errno, "open /dev/null") : 0;
}

/* Only now, after the clone into the container's cgroup: see ns/namespaces.h. */
static int enter_cgroup_namespace(const struct init *init, struct err *err)
{
	const int fd = init->target_flags & CLONE_NEWCGROUP ? init->target_fd : init->cgroupns_fd;

	if (fd >= 0 && setns(fd, CLONE_NEWCGROUP) < 0)
		return err_set(err, -errno, "join the cgroup namespace");
	return 0;
}

static int no_cwd(const char *cwd, int r, struct err *err)
{
	err_sys(err, r, r == -EROFS ? "mkdir" : "chdir", "enter the working directory %s", cwd);
	if (r == -ENOTDIR || r == -EEXIST)
		err_hint(err, "name a directory: a file stands in its place in the container");
	if (r == -EACCES)
		err_hint(err, "the container's user may not enter it: change its owner or mode");
	if (r == -EROFS)
		err_hint(err, "make it on the host: the root file system is read-only in here");
	return r;
}

/* Inside the root already, where any path is its own; a working directory that is not below "/"
 * came in by a descriptor. */
static int enter_cwd(const char *cwd, struct err *err)
{
	char seen[4096];
	int r = chdir(cwd) < 0 ? -errno : 0;

	if (r == -ENOENT) {
		r = make_dirs(cwd, 0755, NULL);
		if (r == 0)
			r = chdir(cwd) < 0 ? -errno : 0;
	}
	if (r < 0)
		return no_cwd(cwd, r, err);
	if (!getcwd(seen, sizeof(seen)) || seen[0] != '/')
		return err_plain(err, -EPERM,
				 "the working directory %s is outside of the container's root",
				 cwd);
	return 0;
}

/*
 * Whoever has the same rights by now, in a shared pid namespace or by an exec before the start,
 * must not look into a copy of the host's side, nor open its descriptors in /proc/PID/fd
 * (CVE-2016-9962, CVE-2024-21626). Before the rights are given up nobody inside has as many.
 */
static void hide(void)
{
	(void)prctl(PR_SET_DUMPABLE, 0); /* only fails for bad values; execve undoes it */
}

/*
 * What the start needs stays; all else, the caller's too, is gone before it waits. Not only at the
 * execve: that looks up a program or interpreter below /proc/self/fd before it closes anything.
 */
static void let_go(const struct init *init)
{
	int kept[] = {init->sync_fd, init->start_fd, init->report_fd};

	fds_close_others(3 + (int)init->preserve_fds, kept, ARRAY_SIZE(kept));
}

/* Who asked for a member of process, where no step says so. */
static int asked_by(const struct init *init, const char *path, int r, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};

	if (r < 0)
		err_origin(err, plan_origin_find(&arena, init->plan, path));
	return r;
}

static int ready(struct init *init, struct program *program, struct err *err)
{
	const struct oci_process *process = init->process;
	bool tried = true;
	int r;

	hide();
	r = asked_by(init, "process.cwd", enter_cwd(process->cwd, err), err);
	if (r == -EACCES || r == -EPERM) { /* perhaps the container's user may */
		tried = false;
		err_clear(err);
		r = 0;
	}
	if (r == 0)
		r = asked_by(init, "process.args", program_find(program, process, err), err);
	if (r == 0)
		r = apply_stage(init, STEP_EXEC, err);
	if (r == 0 && !tried)
		r = asked_by(init, "process.cwd", enter_cwd(process->cwd, err), err);
	hide(); /* a change of ids has put fs.suid_dumpable in its place */
	if (r < 0)
		return r;
	barrier_mark(init->run, SYNC_READY);
	init->run->trace = NULL; /* its descriptor goes as well */
	let_go(init);
	return 0;
}

/* A caller that dies before "saved" closes the socket; one that ends after it means no harm. */
static void part(const struct init *init)
{
	struct err err = {};

	if (prctl(PR_SET_PDEATHSIG, 0) < 0 || sync_send(init->sync_fd, SYNC_READY) < 0 ||
	    sync_wait(init->sync_fd, SYNC_SAVED, &err) < 0)
		_exit(EXIT_NOT_STARTED);
}

static void wait_for_start(const struct init *init)
{
	char byte;

	while (init->start_fd >= 0 && read(init->start_fd, &byte, 1) < 0)
		if (errno != EINTR)
			_exit(EXIT_NOT_STARTED);
}

/* Past "saved" there is a start that waits for it to begin, or only the container's own stderr. */
static _Noreturn void fail_alone(const struct init *init, struct err *err, int status)
{
	char line[1600];

	plan_place(init->plan, err);
	if (init->report_fd < 0 || write(init->report_fd, err, sizeof(*err)) < 0)
		(void)dprintf(2, "pctrun: %s\n", err_text(err, line, sizeof(line)));
	_exit(status);
}

static _Noreturn void execute(const struct init *init, const struct program *program)
{
	struct err err = {};

	(void)execve(program->path, (char **)program->argv, (char **)program->envp);
	err_sys(&err, -errno, "execve", "exec %s", program->path);
	if (!filter_blame_execve(init->plan, init->run, &err))
		program_explain(program->path, &err);
	(void)asked_by(init, "process.args", -err.num, &err);
	fail_alone(init, &err, err.num == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXECUTE);
}

static int start_hooks(struct init *init, struct err *err)
{
	const struct hook_context context = {.state = init->state,
					     .env = &init->process->env,
					     .origins = init->plan->origins,
					     .cancel_fd = -EBADF};

	if (init->start_fd < 0) /* an exec, or a run that has none */
		return 0;
	init->state->status = "created";
	init->state->pid = getpid();
	return hooks_run("startContainer", &init->spec->hooks.start_container, &context, err);
}

/* What is still open was opened by us, to be closed by the execve: a filter that has no
 * close_range(2) stops nothing here. */
static int finish(struct init *init, struct err *err)
{
	int r = apply_stage(init, STEP_LAST, err);

	return r < 0 ? r : start_hooks(init, err);
}

static _Noreturn void program_main(struct init *init)
{
	struct program program = {};
	struct err err = {};

	activation_own(init->listen_pid);
	if (init->process && ready(init, &program, &err) < 0)
		fail(init, &err);
	part(init);
	wait_for_start(init);
	if (!program.path) /* without a process: start would have refused it */
		_exit(EXIT_NOT_STARTED);
	if (finish(init, &err) < 0)
		fail_alone(init, &err, EXIT_NOT_STARTED);
	execute(init, &program);
}

/* What both begin with, whatever the host's side does meanwhile. */
static int begin(const struct init *init, struct err *err)
{
	die_with_caller();
	own_signals();
	/* From birth on nothing may stay open over the execve but what was asked for. */
	(void)sys_close_range(3 + init->preserve_fds, ~0U, CLOSE_RANGE_CLOEXEC);
	(void)setsid();
	return enter_cgroup_namespace(init, err);
}

_Noreturn void init_main(struct init *init)
{
	struct err err = {};
	int r = begin(init, &err);

	if (r == 0 && init->stdio_null)
		r = leave_stdio(&err);
	if (r == 0)
		r = set_up(init, &err);
	if (r < 0)
		fail(init, &err);
	program_main(init);
}

_Noreturn void exec_main(struct init *init)
{
	struct err err = {};
	int r = begin(init, &err);

	if (r == 0 && init->plan->first[STEP_ATTACH])
		r = barrier_wait(init->run, init->sync_fd, -EBADF, SYNC_ATTACHED, &err);
	if (r == 0)
		r = become_root(init, &err);
	if (r == 0)
		r = apply_stage(init, STEP_INSIDE, &err); /* struct exec_changes */
	if (r < 0)
		fail(init, &err);
	program_main(init);
}
