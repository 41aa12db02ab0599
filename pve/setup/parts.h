#pragma once

#include "pve/guest/guest.h"
#include "pve/setup/setup.h"

#include <stdbool.h>

/* The parts of a set-up, one file each. All may be done again and again. */

/* Once, after extraction. */
int setup_new_machine(const struct setup *setup, struct err *err); /* ids, keys, minutes */
int setup_logins(const struct setup *setup, const struct setup_first *first, struct err *err);
int setup_securetty(const struct setup *setup, struct err *err);
int setup_forget_lxc_name(const struct setup *setup, struct err *err);
int setup_locale(const struct setup *setup, struct err *err);
int setup_mask_mounts(const struct setup *setup, struct err *err);
int setup_mask_unit(const struct setup *setup, const char *unit, struct err *err);
int setup_enable_networkd(const struct setup *setup, struct err *err);
int setup_snakeoil(const struct setup *setup, struct err *err);

/* By distribution. */
int setup_alpine_first(const struct setup *setup, struct err *err);
int setup_arch_first(const struct setup *setup, struct err *err);
int setup_arch_init(const struct setup *setup, struct err *err);
int setup_centos_first(const struct setup *setup, struct err *err);
int setup_centos_init(const struct setup *setup, struct err *err);
int setup_centos_network(const struct setup *setup, struct err *err);
int setup_debian_first(const struct setup *setup, struct err *err);
int setup_debian_init(const struct setup *setup, struct err *err);
int setup_fedora_first(const struct setup *setup, struct err *err);
int setup_fedora_init(const struct setup *setup, struct err *err);
int setup_fedora_network(const struct setup *setup, struct err *err);
int setup_gentoo_first(const struct setup *setup, struct err *err);
int setup_openeuler_first(const struct setup *setup, struct err *err);
int setup_openeuler_init(const struct setup *setup, struct err *err);
int setup_suse_first(const struct setup *setup, struct err *err);
int setup_suse_init(const struct setup *setup, struct err *err);
int setup_suse_network(const struct setup *setup, struct err *err);
int setup_ubuntu_first(const struct setup *setup, struct err *err);
int setup_ubuntu_init(const struct setup *setup, struct err *err);
int setup_ubuntu_network(const struct setup *setup, struct err *err);

/* Names. */
const char *setup_hostname(const struct setup *setup); /* whole, "localhost" without one */
int setup_hostname_short(const struct setup *setup, struct err *err);
int setup_hostname_redhat(const struct setup *setup, struct err *err);
int setup_hostname_gentoo(const struct setup *setup, struct err *err);
int setup_hosts(const struct setup *setup, struct err *err);
int setup_resolv(const struct setup *setup, struct err *err);

/* The config's, else the host's; blanks between, in @arena; "" without any. */
const char *setup_search(const struct setup *setup, struct arena *arena);
const char *setup_nameservers(const struct setup *setup, struct arena *arena);

/* Time. */
int setup_timezone(const struct setup *setup, struct err *err);

/* Logins on the container's terminals. @more: lines of the preset besides those of all. */
unsigned int setup_ttys(const struct setup *setup);
const char *setup_tty_folder(const struct setup *setup); /* below /dev: "lxc/" or "" */
int setup_container_getty(const struct setup *setup, struct err *err);
int setup_getty_condition(const struct setup *setup, struct err *err);
int setup_preset(const struct setup *setup, const char *more, struct err *err);
int setup_inittab_sysvinit(const struct setup *setup, struct err *err);
int setup_inittab_gentoo(const struct setup *setup, struct err *err);
int setup_inittab_busybox(const struct setup *setup, struct err *err);
int setup_upstart_ubuntu(const struct setup *setup, struct err *err);
int setup_upstart_centos_first(const struct setup *setup, struct err *err);
int setup_upstart_centos_ttys(const struct setup *setup, struct err *err);

/* Addresses: by the guest's distribution, and by who reads them. */
int setup_network(const struct setup *setup, struct err *err);
int setup_ifupdown(const struct setup *setup, struct err *err);
int setup_networkd(const struct setup *setup, struct err *err);
int setup_nmconnection(const struct setup *setup, struct err *err); /* NetworkManager */
int setup_ifcfg(const struct setup *setup, struct err *err);        /* Red Hat        */
int setup_wicked(const struct setup *setup, struct err *err);       /* SUSE           */
int setup_netifrc(const struct setup *setup, struct err *err);      /* Gentoo         */

/** setup_route_file() - @routes as the file's first lines; a file with no others goes with them. */
int setup_route_file(const struct setup *setup, const char *path, const char *routes,
		     struct err *err);

/** setup_assign() - NAME=@value in a file of shell variables, where there is that file. */
int setup_assign(const struct setup *setup, const char *path, const char *name, const char *value,
		 struct err *err);

/** setup_option() - a config's option, NULL without one. */
const char *setup_option(const struct setup *setup, const char *key);

/** setup_version() - of the distribution: 12, 2204 (Ubuntu), 3019 (Alpine); unknown: very new. */
unsigned int setup_version(const struct setup *setup);

/** setup_check_version() - -EINVAL for one whose files are not known. */
int setup_check_version(const struct setup *setup, struct err *err);

/** setup_has_systemd() - whether the guest's /sbin/init is systemd. */
bool setup_has_systemd(const struct setup *setup);
void setup_check_systemd(const struct setup *setup); /* warns */

/** setup_warn() - tell whoever set this off, in a line; nobody where there is no @setup->warn. */
void setup_warn(const struct setup *setup, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static inline struct guest setup_guest(const struct setup *setup)
{
	return (struct guest){.root_fd = setup->root_fd, .uid = setup->uid, .gid = setup->gid};
}
