#pragma once

#include "lib/own.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct err;
struct arena;
struct oci_process;
struct json;
struct oci_resources;
struct oci_spec;
struct oci_state;
struct plan;

/*
 * The life of a container: what cli/ calls. A container is known by its id and lives in a
 * folder of its own below the state root; every function here works from any process with only
 * that folder.
 */

/** struct runtime - where containers live and how this call goes about it; borrowed strings */
struct runtime {
	const char *root;           /* state root: /run/pctrun                          */
	const char *accept;         /* --accept-unenforced: words with commas, "all", NULL */
	const char *accept_place;   /* where that option stands, for hints: "before the command" */
	const char *cgroup_manager; /* "cgroupfs" (default), "systemd", "disabled" */
	const char *criu;           /* the program of checkpoint and restore; NULL: criu in PATH */
	int trace_fd;               /* a time line goes here; -EBADF: none              */
	int cancel_fd; /* readable: whoever waits for a create, start or exec wants it no more;
			  it fails with -EINTR; -EBADF: nobody will say so */
	bool reports;  /* a start waits until it knows whether the program runs */
	void (*warn)(void *data, const char *line); /* what was accepted; may be NULL     */
	void *warn_data;
	void (*plan_line)(void *data,
			  const char *line); /* each step as it is applied; may be NULL */
	void *plan_line_data;
	void (*undone)(void *data,
		       const char *id); /* a delete, before the id is free; may be NULL */
	void *undone_data;
};

/** runtime_root() - the state root from --root, $PCTRUN_ROOT, or the default for this user. */
const char *runtime_root(struct arena *arena, const char *option);

struct create_options {
	const char *bundle;         /* directory with config.json                          */
	const char *config;         /* other name of config.json; NULL                     */
	const char *pid_file;       /* NULL: none                                          */
	const char *console_socket; /* NULL: none                                          */
	int console_fd;             /* an already connected console socket; -EBADF: none   */
	int tty_fd;                 /* a socket for the masters of ttys; -EBADF: none are made */
	const char *pidfd_socket;
	unsigned int preserve_fds;
	unsigned int
		listen_fds; /* of the first of them the program is told: runtime/activation.h */
	/* The caller's descriptors whose last holder matters: locks, pipes that end. The
	 * container's process closes them at birth, others at its execve. */
	const int *private_fds;
	size_t private_count;
	int *ready_fd; /* gets the socket for readiness_pass_on(); NULL: nobody wants to know */
	bool no_pivot;
	bool no_new_keyring;
	bool accepted;  /* the caller has asked for the plan's missing_check() itself */
	bool monitored; /* the caller stays until the container ends, and undoes it then; its stdio
			   is not the container's */
	/* Of a program that gets a terminal, before it runs: over @console_fd, which is borrowed,
	 * its master has come. NULL: a terminal needs a console socket. */
	void (*take_terminal)(void *data, int console_fd);
	void *take_data;
};

/**
 * container_create() - make everything but run the program
 * @pid: the container's first process, a child of the caller
 *
 * On failure nothing is left on the host. Return: 0; -EEXIST for a taken id; -ENOTSUP for what
 * cannot be enforced and was not accepted: see runtime/missing.h.
 */
int container_create(const struct runtime *runtime, const char *id,
		     const struct create_options *options, pid_t *pid, struct err *err);

/** container_run() - create and start in one: nobody sees it created. Else as container_create().
 */
int container_run(const struct runtime *runtime, const char *id,
		  const struct create_options *options, pid_t *pid, struct err *err);

/** container_start() - let the created container's program run; runs poststart hooks. */
int container_start(const struct runtime *runtime, const char *id, struct err *err);

/** container_start_ready() - the same, and wait until it is ready where it was created for a
 * service manager, and one waits to hear so: runtime/readiness.h */
int container_start_ready(const struct runtime *runtime, const char *id, struct err *err);

/**
 * container_state() - what is known of a container now
 * @state: status is worked out from the kernel, not from the file; strings live in @arena
 * Return: 0; -ENOENT "container does not exist".
 */
int container_state(const struct runtime *runtime, struct arena *arena, const char *id,
		    struct oci_state *state, struct err *err);

/**
 * container_remains() - the same of a folder without a state that can be read, which a crash left
 *
 * It counts as stopped since its folder changed; `delete` works on it. Return: 0; -EBUSY while
 * somebody makes or removes it; -ENOENT.
 */
int container_remains(const struct runtime *runtime, struct arena *arena, const char *id,
		      struct oci_state *state, struct err *err);

/** container_accepted() - what a container was started without, in @arena; NULL: nothing. */
const char *container_accepted(const struct runtime *runtime, struct arena *arena, const char *id);

/** container_monitor() - the process that will undo a container; 0: none does. */
pid_t container_monitor(const struct runtime *runtime, const char *id);

/**
 * container_kill() - a signal to the first process, or with @all to every one of its cgroup
 *
 * SIGKILL goes to all of a container without a pid namespace of its own. Return: -ESRCH "container
 * not running" when nobody is left.
 */
int container_kill(const struct runtime *runtime, const char *id, int signal, bool all,
		   struct err *err);

/**
 * container_delete() - undo everything that create did, from the journal
 * @force: a running container is killed first; an unknown id is success; an incomplete folder
 * (a create that was killed) is cleaned up
 */
int container_delete(const struct runtime *runtime, const char *id, bool force, struct err *err);

int container_pause(const struct runtime *runtime, const char *id, struct err *err);
int container_resume(const struct runtime *runtime, const char *id, struct err *err);

/**
 * container_update() - new limits for a container
 * @changes: what isn't set stays as it is; devices are passed over
 * @origins: who asked for them, by their path: {"linux.resources.pids.limit": "--pids-limit"}
 *
 * Written to the cgroup, and to the container's copy of config.json, which audit compares with.
 */
int container_update(const struct runtime *runtime, const char *id,
		     const struct oci_resources *changes, const struct json *origins,
		     struct err *err);

/**
 * container_change() - a running container becomes as @wish has it, as far as that goes
 *
 * Limits, veths, new mounts and devices change at once, all of them or none; everything else of
 * @wish is for the next start. The container's copy of config.json says how it is now. What another
 * such call was killed in is taken back first.
 * Return: 0; -ESRCH when it doesn't run; -ENOTSUP for what this host can't enforce and the start
 * did not accept.
 */
int container_change(const struct runtime *runtime, const char *id, const struct oci_spec *wish,
		     struct err *err);

/** container_mounts() - has a running container the directory or image @source mounted? */
int container_mounts(const struct runtime *runtime, const char *id, const char *source,
		     bool *mounts, struct err *err);

/** struct container_address - one family of an interface, before and after; NULL: none */
struct container_address {
	const char *name;      /* in the container */
	const char *from, *to; /* "10.0.0.2/24" */
	const char *from_gateway, *to_gateway;
};

/**
 * container_readdress() - other addresses for an interface of a running container; sets it up
 *
 * What doesn't differ stays untouched; on failure all is as before.
 * Return: 0; -ENODEV when it has no such interface.
 */
int container_readdress(const struct runtime *runtime, const char *id,
			const struct container_address *wish, struct err *err);

/** struct exec_base - a container as it was read for an exec; in the arena of who asked for it */
struct exec_base;

/**
 * container_process() - the process that config.json of a container describes, for an exec's
 * @base: what else was read then, for struct exec_options
 */
int container_process(const struct runtime *runtime, struct arena *arena, const char *id,
		      struct oci_process *process, const struct exec_base **base, struct err *err);

/** container_root() - a running container's root, O_PATH: for lookups that stay in it (openat2). */
int container_root(const struct runtime *runtime, const char *id, struct err *err);

/**
 * container_become_root() - the calling process becomes the root of a container's user namespace
 *
 * What it makes below container_root() belongs to the container. Nothing without such a namespace.
 * Context: a process that ends soon: it has no rights over the host any more.
 */
int container_become_root(const struct runtime *runtime, const char *id, struct err *err);

/** struct exec_changes - what one who looks for a mistake has otherwise than the container */
struct exec_changes {
	uint64_t stay;   /* CLONE_NEW*: of the caller's namespaces, those to stay in       */
	bool own_cgroup; /* stays in the caller's cgroup                                   */
	bool unfiltered; /* without the container's seccomp filter                         */
	bool unlabelled; /* without its AppArmor profile and SELinux label                 */
	/* Steps before the process' own: PREPARE on the host's side, INSIDE in the container's
	 * namespaces, with all capabilities. */
	int (*plan)(struct plan *plan, const void *data, struct err *err);
	const void *data;
};

struct exec_options {
	const struct oci_process *process; /* what to run; from oci_process_read() or
					      container_process() */
	const struct exec_base *base;      /* what the latter read; NULL: it is read now */
	const struct json *origins; /* who asked for what @process has otherwise than config.json's,
				       as container_update() has it; NULL: nobody */
	const char *pid_file;
	const char *console_socket; /* takes the terminal's master; NULL: none            */
	int console_fd;             /* the same, connected already; -EBADF: none           */
	uint8_t console_stdio;      /* which of 0, 1, 2 the terminal is, a bit each; 0: all */
	unsigned int preserve_fds;
	bool detach;
	bool ignore_paused;
	const char *cgroup;                 /* below the container's; NULL: where init is        */
	const char *pidfd_socket;           /* gets a pidfd of the process; NULL: none            */
	const struct exec_changes *changes; /* NULL: none                               */
};

/**
 * container_exec() - a further process in the container
 * @pid: a child of the caller
 */
int container_exec(const struct runtime *runtime, const char *id,
		   const struct exec_options *options, pid_t *pid, struct err *err);

/** container_pids() - host pids of all processes in the container's cgroup tree. */
int container_pids(const struct runtime *runtime, struct arena *arena, const char *id, pid_t **pids,
		   size_t *count, struct err *err);

/** container_known() - whether container_state() or container_remains() would tell of it; without a
 * look at its process and cgroup, which is most of their time. */
bool container_known(const struct runtime *runtime, const char *id);

/** container_list() - the ids below the root, sorted; broken folders included. */
int container_list(const struct runtime *runtime, struct arena *arena, const char ***ids,
		   size_t *count, struct err *err);

/** struct plan_source - the document that a plan is made of; borrowed strings */
struct plan_source {
	const char *bundle;      /* relative paths start there                    */
	const char *file;        /* NULL: config.json in @bundle                  */
	const char *const *sets; /* "linux.resources.memory.limit=1024": members to change
				    before, by their path (lib/json_path.h); values are
				    JSON, else strings; NULL at the end, NULL: none */
};

/** container_plan() - what create would do. @plan: the caller's to free. */
int container_plan(const struct runtime *runtime, const char *id, const struct plan_source *source,
		   struct plan *plan, struct err *err);

/** container_bundle() - the bundle a container was made of, in @arena; its document as it is now
 * is config.json in the container's folder */
int container_bundle(const struct runtime *runtime, struct arena *arena, const char *id,
		     const char **bundle, struct err *err);

/** container_plan_spec() - the same for a spec in memory, which has to outlive @plan. */
int container_plan_spec(const struct runtime *runtime, const char *id, const char *bundle,
			const struct oci_spec *spec, struct plan *plan, struct err *err);

/** container_spec() - what a running container was made from, as it is now; lives in @arena */
int container_spec(const struct runtime *runtime, struct arena *arena, const char *id,
		   struct oci_spec *spec, struct err *err);

/**
 * container_plan_running() - the plan that a running container was made by
 * @spec: filled; what it points at lives in @plan, which plan_free() ends
 * @pid: its first process
 */
int container_plan_running(const struct runtime *runtime, const char *id, struct oci_spec *spec,
			   struct plan *plan, pid_t *pid, struct err *err);

/** container_audit_fn - called for each step of a running container; see struct observation. */
struct step;
struct observation;
typedef void container_audit_fn(void *data, const struct step *step,
				const struct observation *seen);
int container_audit(const struct runtime *runtime, const char *id, container_audit_fn *each,
		    void *data, struct err *err);
