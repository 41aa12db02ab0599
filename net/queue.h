#pragma once

#include <stdint.h>

struct nl_sock;

/* Limits of how fast an interface may be, both ways. Of the interface @index; 0 or a negative
 * errno.
 */

/** struct queue_part - what a limit is made of, one after the other */
struct queue_part {
	const char *call;   /* the request: "RTM_NEWQDISC"   */
	const char *module; /* of the kernel: "sch_htb"      */
};

/** queue_set() - limit both ways. @part: where it failed; -ENOENT: this kernel lacks its module */
int queue_set(struct nl_sock *sock, int index, uint64_t bytes, struct queue_part *part);

/** queue_clear() - no limits; there may be none. */
int queue_clear(struct nl_sock *sock, int index);

/** queue_get() - the limits of both ways, in bytes a second; 0: none */
int queue_get(struct nl_sock *sock, int index, uint64_t *to, uint64_t *from);
