#pragma once

#include "lib/step.h"

#include <stdbool.h>
#include <stddef.h>

struct err;
struct oci_net_list;
struct oci_spec;
struct plan;

/*
 * A client of DHCP, DHCPv6 and router advertisements for a container that has none of its own:
 * dhcpcd(8), started by pctrun-dhcp (libexec/dhcp.c) in the container's network namespace and in
 * a cgroup of its own below the container's. It runs as long as the container does, renews its
 * leases, and ends with the container's cgroup, so nothing of it is in the journal.
 */
struct dhcp_interface {
	const char *name;  /* in the container */
	const char *where; /* who is asked: "vmbr0, VLAN 20" */
	bool ipv4, ipv6;
};

struct dhcp_step {
	struct step step;
	const char *config; /* dhcpcd.conf(5) */
	size_t count;
	const struct dhcp_interface *interfaces;
};

extern const struct step_kind dhcp_kind; /* STEP_ATTACH, behind the interfaces */

/** dhcp_plan() - for the interfaces that ask for it */
void dhcp_plan(struct plan *plan, const struct oci_spec *spec, const struct oci_net_list *list);

/* For a running container: one client for all interfaces, started anew when those change. Leases of
 * a family stay where the same one is asked for them. */
bool dhcp_same(const struct step *one, const struct step *other);
int dhcp_revert(const struct step *step, struct run *run, struct err *err);
int dhcp_change(const struct step *from, const struct step *to, struct run *run, struct err *err);
