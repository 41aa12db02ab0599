#pragma once

#include "lib/step.h"

#include <stdbool.h>
#include <stdint.h>

struct err;
struct oci_process;
struct oci_spec;
struct plan;

/*
 * Terminals of a container: ptys of its own devpts, bound on /dev/console and /dev/ttyN. The
 * console's master goes to run->console_fd, in a message that says "/dev/ptmx", as engines expect;
 * the others' go to run->tty_fd with their name, "tty1". ttys that nobody takes are not made.
 */
struct tty_step {
	struct step step;
	const char *path; /* what the pty is bound on: "/dev/console"; NULL: nothing (exec)  */
	const char *link; /* a symbolic link to @path beside its folder: "/dev/tty1"; NULL   */
	const char *name; /* what goes with the master                                       */
	uint32_t uid;     /* owner of the terminal                                           */
	bool console;     /* the process' own: on its stdio                                  */
	bool controlling; /* becomes its controlling terminal                                */
	uint8_t stdio;    /* which of 0, 1, 2 it becomes, a bit each                         */
	bool sized;
	uint16_t height, width;
};

extern const struct step_kind tty_kind; /* STEP_ENTER; of exec STEP_EXEC */

/**
 * tty_plan() - console and ttys of a container; to be called after the mounts are planned and
 * before what makes /dev read-only
 */
int tty_plan(struct plan *plan, const struct oci_spec *spec, struct err *err);

/**
 * tty_exec_plan() - the terminal of a further process: on its stdio, bound on nothing; first of
 * the EXEC steps, while there are rights to make it
 * @stdio: which of 0, 1, 2 it becomes, a bit each; 0: all
 */
void tty_exec_plan(struct plan *plan, const struct oci_process *process, const char *path,
		   uint8_t stdio);
