#pragma once

#include <stdint.h>

struct nl_sock;

/* Limits of how fast an interface may be, both ways. Of the interface @index; 0 or a negative
 * errno.
 */

/** queue_set() - limit both ways. -ENOENT: this kernel lacks what it takes: @lacks says what */
int queue_set(struct nl_sock *sock, int index, uint64_t bytes, const char **lacks);

/** queue_clear() - no limits; there may be none. */
int queue_clear(struct nl_sock *sock, int index);

/** queue_get() - the limits of both ways, in bytes a second; 0: none */
int queue_get(struct nl_sock *sock, int index, uint64_t *to, uint64_t *from);
