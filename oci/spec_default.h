#pragma once

#include "oci/spec.h"

/* Whose ids a rootless container's root is. */
struct oci_spec_owner {
	uint32_t uid, gid;
};

/**
 * oci_spec_default() - the document to start from: `pctrun spec [--rootless]`
 * @rootless: whose container it is; NULL: root's
 * @spec: lists live in @arena, words are constants
 */
void oci_spec_default(struct arena *arena, const struct oci_spec_owner *rootless,
		      struct oci_spec *spec);
