#pragma once

#include <stdbool.h>

struct json;
struct packet;

/* What a rule that refuses answers by. Only firewall_walk.c includes this. */

/** reject_takes() - can it be said of such a packet at all? What nft needs a match for is left out
 * of what it says of the rule. @reject: libnftables-json(5)'s */
bool reject_takes(const struct json *reject, const struct packet *packet);

/** reject_resets() - as a TCP that has nobody at the port, not by ICMP */
bool reject_resets(const struct json *reject);

/** reject_error() - what who is refused has of it, an errno value. 0: by the protocol. */
int reject_error(const struct json *reject, const struct packet *packet);
