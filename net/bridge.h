#pragma once

#include "net/hwaddr.h"

struct err;
struct nl_sock;

/* Bridges of our own making, beside one of the host's. */

/**
 * bridge_add() - a bridge with the MTU and the settings of another; down, and without IPv6, so that
 * nobody behind it reaches the host by it
 * @hwaddr: by which it is known as ours
 * @like: the index of the other; 0: none, the settings are the kernel's
 * Return: its index; -EEXIST: there is a link of that name.
 */
int bridge_add(struct nl_sock *sock, const char *name, const uint8_t hwaddr[HWADDR_BYTES], int like,
	       struct err *err);
