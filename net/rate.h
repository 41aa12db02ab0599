#pragma once

#include "net/net.h"

#include <stdbool.h>

/*
 * How fast an interface may be, both ways: what goes to the container waits in a queue (htb), what
 * comes from it above that is dropped (a policer), as the sender notices in time. Both are on the
 * host's end, where nobody inside can change them, and end with it.
 */
struct rate_step {
	struct step step;
	const char *name; /* in the container */
	const char *host; /* the host's end, and its address: see net.h */
	uint8_t host_hwaddr[HWADDR_BYTES];
	uint64_t bytes; /* a second */
};

/** rate_limit() - what the step does, to the interface @index. 0 or a negative errno */
int rate_limit(struct nl_sock *sock, int index, uint64_t bytes, struct err *err);

extern const struct step_kind rate_kind; /* STEP_ATTACH, after net.veth */

bool rate_same(const struct step *one, const struct step *other);
int rate_revert(const struct step *step, struct run *run, struct err *err);
int rate_change(const struct step *from, const struct step *to, struct run *run, struct err *err);
