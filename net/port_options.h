#pragma once

#include "net/hwaddr.h"

#include <stdbool.h>

struct nl_sock;

/*
 * What a port of a Linux bridge may do. Where the bridge learns no addresses at it, the one behind
 * it is told to it once, and what is for nobody it knows doesn't go there.
 */
struct port_options {
	bool no_learning, isolated;
	uint8_t hwaddr[HWADDR_BYTES]; /* of the one behind it, with no_learning */
};

static inline bool port_options_any(const struct port_options *options)
{
	return options->no_learning || options->isolated;
}

/** port_options_set() - of the port @index; @was: what it had, NULL: nothing. 0 or a negative errno
 */
int port_options_set(struct nl_sock *sock, int index, const struct port_options *was,
		     const struct port_options *options);

/** port_options_hold() - whether the port @index has them. Return: 1, 0 or a negative errno. */
int port_options_hold(struct nl_sock *sock, int index, const struct port_options *options);
