#pragma once

#include <net/if.h>
#include <stdint.h>

struct err;
struct nl_sock;

/*
 * The VLANs of a bridge that doesn't keep them apart, as Proxmox has them: VLAN 20 of vmbr0 is a
 * bridge of its own, vmbr0v20, whose way out is a VLAN device, eth0.20, on each port of vmbr0 that
 * leads to the outside. It is made for the first container and goes with the last; one that
 * somebody else has made is used as it is.
 */

/** vlan_bridge_name() - Return: @name; "" where that is too long for a link. */
const char *vlan_bridge_name(const char *bridge, uint32_t tag, char name[IFNAMSIZ]);

enum { VLAN_LOCK_SECONDS = 30 };

/**
 * vlan_bridge_lock() - while it is held nobody makes or removes such a bridge: neither we nor
 * Proxmox
 * @seconds: how long it may take: VLAN_LOCK_SECONDS
 *
 * Return: a descriptor, whose end is the lock's; -ETIMEDOUT when another process keeps it.
 */
int vlan_bridge_lock(unsigned int seconds, struct err *err);

/** vlan_bridge_ensure() - make it, or what is missing of it. Context: under the lock.
 * Return: its index or a negative errno. */
int vlan_bridge_ensure(struct nl_sock *sock, const char *bridge, uint32_t tag, struct err *err);

/** vlan_bridge_leave() - remove it where it is ours and no container needs it any more. */
int vlan_bridge_leave(struct nl_sock *sock, const char *bridge, uint32_t tag, struct err *err);
