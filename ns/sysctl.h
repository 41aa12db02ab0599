#pragma once

#include "lib/step.h"

struct err;
struct oci_spec;
struct plan;

/** struct sysctl_step - a kernel parameter of one of the container's own namespaces */
struct sysctl_step {
	struct step step;
	const char *file; /* below /proc: "sys/net/ipv4/ip_forward" */
	const char *value;
	int flag; /* CLONE_NEW* of the namespace that it belongs to */
};

extern const struct step_kind sysctl_kind; /* STEP_ENTER, before /proc/sys is read-only */

/**
 * sysctl_plan() - a step for each entry of linux.sysctl
 * Return: 0; -EINVAL for one that would change the host, as it belongs to no namespace that the
 * container has of its own.
 */
int sysctl_plan(struct plan *plan, const struct oci_spec *spec, struct err *err);
