#pragma once

#include "lib/step.h"

#include <stdbool.h>

struct err;
struct oci_spec;
struct plan;

/*
 * Interfaces of the host that the container gets for itself. The kernel gives none of them back
 * as it was: with a network namespace its virtual interfaces end, and physical ones come back
 * under the name they had inside. So a namespace made for the container is held, by a mount of it
 * in the container's folder, until its interfaces have gone back to the host at the end. From one
 * that is joined they are not taken back: it and what is in it are somebody else's.
 *
 *	net.hold    ATTACH  the mount
 *	net.device  ATTACH  one interface, with its addresses
 */
struct device_step {
	struct step step;
	const char *host; /* its name on the host   */
	const char *name; /* in the container       */
	bool give_back;
};

extern const struct step_kind hold_kind; /* a bare struct step */
extern const struct step_kind device_kind;

/** device_plan() - linux.netDevices. Return: 0; -EINVAL for a name that can't be one. */
int device_plan(struct plan *plan, const struct oci_spec *spec, struct err *err);

int hold_apply(const struct step *step, struct run *run, struct err *err);
int hold_undo(const struct json *record, struct run *run, struct err *err);
int hold_observe(const struct step *step, struct run *run, struct observation *seen,
		 struct err *err);
/** hold_open() - the held namespace. Return: a descriptor; -ENOENT when it isn't held. */
int hold_open(int state_fd);

int device_apply(const struct step *step, struct run *run, struct err *err);
int device_undo(const struct json *record, struct run *run, struct err *err);
int device_observe(const struct step *step, struct run *run, struct observation *seen,
		   struct err *err);
