#include "seccomp/stack.h"

#include "lib/arena.h"
#include "lib/clock.h"
#include "lib/err.h"
#include "lib/proc_status.h"
#include "seccomp/filter.h"

#include <linux/filter.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MODE_NONE, MODE_STRICT, MODE_FILTER, STACK_MAX = 256, WAIT_MS = 2000 };

/* Return: -1 where this kernel doesn't say. */
static long status_value(const char *status, const char *name)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *value = proc_status(&arena, status, name);

	return value ? strtol(value, NULL, 10) : -1;
}

static int refused(const struct filter_stack *stack, const char *status, int num, struct err *err)
{
	long tracer = status_value(status, "TracerPid");

	if (num == -ESRCH)
		return err_set(err, num, "%s", stack->name);
	if (tracer > 0)
		return err_plain(err, -EBUSY, "%s: process %ld traces it already", stack->name,
				 tracer);
	err_set(err, num, "%s: stop it to read its filters", stack->name);
	if (num == -EPERM)
		err_hint(err, "that takes CAP_SYS_PTRACE and CAP_SYS_ADMIN on the host");
	return num;
}

/* A process that sleeps in the kernel for good (state D) never comes to it. */
static int wait_stopped(const struct filter_stack *stack, pid_t pid, struct err *err)
{
	int64_t deadline = deadline_in_ms(WAIT_MS);
	int status;
	pid_t got;

	do {
		got = waitpid(pid, &status, __WALL | WNOHANG);
		if (got == pid)
			return WIFSTOPPED(status) ? 0 : err_set(err, -ESRCH, "%s", stack->name);
		if (got < 0 && errno != EINTR)
			return err_set(err, -errno, "%s: wait until it has stopped", stack->name);
		pause_ms(1);
	} while (deadline_left(deadline) > 0);
	return err_plain(err, -EBUSY, "%s: does not stop: it waits for a device (state D)",
			 stack->name);
}

static int no_filter(const struct filter_stack *stack, int num, struct err *err)
{
	switch (num) {
	case -EIO:
		return err_plain(err, -ENOTSUP,
				 "%s: this kernel doesn't give filters back (it was built without "
				 "CONFIG_CHECKPOINT_RESTORE)",
				 stack->name);
	case -EMEDIUMTYPE:
		return err_plain(err, -ENOTSUP, "%s: a filter isn't classic BPF", stack->name);
	case -EACCES:
		err_set(err, num, "%s: read its filters", stack->name);
		err_hint(err, "that takes CAP_SYS_ADMIN in the initial user namespace, and a "
			      "caller without filters of its own");
		return num;
	default:
		return err_set(err, num, "%s: read its filters", stack->name);
	}
}

static int fetch_program(struct arena *arena, const struct filter_stack *stack, pid_t pid,
			 struct program *program, struct err *err)
{
	long count = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, stack->count, NULL);

	if (count < 0)
		return errno == ENOENT ? -ENOENT : no_filter(stack, -errno, err);
	program->count = (size_t)count;
	program->insns = arena_array(arena, program->count + 1, sizeof(*program->insns));
	if (ptrace(PTRACE_SECCOMP_GET_FILTER, pid, stack->count, program->insns) < 0)
		return no_filter(stack, -errno, err);
	return 0;
}

/* The kernel counts from the oldest. */
static int fetch_programs(struct arena *arena, pid_t pid, struct filter_stack *stack,
			  struct err *err)
{
	struct program *programs = arena_array(arena, STACK_MAX, sizeof(*programs));
	int r = 0;

	stack->programs = programs;
	while (r == 0 && stack->count < STACK_MAX) {
		r = fetch_program(arena, stack, pid, &programs[stack->count], err);
		if (r == 0)
			stack->count++;
	}
	return r == -ENOENT ? 0 : r;
}

static int stop_and_fetch(struct arena *arena, pid_t pid, const char *status,
			  struct filter_stack *stack, struct err *err)
{
	int r;

	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) < 0)
		return refused(stack, status, -errno, err);
	r = ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) < 0
		    ? err_set(err, -errno, "%s: stop it", stack->name)
		    : wait_stopped(stack, pid, err);
	if (r == 0)
		r = fetch_programs(arena, pid, stack, err);
	/* One that isn't stopped can't be let go: it is when this process ends. */
	(void)ptrace(PTRACE_DETACH, pid, NULL, NULL);
	return r;
}

int stack_fetch(struct arena *arena, pid_t pid, struct filter_stack *stack, struct err *err)
{
	const char *status;
	long mode;
	int r;

	*stack = (struct filter_stack){.name = arena_printf(arena, "process %d", (int)pid)};
	r = proc_status_read(arena, pid, &status);
	if (r < 0)
		return err_set(err, r == -ENOENT ? -ESRCH : r, "%s", stack->name);
	mode = status_value(status, "Seccomp");
	if (mode == MODE_NONE)
		return 0;
	if (mode == MODE_STRICT)
		return err_plain(err, -ENOTSUP,
				 "%s: is in strict mode: it may read, write, exit and return from "
				 "a signal, and is killed for anything else",
				 stack->name);
	if (mode != MODE_FILTER)
		return err_plain(err, -ENOTSUP, "%s: this kernel doesn't show seccomp's mode",
				 stack->name);
	return stop_and_fetch(arena, pid, status, stack, err);
}
