#pragma once

#include "debug/tools.h"
#include "lib/json.h"
#include "oci/spec.h"
#include "runtime/container.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * A shell that looks at a container from inside, with tools that the container has not, and with
 * each layer of its isolation kept or left: so a mistake goes away with the layer that it is in.
 */

/** struct shell_layer - one that can be kept or left */
struct shell_layer {
	const char *name; /* "creds", "lsm", "seccomp", and as /proc/PID/ns has it: "net" */
	bool kept;        /* where nobody says otherwise          */
	uint64_t namespace;
};

enum { SHELL_LAYERS = 9 };

/** shell_layers[] - a NULL name ends it. */
extern const struct shell_layer shell_layers[SHELL_LAYERS + 1];

/** struct shell - what is asked for, and what comes of it */
struct shell {
	bool kept[SHELL_LAYERS]; /* by shell_layers[]; see shell_init()       */
	const char *folder, *at; /* of tools: tools_find()                    */
	struct oci_strings args; /* none: sh                                  */
	const char *term;        /* TERM of the caller's terminal; NULL: none */
	bool terminal;

	struct tools tools;
	struct exec_changes changes;
	struct oci_process process;
	struct json origins;      /* of what it has otherwise: struct exec_options */
	struct exec_options exec; /* for container_exec() */
};

/** shell_init() - each layer as it is where nobody says otherwise */
void shell_init(struct shell *shell);

/**
 * shell_prepare() - fill @shell->exec; it points into @shell and @arena
 * Return: 0; -ESRCH where the container doesn't run; see tools_find().
 */
int shell_prepare(const struct runtime *runtime, struct arena *arena, const char *id,
		  struct shell *shell, struct err *err);
