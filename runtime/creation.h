#pragma once

#include "lib/arena.h"
#include "lib/plan.h"
#include "lib/run.h"
#include "oci/spec.h"
#include "oci/state.h"
#include "runtime/container.h"
#include "runtime/record.h"

struct err;

/*
 * What create and restore share: from a bundle to a plan, the container's folder, the record and,
 * where it fails, the way back. In order of use.
 */

/** struct creation - all that belongs to one create or restore */
struct creation {
	const struct runtime *runtime;
	const struct create_options *options;
	struct arena arena;
	const char *config; /* the text of config.json */
	size_t config_length;
	struct oci_spec spec;
	struct host host;
	struct plan plan;
	struct run run;
	struct record record;
	struct oci_state state;
	char *listen_pid;  /* of activation_add() */
	int console_fd;    /* where the terminal's master comes for take_terminal() */
	const char *phase; /* what it is about, where no step is applied: for err_stage() */
	bool hooked;       /* hooks have run: whatever fails now, poststop hooks run too */
};

/** creation_init() - nothing is read yet; creation_free() it. All arguments are borrowed. */
void creation_init(struct creation *creation, const struct runtime *runtime, const char *id,
		   const struct create_options *options);
void creation_free(struct creation *creation);
DEFINE_CLEANUP(struct creation, creation_free);

/** creation_plan() - read and check the bundle, ask the host, make the plan: changes nothing */
int creation_plan(struct creation *creation, const char *id, struct err *err);

/** creation_open() - the container's folder, locked, with its journal, config.json and the
 * connection of the console socket */
int creation_open(struct creation *creation, const char *id, struct err *err);

/** creation_apply() - all steps of a stage of the host's side */
int creation_apply(struct creation *creation, enum step_stage stage, struct err *err);

/** creation_is() - the container's first process is there: @creation->run has its pid */
void creation_is(struct creation *creation);

/** creation_hooks() - prestart and createRuntime hooks, now that it is */
int creation_hooks(struct creation *creation, struct err *err);

/** creation_save() - state.json and the pid file: from then on the container is on record; the
 * caller takes its terminal */
int creation_save(struct creation *creation, struct err *err);

/** creation_blame() - say of an error how far it was: the stage, the step's place in the plan; and
 * whether a device filter is behind it */
void creation_blame(struct creation *creation, struct err *err);

/** creation_take_back() - after a failure: the process ends, the journal takes back the rest, the
 * folder goes. What can't be taken back stays for `delete --force`, which says what holds it. */
void creation_take_back(struct creation *creation, const char *id);
