#include "why/prove.h"

#include "debug/become.h"
#include "lib/err.h"
#include "lib/host.h"
#include "lib/own.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "lib/text.h"
#include "lib/worker.h"
#include "ns/lsm_attr.h"
#include "seccomp/filter.h"
#include "seccomp/stack.h"
#include "why/action.h"
#include "why/attempt.h"
#include "why/judge.h"
#include "why/subject.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

/*
 * The child becomes the subject; its own child is in the subject's pid namespace, too, loads the
 * filters and makes the attempt. From then on any call of its may be forbidden: what came out is
 * written to memory that both share, and who is killed has not come to that.
 */

struct proving {
	const struct subject *subject;
	const struct action *action;
	struct attempt *attempt; /* shared */
	int proc_fd;             /* the host's procfs */
};

/* Into its cgroup, as the device filter is the cgroup's. An ordinary user may not. */
static bool join_cgroup(const struct isolation *isolation)
{
	char path[PATH_MAX];
	cleanup_close int fd = -EBADF;

	if (!isolation->host->cgroup_root || !isolation->cgroup)
		return false;
	(void)snprintf(path, sizeof(path), "%s%s/cgroup.procs", isolation->host->cgroup_root,
		       isolation->cgroup);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd >= 0 && write(fd, "0", 1) == 1;
}

/* AppArmor's profile; who is confined itself may not, nor can labels be taken on that are made of
 * several, nor SELinux's. Return: whether it has the subject's now. */
static bool take_label(const struct proving *proving)
{
	const char *label = proving->subject->isolation.creds.label;
	size_t length = label ? strcspn(label, " ") : 0;
	char command[512];
	struct run run;

	if (!label || starts_with(label, "unconfined"))
		return true;
	if (strchr(label, ':') || memchr(label, '/', length))
		return false;
	(void)snprintf(command, sizeof(command), "changeprofile %.*s", (int)length, label);
	run_init(&run);
	run.proc_fd = proving->proc_fd;
	return lsm_attr_write(&run, "apparmor/current", command) == 0 ||
	       lsm_attr_write(&run, "current", command) == 0;
}

static int load_one(const struct program *program)
{
	const struct sock_fprog loaded = {(unsigned short)program->count, program->insns};

	return sys_seccomp(SECCOMP_SET_MODE_FILTER, 0, (void *)&loaded);
}

static int load_filters(const struct subject *subject, const struct action *action,
			const struct attempt *attempt)
{
	const struct filter_stack *filters = subject->filters;
	int r = 0;

	if (attempt->part == ATTEMPT_SUBSTITUTE ||
	    (attempt->part == ATTEMPT_WHOLE && !filters->count))
		return 0;
	if (!isolation_capable(&subject->isolation, CAP_SYS_ADMIN) &&
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	if (attempt->part == ATTEMPT_CAUGHT)
		r = attempt_catch(&action->calls[0], attempt->mark);
	for (size_t i = 0; r == 0 && i < filters->count; i++)
		r = load_one(&filters->programs[i]);
	return r;
}

static _Noreturn void attempt(const struct proving *proving)
{
	struct attempt *attempt = proving->attempt;
	int r = 0;

	if (proving->action->kind == ACTION_CONNECT ||
	    proving->action->kind == ACTION_CONNECT_LOCAL)
		attempt_wait();
	else
		(void)alarm(PATIENCE_SEC);
	(void)signal(SIGSYS, SIG_DFL);
	if (attempt_traced(attempt, proving->action))
		r = ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0 || raise(SIGSTOP) != 0 ? -errno : 0;
	attempt->labelled = take_label(proving); /* under which nobody could be traced, perhaps */
	if (r == 0)
		r = load_filters(proving->subject, proving->action, attempt);
	if (r < 0) {
		attempt->failed = r;
		_exit(1);
	}
	attempt->begun = true;
	attempt->error = attempt_make(attempt, proving->action);
	attempt->done = attempt->error != UNDECIDED;
	_exit(0);
}

/* A first stop asks for what follows: one more when it has become a program, of which nothing shall
 * run, and its end with ours. */
static void answer_stop(struct attempt *attempt, pid_t pid, int status)
{
	const int signal = WSTOPSIG(status) == SIGSTOP ? 0 : WSTOPSIG(status);

	if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8)) {
		attempt->error = 0;
		attempt->done = true;
	} else if (ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_EXITKILL | PTRACE_O_TRACEEXEC) ==
			   0 &&
		   ptrace(PTRACE_CONT, pid, NULL, signal) == 0) {
		return;
	}
	(void)kill(pid, SIGKILL);
}

static int watch(struct attempt *attempt, pid_t pid, struct err *err)
{
	int status;

	do {
		/* No signal has a handler on this side: nothing interrupts it. */
		if (waitpid(pid, &status, 0) < 0)
			return err_set(err, -errno, "wait for the attempt");
		if (WIFSTOPPED(status))
			answer_stop(attempt, pid, status);
	} while (!WIFEXITED(status) && !WIFSIGNALED(status));
	attempt->killed = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	return 0;
}

static int prove_as(void *data, struct err *err)
{
	const struct proving *proving = data;
	const struct isolation *isolation = &proving->subject->isolation;
	pid_t pid;
	int r;

	proving->attempt->joined = join_cgroup(isolation);
	r = isolation_become(isolation, ~0ULL, err);
	if (r < 0)
		return r;
	pid = fork();
	if (pid == 0)
		attempt(proving);
	if (pid < 0)
		return err_set(err, -errno, "make a process in its pid namespace");
	return watch(proving->attempt, pid, err);
}

/* Return: 1 where @error is what the kernel said; 0: it said nothing; a negative errno. */
static int prove_part(struct proving *proving, enum attempt_part part, int mark, int *error,
		      struct err *err)
{
	struct attempt *attempt = proving->attempt;
	int r;

	*attempt = (struct attempt){.part = part, .mark = mark};
	r = worker_run(prove_as, proving, err);
	if (r < 0)
		return r;
	if (attempt->failed < 0)
		return err_set(err, attempt->failed, "become what it is");
	*error = attempt->done ? attempt->error : KILLED;
	return attempt->done || (attempt->begun && attempt->killed == SIGSYS);
}

static int prove_caught(struct proving *proving, int *error, struct err *err)
{
	int r = 1;

	*error = 0;
	for (int mark = MARK_FIRST; r > 0 && *error == 0 && mark <= MARK_LAST; mark++)
		r = prove_part(proving, ATTEMPT_CAUGHT, mark, error, err);
	return r;
}

static int prove_parts(struct proving *proving, struct proof *proof, struct err *err)
{
	const char *substitute = attempt_substitute(proving->action);
	int r;

	if (attempt_whole(proving->subject, proving->action)) {
		proof->why = attempt_effect(proving->action);
		return prove_part(proving, ATTEMPT_WHOLE, 0, &proof->error, err);
	}
	r = prove_caught(proving, &proof->error, err);
	if (r <= 0 || proof->error)
		return r;
	proof->filters_alone = !substitute;
	proof->why = substitute ? substitute : "of its filters alone";
	return substitute ? prove_part(proving, ATTEMPT_SUBSTITUTE, 0, &proof->error, err) : 1;
}

/* What procfs calls "self" would be the child, which nobody may look into: the subject's own. */
static const char *path_of_subject(const struct subject *subject, const char *path, char *room,
				   size_t size)
{
	static const char self[] = "/proc/self/";

	if (!path || !starts_with(path, self))
		return path;
	(void)snprintf(room, size, "/proc/%d/%s", (int)subject->self, path + strlen(self));
	return room;
}

static const char *why_undecided(int error)
{
	return error == UNDECIDED ? "no answer was found among so many packets of others"
				  : "the attempt did not end";
}

/* Nobody of the subject's does it: whoever connects to it is out here. */
static void prove_accept(const struct subject *subject, const struct action *action,
			 struct proof *proof)
{
	proof->why = attempt_accept(&subject->around, action, &proof->error);
	if (proof->why)
		return;
	proof->made = proof->error != UNDECIDED;
	proof->why = proof->made ? attempt_effect(action) : why_undecided(proof->error);
}

int prove(const struct subject *subject, const struct action *action, struct proof *proof,
	  struct err *err)
{
	cleanup_close int proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct action own = *action;
	struct proving proving = {.subject = subject, .action = &own, .proc_fd = proc_fd};
	char path[PATH_MAX + 32];
	int r;

	*proof = (struct proof){.why = attempt_refuse(subject, action)};
	if (proof->why)
		return 0;
	if (action->kind == ACTION_ACCEPT) {
		prove_accept(subject, action, proof);
		return 0;
	}
	own.path = path_of_subject(subject, action->path, path, sizeof(path));
	proving.attempt = mmap(NULL, sizeof(*proving.attempt), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (proving.attempt == MAP_FAILED)
		return err_set(err, -ENOMEM, "prove it");
	r = prove_parts(&proving, proof, err);
	proof->made = r > 0;
	proof->unlabelled = !proving.attempt->labelled;
	proof->outside = !proving.attempt->joined;
	if (r == 0)
		proof->why = why_undecided(proving.attempt->error);
	(void)munmap(proving.attempt, sizeof(*proving.attempt));
	if (r < 0 && isolation_ended(&subject->isolation, r, err))
		return -ESRCH;
	return r < 0 ? r : 0;
}
