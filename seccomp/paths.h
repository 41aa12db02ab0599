#pragma once

#include "seccomp/condition.h"

struct arena;
struct program;
struct seccomp_data;

/*
 * All that a compiled filter can do with one system call: its ways through the program for that
 * number, each with the conditions on arguments under which it is taken. Ways exclude each other
 * and cover everything. Pure.
 */

enum { PATH_CONDITIONS = 32, PATHS_MAX = 1024 };

struct path {
	uint32_t action; /* SECCOMP_RET_*, with its number */
	size_t count;
	struct condition conditions[PATH_CONDITIONS];
};

struct paths {
	size_t count, room;
	struct path *items;
	bool cut; /* not all of them: too many, or an instruction that can't be followed */
};

/**
 * paths_find() - the ways of a call through one program
 * @arch: AUDIT_ARCH_*
 * @paths: lives in @arena
 */
void paths_find(struct arena *arena, const struct program *program, uint32_t arch, uint32_t number,
		struct paths *paths);

/**
 * program_run() - the one way of a call that is known whole, as the kernel goes it
 * Return: its SECCOMP_RET_* value; SECCOMP_RET_KILL_THREAD for a division by zero, as the kernel,
 * and for a program that isn't valid.
 */
uint32_t program_run(const struct program *program, const struct seccomp_data *data);

/** paths_join() - through two programs that are loaded both: the stronger action is done */
void paths_join(struct arena *arena, const struct paths *one, const struct paths *other,
		struct paths *joined);

/** path_both() - when both are taken. Return: false where no call takes both. */
bool path_both(const struct path *one, const struct path *other, struct path *both);

/** action_stronger() - the order in which the kernel has actions of several filters (seccomp(2)) */
bool action_stronger(uint32_t one, uint32_t other);
