#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct arena;
struct call_arch;
struct err;
struct json;
struct oci_seccomp;
struct paths;
struct profile;
struct program;
struct seccomp_data;

/*
 * The filters that a process has, as values to ask: those of a profile, a compiled file, or what
 * the kernel holds of a process. With none, every call is let through. Strings and programs live in
 * an arena.
 */
struct filter_stack {
	const char *name; /* for people: "config.json", "process 4711"               */
	size_t count;
	const struct program *programs; /* oldest first                              */
	const struct profile *profile;  /* the rules it was made from; NULL: not known */
	const char *prefix;             /* of paths in that: "linux.seccomp."          */
	const struct json *origins;     /* config lines of such paths; NULL: not known */
};

/** stack_of_profile() - the filter that @seccomp becomes; @stack: has its name */
int stack_of_profile(struct arena *arena, const struct oci_seccomp *seccomp,
		     struct filter_stack *stack, struct err *err);

/**
 * stack_of_program() - a compiled filter's bytes: struct sock_filter one behind the other
 * @stack: has its name
 * Return: 0; -EINVAL for what the kernel would not load.
 */
int stack_of_program(struct arena *arena, const char *bytes, size_t length,
		     struct filter_stack *stack, struct err *err);

/**
 * stack_fetch() - what the kernel holds of process @pid
 *
 * The process is stopped for that moment (PTRACE_SEIZE, which shows it nothing) and goes on after.
 * Return: 0; -EACCES without CAP_SYS_ADMIN in the initial user namespace, or for a caller that is
 * filtered itself; -EBUSY when a debugger has it; -ENOTSUP in strict mode, or where the kernel was
 * built without CONFIG_CHECKPOINT_RESTORE; -ESRCH when it is gone.
 */
int stack_fetch(struct arena *arena, pid_t pid, struct filter_stack *stack, struct err *err);

/** stack_same() - the same programs, byte for byte */
bool stack_same(const struct filter_stack *one, const struct filter_stack *other);

/**
 * stack_run() - what is done with a call, as the kernel finds it
 * @which: the program that says it, and @stack->count where there is none; may be NULL
 * Return: SECCOMP_RET_*
 */
uint32_t stack_run(const struct filter_stack *stack, const struct seccomp_data *data,
		   size_t *which);

/** stack_paths() - all that can be done with a call; see seccomp/paths.h */
void stack_paths(struct arena *arena, const struct filter_stack *stack,
		 const struct call_arch *arch, uint32_t number, struct paths *paths);

/** stack_origin() - who asked for what stands at @path of the profile, in @arena. */
const char *stack_origin(struct arena *arena, const struct filter_stack *stack, const char *path);
