#pragma once

#include "runtime/record.h"

struct err;
struct oci_state;

/** record_status() - "created" "running" "paused" "stopped", from what the kernel shows now. */
const char *record_status(const struct record *record, int state_fd);

/** record_paused() - whether its cgroup is frozen, by whomever. */
bool record_paused(const struct record *record);

/** status_is() - whether record_status() has said so: "running" */
bool status_is(const char *status, const char *name);

/** record_not_running() - Return: -ESRCH, with @err saying so. */
int record_not_running(const struct record *record, struct err *err);

/** record_check_running() - Return: 0; record_not_running() where its process has ended. */
int record_check_running(const struct record *record, struct err *err);

/** record_own_pids() - whether its first process is that of a pid namespace of its own: the end of
 * it is the kernel's end of all of them. True also where its config.json can't be read. */
bool record_own_pids(int state_fd);

/** record_to_state() - the record as the spec's state; borrows all strings. */
void record_to_state(const struct record *record, const char *status, struct oci_state *state);

/**
 * record_load() - folder and record of an existing container
 * @state_fd: the folder, the caller's
 * Return: 0; -ENOENT "container does not exist", also while it is still being made.
 */
int record_load(const struct runtime *runtime, struct arena *arena, const char *id, int *state_fd,
		struct record *record, struct err *err);

/** record_load_running() - the same of one whose process is there; else record_not_running() */
int record_load_running(const struct runtime *runtime, struct arena *arena, const char *id,
			int *state_fd, struct record *record, struct err *err);
