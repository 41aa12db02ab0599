#pragma once

#include "lib/arena.h"
#include "oci/spec.h"
#include "runtime/container.h"

#include <sys/types.h>

/*
 * A container's folder below the state root, and what the runtime remembers there of it
 * (state.json). The folder:
 *
 *	state.json   struct record; written by rename, so that a reader sees a whole one
 *	config.json  the bundle's, as it was at create: what counts from then on
 *	next.json    the config.json that a change under way is about to make true
 *	journal      see lib/run.h
 *	start        a fifo: a byte in it lets the program run; gone once it was used. `run` has
 *	             none where no hook stands before or after the program's start
 *	console      where the monitor's clients come to its terminals: runtime/console.h
 *
 * Whoever makes, changes or removes the container holds an flock(2) on the folder meanwhile.
 */

struct record {
	const char *oci_version;
	const char *id;
	const char *bundle;  /* absolute */
	const char *rootfs;  /* absolute */
	const char *created; /* RFC 3339, UTC */
	const char *owner;
	pid_t pid;
	uint64_t pid_start;         /* /proc/PID/stat, field 22: tells a pid from its next user */
	pid_t monitor;              /* the process that undoes it at its end; 0: none */
	uint64_t monitor_start;     /* as @pid_start */
	const char *accept;         /* what was started without: struct runtime's */
	const char *cgroup;         /* directory of its cgroup; NULL: none */
	const char *init_cgroup;    /* where its processes live */
	const char *cgroup_manager; /* who made it: struct runtime's */
	bool start_hooks;           /* start waits for the program, or has hooks to run         */
	bool no_pivot;              /* its root was changed by chroot                    */
	bool no_new_keyring;        /* it has its creator's session keyring               */
	bool poststop_hooks;        /* config.json has such hooks                         */
	struct oci_map annotations;
};

/** record_id_check() - an id that is safe as a file name: [A-Za-z0-9_+-][A-Za-z0-9_+.-]* */
int record_id_check(const char *id, struct err *err);

/**
 * record_folder_make() - a new container's folder, locked
 * @state_fd: its descriptor
 * Return: 0; -EEXIST when the id is taken.
 */
int record_folder_make(const struct runtime *runtime, const char *id, int *state_fd,
		       struct err *err);

/**
 * record_folder_open() - an existing container's folder
 * @lock: wait up to 10 s for whoever is making or removing it
 * Return: 0; -ENOENT "container does not exist".
 */
int record_folder_open(const struct runtime *runtime, const char *id, bool lock, int *state_fd,
		       struct err *err);

/**
 * record_folder_lock() - of one that was opened without it: nobody removes or changes the container
 * until it is closed
 * Return: 0; -EBUSY when another process doesn't let go of it for 10 s, or has removed it.
 */
int record_folder_lock(const struct runtime *runtime, const char *id, int state_fd,
		       struct err *err);

/** record_folder_gone() - whether it was removed; a new one may have its name. */
bool record_folder_gone(const struct runtime *runtime, const char *id, int state_fd);

/** record_folder_remove() - the last act of a delete. */
int record_folder_remove(const struct runtime *runtime, const char *id, struct err *err);

/** record_owner() - the name of a user, or the number of one who isn't in /etc/passwd; in @arena.
 */
const char *record_owner(struct arena *arena, uid_t uid);

/** record_print() - state.json's text, the caller's to free; record_parse() reads it back */
char *record_print(const struct record *record);
int record_parse(struct arena *arena, const char *text, size_t length, struct record *record,
		 struct err *err);

/** record_write() - put state.json in its folder, whole or not at all. Return: 0 or a negative
 * errno. */
int record_write(int state_fd, const struct record *record, struct err *err);

/**
 * record_read() - that of container @id
 * Return: 0; -ENOENT when create did not get that far; -EINVAL for another's. An error says how to
 * be rid of it.
 */
int record_read(struct arena *arena, int state_fd, const char *id, struct record *record,
		struct err *err);

/** process_start_time() - field 22 of /proc/PID/stat in clock ticks. Return: 0 when it is gone or
 * dead (state Z or X). */
uint64_t process_start_time(pid_t pid);

/** record_alive() - whether the record's process is still that process. */
bool record_alive(const struct record *record);

/** record_watched() - whether the record's monitor is still that process. */
bool record_watched(const struct record *record);

/** record_origin() - who asked for what stands at @path of the spec; in @arena. NULL: not known. */
const char *record_origin(struct arena *arena, const struct record *record, const char *path);

/** record_spec() - the container's config.json. */
int record_spec(struct arena *arena, int state_fd, struct oci_spec *spec, struct err *err);

/** record_save_spec() - the container is otherwise by now: its config.json anew. */
int record_save_spec(int state_fd, const struct oci_spec *spec, struct err *err);

/* A change of a container that runs: announced before, adopted or dropped after. Announced, and no
 * one at work on it: whoever was got killed half-way. */

int record_announce_spec(int state_fd, const struct oci_spec *spec, struct err *err);

bool record_announced(int state_fd);
int record_announced_spec(struct arena *arena, int state_fd, struct oci_spec *spec,
			  struct err *err);

/** record_adopt_spec() - it is the container's config.json now. */
int record_adopt_spec(int state_fd, struct err *err);
void record_drop_spec(int state_fd);

/**
 * record_open_cgroup() - the container's cgroup
 * @flags: O_RDONLY or O_PATH
 * Return: 0; -ENOTSUP when it has none.
 */
int record_open_cgroup(const struct record *record, int flags, int *cgroup_fd, struct err *err);
