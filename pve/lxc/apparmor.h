#pragma once

#include "lib/arena.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * The AppArmor profile that is generated for a container: what LXC's "generated" allows and
 * denies, in a text for apparmor_parser(8). Pure.
 */

struct apparmor_profile {
	const char *name;  /* "lxc-100_</var/lib/lxc>"                         */
	const char *abi;   /* the features it is written for: "3.0", "4.0"; NULL: any */
	bool nesting;      /* containers in the container: all mounts, ptrace   */
	bool unprivileged; /* has a user namespace                             */
	size_t raw_count;
	const char *const *raw; /* rules to append, each a whole line with its comma */
};

/** apparmor_abi_has_v4() - does @abi know the rules userns, mqueue, and the option nosymfollow? */
bool apparmor_abi_has_v4(const char *abi);

/** apparmor_profile_write() - the text, in @arena. */
const char *apparmor_profile_write(struct arena *arena, const struct apparmor_profile *profile);
