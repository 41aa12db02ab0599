#pragma once

#include "lib/own.h"

#include <stdbool.h>

struct err;
struct json;
struct json_out;
struct run;
struct step;
struct text;

/*
 * A container is a list of steps. A step is one thing that isolates it: a mount, a mask, a cgroup
 * value, a veth, a capability set. Pure code makes steps from the spec and the host's facts
 * (lib/plan.h); each kind says how a step is applied, taken back, described and looked up in the
 * kernel. Running, planning, tracing, auditing and undoing are loops over the same list.
 *
 * Stages are the order of a start. Those above the line run on the host's side, in the process
 * that was called; those below in the container's first process. Between them are barriers:
 *
 *	host         PREPARE ── clone ── MAP ─"mapped"─▶ ATTACH ─"attached"─▶    save ─"saved"─▶
 *	container                 └── (SOURCE) waits ───▶ ENTER ─────▶ INSIDE ▶ EXEC ─"ready"─▶
 *	                                                             ... "started" ──▶ LAST, execve
 */
enum step_stage {
	STEP_PREPARE, /* host: before the process exists: cgroup, sources of mounts, volumes    */
	STEP_CLONE,   /* the namespaces: all made by the one clone3(2), their apply is NULL; what
			 the process in between sets before it joins those of others      */
	STEP_MAP,     /* host: the process waits; id maps, and what must be there before it runs */
	STEP_ATTACH,  /* host: at the same time as ENTER: veths, limits of the process          */
	STEP_SOURCE,  /* container: in its mount namespace, as the caller still; sources of mounts,
			 where the caller may open them nowhere else: plan_source_stage()    */
	STEP_ENTER,   /* container: namespaces are ours, the host's files are still visible     */
	STEP_INSIDE,  /* container: after pivot_root, with all capabilities                     */
	STEP_EXEC,    /* container: gives up rights                                      */
	STEP_LAST,    /* container: after "started", right before execve: a filter that few calls
			 pass through, the program; no descriptor of an earlier step is open any more
		       */
	STEP_STAGES
};

/** struct observation - what the kernel shows of one step */
struct observation {
	enum observed {
		OBSERVED_HOLDS,   /* is as the step wants it                     */
		OBSERVED_DIFFERS, /* is otherwise: @text says how                */
		OBSERVED_UNSEEN,  /* the kernel doesn't show it to us: @text why */
	} observed;
	char text[1024]; /* the kernel's state in words: "memory.max = 536870912" */
};

/** observe() - fill @seen, for an _observe function's return. Return: 0 */
int observe(struct observation *seen, enum observed observed, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

struct step_kind {
	const char *name; /* stable: "mount", "cgroup.limit"; for traces, errors, journals, docs */

	/* One line for people, no line break, without the kind's name: "/srv on /media, ro". */
	void (*describe)(const struct step *step, struct text *text);

	/* The step's values as members of the open object: for `plan --format json`, and, for a
	 * kind that has undo, all that undo needs in another process. */
	void (*write)(const struct step *step, struct json_out *out);

	/* The system calls. All or nothing: takes back its own half when it fails. */
	int (*apply)(const struct step *step, struct run *run, struct err *err);

	/* Takes back what stays on the host, from what write() and run_note() put in the journal.
	 * Works in another process, on a half-done step, and twice. NULL: nothing stays. */
	int (*undo)(const struct json *record, struct run *run, struct err *err);

	/* apply() notes all that undo() needs by run_note(), before it does it: the step itself is
	 * not written to the journal. */
	bool notes_itself;

	/* Says what the host shows behind a failure of apply(), and what to do: err_fact(),
	 * err_hint(). In the process where it failed, right then; @err->num says why. Changes
	 * nothing. NULL: the error says it all. */
	void (*explain)(const struct step *step, struct run *run, struct err *err);

	/* Compares the kernel's state with the step. @run is one made by run_look(). NULL: nothing
	 * of it can be seen. */
	int (*observe)(const struct step *step, struct run *run, struct observation *seen,
		       struct err *err);
};

struct step {
	const struct step_kind *kind;
	enum step_stage stage;
	unsigned int number; /* of its stage, from 1 */
	const char *origin;  /* who asked: "mp0: in 100.conf, line 7", "mounts[3] in config.json" */
	struct step *next;   /* of the same stage */
};

/** step_stage_name() - "prepare", "clone" ... */
const char *step_stage_name(enum step_stage stage);

/**
 * step_apply() - apply one step and, where it fails, say which it was
 *
 * Journals the step first when its kind has undo (run_journal()), traces it, and gives an error
 * the step's description and origin. Context: the side that the step's stage says.
 */
int step_apply(const struct step *step, struct run *run, struct err *err);

/** step_blame() - say of @err that it is this step's: what a failed step_apply() does. */
void step_blame(const struct step *step, struct run *run, struct err *err);
