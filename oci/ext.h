#pragma once

#include "oci/spec.h"

/*
 * This project's own annotations (annotations.h) as values. They come with a bundle, so they are
 * checked like everything else in it.
 */

/* Links between an interface and its bridge, for the rules of a firewall. */
struct oci_net_firewall {
	const char *bridge;        /* "fwbr100i0": the host's end is its port     */
	const char *inner, *outer; /* a pair, from there to the real bridge       */
};

/* Bytes a second: of less the kernel's queues can't hold the burst (net/queue.h) for long enough.
 */
enum { OCI_RATE_MIN = 4096 };

/* One of ANNOTATION_NET. */
struct oci_net {
	const char *type;                        /* "veth" (NULL), "macvlan", "ipvlan", "vlan",
						    "phys": one of linux.netDevices */
	const char *name;                        /* inside the container                */
	const char *lower;                       /* what of the host's it is on top of: macvlan,
						    ipvlan, vlan                        */
	const char *mode;                        /* of macvlan and ipvlan: "bridge", "l2" */
	uint32_t vlan;                           /* of vlan                             */
	const char *host;                        /* veth: the host's end                */
	const char *bridge;                      /* of that; NULL: attached to none     */
	bool vlan_aware;                         /* the bridge keeps VLANs apart by its ports */
	bool ovs;                                /* it is one of Open vSwitch           */
	bool no_learning;                        /* it knows @hwaddr there, and no other */
	bool isolated;                           /* from its other isolated ports       */
	uint32_t tag;                            /* VLAN there; 0: none                 */
	struct oci_u32s trunks;                  /* VLANs that it may have tagged; with vlan_aware
						    or ovs only                         */
	const struct oci_net_firewall *firewall; /* NULL: none                          */
	uint64_t rate;                           /* bytes a second, both ways; 0: no limit      */
	const char *hwaddr;                      /* of the container's end; NULL: the kernel's  */
	uint32_t mtu;                            /* 0: the kernel's                             */
	uint32_t host_mtu;                       /* of the host's end; 0: the kernel's          */
	struct oci_strings addresses;            /* "10.0.0.2/24", "fd00::2/64"                 */
	struct oci_strings gateways;             /* without a prefix                            */
	bool link_down;                          /* the host's end stays down                   */
	bool up;            /* the container's end is made ready: up, addresses, routes */
	bool dhcp, dhcp6;   /* a client on the host's side asks for addresses */
	const char *origin; /* NULL: the annotation itself                 */
};

struct oci_net_list {
	size_t count;
	struct oci_net *items;
};

/**
 * oci_net_read() - the interfaces that a spec asks for
 * @list: empty without the annotation; strings live in @arena
 * Return: 0; -EINVAL naming the annotation, the item and what it has to look like.
 */
int oci_net_read(struct arena *arena, const struct oci_spec *spec, struct oci_net_list *list,
		 struct err *err);

/** oci_net_write() - the annotation's text; the caller frees it. */
char *oci_net_write(const struct oci_net_list *list);

/** oci_net_check() - whether its values make sense, each and together. 0 or -EINVAL with the member
 */
int oci_net_check(const struct oci_net *net, struct err *err);

/** oci_net_addresses_check() - the same of its addresses and gateways. */
int oci_net_addresses_check(const struct oci_net *net, struct err *err);

/** oci_net_shared_address() - one that both of them ask for; NULL: none, or each has it on its link
 */
const char *oci_net_shared_address(const struct oci_net *one, const struct oci_net *other);

/** oci_ifname_check() - refuse @name where it can't be an interface's. @member: for the message */
int oci_ifname_check(const char *member, const char *name, struct err *err);

/** oci_hwaddr_check() - refuse what is not like BC:24:11:00:00:01, or is a group's or nobody's. */
int oci_hwaddr_check(const char *text, struct err *err);

/** oci_address_kind() - what an address is that no interface can have: "a group's"; NULL: it can
 * @text: may have a prefix */
const char *oci_address_kind(const char *text);

/** oci_address_is_of_link() - one like fe80::1, which is another one on each link
 * @text: may have a prefix */
bool oci_address_is_of_link(const char *text);

/** oci_address_bits() - "10.0.0.1": 32, "::1": 128; everything else: 0 */
unsigned int oci_address_bits(const char *text);
