#pragma once

#include "oci/spec.h"

struct err;
struct json;
struct oci_state;
struct runtime;

/** struct hook_context - what all hooks of a list are given; borrowed */
struct hook_context {
	const struct oci_state *state; /* on its stdin, as JSON                              */
	const struct oci_strings *env; /* of a hook without one of its own; NULL: nothing    */
	const char *cwd;               /* NULL: the caller's                                 */
	const struct json *origins;    /* struct plan's; NULL: not known                     */
	int cancel_fd;                 /* readable: the hook is killed, a failure; -EBADF: never */
};

/**
 * hooks_run() - run a list of hooks one after the other
 * @name: which list, for messages: "createRuntime"
 *
 * A hook has stdin, stdout and stderr and no other descriptor. It need not read its input. One that
 * runs longer than its time-out is killed, which is a failure. Context: the process whose
 * namespaces and rights the hooks are to have. Return: 0; the first failure stops the list.
 */
int hooks_run(const char *name, const struct oci_hook_list *hooks,
	      const struct hook_context *context, struct err *err);

/** hooks_poststop() - the hooks after everything is gone. One that fails is a warning. */
void hooks_poststop(const struct runtime *runtime, const struct oci_hook_list *hooks,
		    const struct oci_state *state);
