#pragma once

#include "why/judge.h"

/* What the files of the layer "capability" share. */

enum { OVER_HOST = -1 }; /* in place of a namespace */

/** rights_need() - the action takes @cap over what belongs to the owner of @namespace, a
 * NAMESPACE_*, or OVER_HOST; without it, it ends with @error */
void rights_need(const struct subject *subject, struct finding *finding, unsigned int cap,
		 int namespace, int error);

judge_fn judge_mounting; /* layer_rights_mount.c  */
judge_fn judge_unsharing;
judge_fn judge_call; /* layer_rights_call.c  */
