#pragma once

#include "lib/step.h"

struct err;
struct oci_spec;
struct plan;

extern const struct step_kind loopback_kind; /* STEP_INSIDE: "lo" up; a bare struct step */

/**
 * net_plan() - the interfaces of a network namespace that the container gets new
 *
 * Nothing for one that is joined or shared with the host.
 * Return: 0 or -EINVAL.
 */
int net_plan(struct plan *plan, const struct oci_spec *spec, struct err *err);
