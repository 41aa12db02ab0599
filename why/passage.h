#pragma once

#include "net/firewall_judge.h"

#include <stdbool.h>
#include <stddef.h>

struct asked;
struct subject;

/* Which hooks of netfilter a packet passes, and between which interfaces. */

enum { PASSAGE_MAX = 6 };

/** passage_inside() - in its own network namespace. Return: how many. */
size_t passage_inside(const struct subject *subject, const struct asked *asked,
		      struct hook hooks[PASSAGE_MAX]);

/** passage_back() - of what the network namespace itself tells whoever has sent what it refuses,
 * inside or on the host. Return: 0 as well where he is far away. */
size_t passage_back(const struct subject *subject, const struct asked *refusal, bool inside,
		    struct hook hooks[PASSAGE_MAX]);

/** passage_host() - in the host's. Return: how many; 0: it doesn't come there, or nobody knows how
 */
size_t passage_host(const struct subject *subject, const struct asked *asked,
		    struct hook hooks[PASSAGE_MAX]);
