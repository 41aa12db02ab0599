#pragma once

struct err;
struct oci_spec;
struct plan;

/**
 * unplanned_check() - note, as missing, what the spec asks for and no step of this version does
 *
 * Nothing that a bundle asks for is dropped silently: see plan_missing().
 */
int unplanned_check(struct plan *plan, const struct oci_spec *spec, struct err *err);
