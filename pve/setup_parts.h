#pragma once

#include "pve/guest.h"
#include "pve/setup.h"

struct pve_net;

/* The parts of a set-up, one file each. All may be done again and again. */

/* Once, after extraction. */
int setup_new_machine(const struct setup *setup, struct err *err); /* ids, keys, minutes */
int setup_logins(const struct setup *setup, const struct setup_first *first, struct err *err);
int setup_securetty(const struct setup *setup, struct err *err);
int setup_forget_lxc_name(const struct setup *setup, struct err *err);
int setup_mask_mounts(const struct setup *setup, struct err *err);
int setup_enable_networkd(const struct setup *setup, struct err *err);

/* By distribution. */
int setup_alpine_first(const struct setup *setup, struct err *err);
int setup_arch_first(const struct setup *setup, struct err *err);
int setup_arch_init(const struct setup *setup, struct err *err);
int setup_debian_init(const struct setup *setup, struct err *err);
int setup_devuan_init(const struct setup *setup, struct err *err);
int setup_ubuntu_first(const struct setup *setup, struct err *err);
int setup_ubuntu_init(const struct setup *setup, struct err *err);
int setup_ubuntu_network(const struct setup *setup, struct err *err);

/* For all. */
int setup_common(const struct setup *setup, struct err *err); /* hostname, hosts, resolv.conf */
int setup_timezone(const struct setup *setup, struct err *err);
void setup_check_systemd(const struct setup *setup); /* warns */

/* Logins on the container's terminals. @more: lines of the preset besides those of all. */
unsigned int setup_ttys(const struct setup *setup);
int setup_container_getty(const struct setup *setup, struct err *err);
int setup_preset(const struct setup *setup, const char *more, struct err *err);
int setup_inittab_sysvinit(const struct setup *setup, struct err *err);
int setup_inittab_busybox(const struct setup *setup, struct err *err);

/* Addresses. */
int setup_ifupdown(const struct setup *setup, struct err *err);
int setup_networkd(const struct setup *setup, struct err *err);

/**
 * setup_net() - the next network interface of the config, from *@index on
 * Return: false: no more. Go on with *@index + 1.
 */
bool setup_net(const struct setup *setup, struct arena *arena, unsigned int *index,
	       struct pve_net *net);

/** setup_on_link() - is @gateway reached without a route, from the address and prefix @cidr? */
bool setup_on_link(const char *cidr, const char *gateway);

/** setup_option() - a config's option, NULL without one. */
const char *setup_option(const struct setup *setup, const char *key);

/** setup_version() - of the distribution: 12, 2204 (Ubuntu), 3019 (Alpine); unknown: very new. */
unsigned int setup_version(const struct setup *setup);

bool setup_has_systemd(const struct setup *setup);

void setup_warn(const struct setup *setup, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static inline struct guest setup_guest(const struct setup *setup)
{
	return (struct guest){.root_fd = setup->root_fd, .uid = setup->uid, .gid = setup->gid};
}
