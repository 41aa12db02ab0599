#pragma once

#include "lib/step.h"
#include "net/hwaddr.h"
#include "net/port.h"

#include <net/if.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct oci_spec;
struct plan;

/** struct veth_step - a pair of interfaces, one in the container, one on the host's bridge */
struct veth_step {
	struct step step;
	const char *name; /* in the container: "eth0" */
	const char *host; /* on the host: "veth100i0" */
	struct port port; /* of the host's end        */
	uint8_t hwaddr[HWADDR_BYTES];
	uint8_t host_hwaddr[HWADDR_BYTES]; /* HWADDR_HOST */
	uint32_t mtu, host_mtu;            /* bytes; 0: as the kernel has it */
	bool link_down;                    /* the host's end stays down: the cable is out */
};

/** struct address_step - an interface of the container that the host sets up */
struct address_step {
	struct step step;
	const char *name;
	size_t address_count, gateway_count;
	const char **addresses; /* "10.0.0.2/24" */
	const char **gateways;  /* "10.0.0.1": one default route each */
};

extern const struct step_kind loopback_kind; /* STEP_INSIDE: "lo" up; a bare struct step */
extern const struct step_kind veth_kind;     /* STEP_ATTACH: leaves the host's end */
extern const struct step_kind address_kind;  /* STEP_INSIDE */

/*
 * For a running container. A pair is the same as long as its host end has the same name and both
 * addresses; another bridge, MTU or cable leaves the container's end and its addresses alone.
 */
bool veth_same(const struct step *one, const struct step *other);
int veth_revert(const struct step *step, struct run *run, struct err *err);
int veth_change(const struct step *from, const struct step *to, struct run *run, struct err *err);

/**
 * net_plan() - the interfaces of a network namespace that the container gets new
 *
 * Nothing for one that is joined or shared with the host, unless the annotation org.pctrun.net asks
 * for interfaces: those need a new one.
 * Return: 0; -EINVAL with the interface and what is wrong about it.
 */
int net_plan(struct plan *plan, const struct oci_spec *spec, struct err *err);
