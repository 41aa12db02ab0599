#pragma once

#include "net/route.h"

#include <stdbool.h>
#include <stdint.h>

struct action;
struct err;
struct isolation;

/** struct local_name - who has bound an abstract name */
struct local_name {
	bool here;      /* somebody in its network namespace, to a socket of that type */
	bool listens;   /* who waits for connections there, or takes datagrams         */
	bool otherwise; /* a socket of another type has it */
	bool outside;   /* the asker's network namespace has it */
};

/** struct around - what an action depends on besides the process: of the kernel, its namespaces */
struct around {
	bool frozen;              /* its cgroup, or one above it                      */
	long first_port;          /* net.ipv4.ip_unprivileged_port_start; -1: not seen */
	bool ping_groups_seen;    /* net.ipv4.ping_group_range: */
	uint32_t ping_groups[2];  /* first and last of those that may have a socket for it */
	bool port_taken;          /* somebody listens at it                           */
	bool port_inside;         /* but at the loopback's address alone              */
	int address_error;        /* what looking for a way to the address fails with */
	struct route route;       /* that way */
	char host_port[IFNAMSIZ]; /* the host's end of its interface; "": it has none here */
	struct local_name local;
	long max_userns;   /* user.max_user_namespaces; -1: not seen            */
	bool fstype_known; /* /proc/filesystems has it                         */
	bool fstype_loads; /* or a module may                                  */
	bool fstype_needs_device;
	bool call_absent;        /* the kernel was built without it; of few it can be told */
	bool has_emulators;      /* and other handlers of binfmt_misc */
	bool has_memory_driver;  /* of /dev/mem and /dev/port: some kernels do without */
	const char *full_cgroup; /* one of its path that may have no more processes; NULL: none */
	long pids_max;           /* of that                                              */
};

/** around_look() - what @action needs of it; the rest stays zero */
int around_look(const struct isolation *isolation, const struct action *action,
		struct around *around, struct err *err);
