#pragma once

#include <stdbool.h>
#include <stdint.h>

struct nl_sock;

enum { VLAN_FIRST = 1, VLAN_LAST = 4094 };

/** struct vlans - those of a port of a VLAN-aware bridge */
struct vlans {
	uint32_t words[(VLAN_LAST + 32) / 32]; /* a bit for each */
	uint32_t untagged;                     /* one of them; 0: none */
};

/** vlans_add() - all from @first to @last; vlans_has() - whether @vlan is among them */
void vlans_add(struct vlans *vlans, uint32_t first, uint32_t last);
bool vlans_has(const struct vlans *vlans, uint32_t vlan);
bool vlans_same(const struct vlans *one, const struct vlans *other);

/** vlans_set() - give the port @index these and no others. Return: 0 or a negative errno. */
int vlans_set(struct nl_sock *sock, int index, const struct vlans *vlans);

/** vlans_get() - the ones that it has; none where it is no such port. 0 or a negative errno */
int vlans_get(struct nl_sock *sock, int index, struct vlans *vlans);
