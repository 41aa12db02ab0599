#pragma once

#include "oci/spec.h"

/*
 * LXC's seccomp profiles as the spec has them: the file format of lxc.seccomp.profile, versions 1
 * and 2, and the rules that Proxmox containers get without one. Pure.
 */

struct lxc_seccomp_defaults {
	const char *machine; /* uname -m of the host                                  */
	bool unprivileged;   /* adds the rules that guard what a user namespace opens */
	bool keyctl;         /* features: keyctl=1: key rings are allowed             */
};

/**
 * lxc_seccomp_default() - the rules of a container without lxc.seccomp.profile
 * @because: for each rule, which containers have it; NULL: all
 * Return: in @arena
 */
struct oci_seccomp *lxc_seccomp_default(struct arena *arena,
					const struct lxc_seccomp_defaults *defaults,
					struct oci_strings *because);

/**
 * lxc_seccomp_read() - decode a profile file
 * @name: what messages call it
 * @machine: uname -m of the host the rules are for
 * @seccomp: written on success only; lives in @arena
 * @notes: what of it is not kept, one line each: rules for other architectures, as the spec knows
 *	none per architecture; "notify", which becomes ENOSYS as LXC answers without a proxy
 *
 * Return: 0; -EINVAL with the line's number.
 */
int lxc_seccomp_read(struct arena *arena, const char *name, const char *text, size_t length,
		     const char *machine, struct oci_seccomp *seccomp, struct oci_strings *notes,
		     struct err *err);
