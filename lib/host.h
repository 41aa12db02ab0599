#pragma once

#include "lib/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct err;

/*
 * What this kernel and this process can do, asked once. Planning reads only this, so that a test
 * can plan for another host.
 */

enum controller {
	CONTROLLER_CPUSET = 1 << 0,
	CONTROLLER_CPU = 1 << 1,
	CONTROLLER_IO = 1 << 2,
	CONTROLLER_MEMORY = 1 << 3,
	CONTROLLER_HUGETLB = 1 << 4,
	CONTROLLER_PIDS = 1 << 5,
	CONTROLLER_RDMA = 1 << 6,
	CONTROLLER_MISC = 1 << 7,
};

struct host {
	const char *kernel;      /* uname -r: for reports, never for decisions       */
	const char *machine;     /* uname -m                                         */
	const char *cgroup_root; /* where cgroup2 is mounted; NULL: nowhere          */
	const char *resctrl;     /* where resctrl is mounted; NULL: nowhere          */
	uint32_t controllers;    /* of the root of cgroup2: enum controller          */
	uint32_t uid, gid;       /* effective                                        */
	uint64_t capabilities;   /* effective set of this process, bit per capability */
	unsigned int last_cap;   /* the last that the kernel knows                   */
	bool initial_userns;
	bool ordinary; /* no CAP_SYS_ADMIN: may mount only in a user namespace that it makes */
	bool own_cgroup_writable; /* may make cgroups below the one it is in */
	bool apparmor;            /* enabled: /sys/module/apparmor/parameters/enabled */
	bool selinux;
	bool numa;              /* CONFIG_NUMA */
	bool time_namespace;    /* Linux 5.6  */
	bool root_is_initramfs; /* pivot_root(2) is refused there */
};

/** struct controller_name - the kernel's word for each bit; ends with a NULL name */
extern const struct controller_name {
	const char *name;
	enum controller bit;
} controller_names[];

/** host_probe() - ask the kernel. Strings live in @arena. */
int host_probe(struct arena *arena, struct host *host, struct err *err);

/** host_has_all_processes() - is this the pid namespace that the kernel started with? Apart from
 * the rest, as no plan asks. */
bool host_has_all_processes(void);
