#pragma once

#include "pve/lxc/seccomp.h"

/* What the built-in rules and the reader of profile files share. */

/** struct lxc_seccomp_machine - what one filter covers, the own architecture first; calls from any
 * other are killed */
struct lxc_seccomp_machine {
	const char *machine;   /* uname -m */
	const char *arches[3]; /* "SCMP_ARCH_X86_64" */
	const char *words[3];  /* section headers of a profile that name the own architecture */
};

/** lxc_seccomp_machine() - the row of a machine. Return: NULL for one that we don't know. */
const struct lxc_seccomp_machine *lxc_seccomp_machine(const char *name);

/** lxc_seccomp_set_arches() - the machine's architectures; none for an unknown one. */
void lxc_seccomp_set_arches(struct arena *arena, const char *machine, struct oci_seccomp *seccomp);

/** lxc_seccomp_add_builtin() - the built-in rule whose first system call is @name. */
void lxc_seccomp_add_builtin(struct arena *arena, const char *name, struct oci_seccomp *seccomp);
