#pragma once

#include "pve/guest.h"
#include "pve/setup.h"

/* The parts of a set-up, one file each. All may be done again and again. */

/** struct setup_distro - what is different from one distribution to the next */
struct setup_distro {
	const char *ostype;
	int (*init)(const struct setup *setup, struct err *err);    /* gettys; NULL: nothing */
	int (*network)(const struct setup *setup, struct err *err); /* NULL: nothing         */
};

int setup_common(const struct setup *setup, struct err *err);
int setup_logins(const struct setup *setup, const struct setup_first *first, struct err *err);
int setup_ifupdown(const struct setup *setup, struct err *err);
int setup_debian_init(const struct setup *setup, struct err *err);

/** setup_option() - a config's option, NULL without one. */
const char *setup_option(const struct setup *setup, const char *key);

static inline struct guest setup_guest(const struct setup *setup)
{
	return (struct guest){.root_fd = setup->root_fd, .uid = setup->uid, .gid = setup->gid};
}
