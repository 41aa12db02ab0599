#pragma once

#include "oci/spec.h"

#include <sys/types.h>

struct err;
struct oci_state;

/**
 * hooks_run() - run a list of hooks one after the other, each with the state on its stdin
 * @name: which list, for messages: "createRuntime"
 * @env: what a hook without env of its own gets; NULL: nothing
 *
 * A hook's time-out (seconds) ends it with SIGKILL and counts as failure. Context: the process
 * whose namespaces the hooks are to run in. Return: 0; the first failure stops the list.
 */
int hooks_run(const char *name, const struct oci_hook_list *hooks, const struct oci_state *state,
	      const struct oci_strings *env, struct err *err);
