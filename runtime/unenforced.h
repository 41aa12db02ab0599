#pragma once

struct err;
struct oci_spec;
struct plan;

/** unenforced_plan() - note as missing what the bundle's maker says it left out
 * (ANNOTATION_UNENFORCED). Return: 0; -EINVAL for an annotation that is no such list. */
int unenforced_plan(struct plan *plan, const struct oci_spec *spec, struct err *err);
