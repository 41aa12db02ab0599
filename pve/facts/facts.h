#pragma once

#include "lib/arena.h"
#include "pve/facts/bridge_options.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct oci_spec;
struct pve_conf;

/*
 * What the translation of one config needs to know of the host, gathered beforehand: the
 * translation itself asks nobody. With a config beside them they are a test case
 * (tests/data/translate-*).
 */

/* Names among files: the firewall's own, /etc/services. */
#define FACTS_FIREWALL_GUEST   "firewall/guest"
#define FACTS_FIREWALL_CLUSTER "firewall/cluster"
#define FACTS_FIREWALL_HOST    "firewall/host"
#define FACTS_SERVICES         "services"

enum pve_bridge_kind {
	PVE_BRIDGE_PLAIN,      /* a Linux bridge: one network for all its ports */
	PVE_BRIDGE_VLAN_AWARE, /* a Linux bridge that keeps VLANs apart         */
	PVE_BRIDGE_OVS,        /* one of Open vSwitch                           */
	PVE_BRIDGE_NONE,       /* an interface that is no bridge                */
};

struct pve_bridge {
	const char *name;
	uint32_t mtu;
	enum pve_bridge_kind kind;
	struct bridge_options options;
};

enum pve_volume_kind {
	PVE_VOLUME_DIR,   /* a directory: a bind, a subvolume             */
	PVE_VOLUME_IMAGE, /* a file with a file system in it: by loop device */
	PVE_VOLUME_BLOCK, /* a block device with a file system on it      */
};

struct pve_volume {
	const char *key; /* "rootfs", "mp0" */
	enum pve_volume_kind kind;
	const char *path; /* on the host, absolute */
	const char *fs;   /* of an image or block device: "ext4"; NULL: not recognized */
};

struct pve_device_node {
	const char *path; /* as the config has it; links are followed */
	char type;        /* 'b' or 'c' */
	uint32_t major, minor;
};

struct pve_named {
	const char *name;
	const char *value;
};

struct pve_names {
	size_t count;
	struct pve_named *items;
};

struct pve_facts {
	const char *machine;        /* uname -m                                                */
	uint32_t last_cap;          /* /proc/sys/kernel/cap_last_cap                           */
	bool apparmor;              /* the kernel enforces AppArmor profiles                   */
	bool dhcpcd;                /* the host has that program                               */
	const char *apparmor_abi;   /* newest that apparmor_parser knows: "4.0"; NULL: none     */
	const char *bundle;         /* where the bundle will be, absolute                      */
	const char *cpus;           /* the ones chosen for `cores`: "0-1,3"; NULL: not needed  */
	const char *firewall_lacks; /* what the kernel lacks for the container's rules; NULL: none,
				       or nothing was asked for */
	bool firewall_bridges;      /* the host has Proxmox's firewall by iptables, which knows a
				       container's packets by the names of bridges             */
	struct {
		size_t count;
		struct pve_bridge *items;
	} bridges;
	struct {
		size_t count;
		struct pve_volume *items; /* that the config names and that could be resolved */
	} volumes;
	struct {
		size_t count;
		struct pve_device_node *items; /* of devN, and of devices.allow by path */
	} devices;
	struct pve_names hwaddrs;     /* by key: one for each netN that names none     */
	struct pve_names addresses;   /* asked for, and a bridge has them itself: by address */
	struct pve_names files;       /* texts that keys name: profiles, fstab         */
	struct pve_names environment; /* of the host, for `lxc.environment: NAME`      */
	struct pve_names lxcfs;       /* path below /proc or /sys -> lxcfs' own        */
	struct pve_names absent;      /* source of an optional mount -> why it isn't there */
	const char *resolv_conf;      /* the host's, for the guest's set-up            */
};

/** struct pve_facts_request - what to gather facts for; strings are borrowed */
struct pve_facts_request {
	const struct pve_conf *conf;
	const char *bundle;
	const struct oci_spec *running; /* what a container that runs was made from: what that
					   names and has is asked for no more; NULL: none */
	const char *etc; /* "/etc/pve": for firewall/<vmid>.fw, datacenter.cfg; NULL: none */

	/* The storage's answer: the path of a volume id like "local:100/vm-100-disk-0.raw". */
	int (*resolve)(void *data, struct arena *arena, const char *volume, const char **path,
		       struct err *err);
	void *data;
};

/**
 * pve_facts_gather() - ask the host
 * @facts: strings and lists live in @arena
 *
 * What the config names and isn't there fails here, with the config's line: a volume, a device, a
 * profile. A bridge that isn't there is left out, and the translation says so.
 */
int pve_facts_gather(struct arena *arena, const struct pve_facts_request *request,
		     struct pve_facts *facts, struct err *err);

/* Look-ups. Return: NULL if absent. */
const struct pve_bridge *pve_facts_bridge(const struct pve_facts *facts, const char *name);
const struct pve_volume *pve_facts_volume(const struct pve_facts *facts, const char *key);
const struct pve_device_node *pve_facts_device(const struct pve_facts *facts, const char *path);
const char *pve_names_find(const struct pve_names *names, const char *name);
