#pragma once

#include "net/hwaddr.h"

#include <net/if.h>
#include <netinet/in.h>

struct err;

/*
 * Whether somebody else on the wire has an address of a container's: asked while it runs, as the
 * answer takes seconds, for each IPv4 address that comes to one of its interfaces, whoever has
 * given it that. Of IPv6 the kernel asks by itself, and only has to be heard.
 */
struct conflict_watch;

/** struct conflict - an address that two have */
struct conflict {
	char name[IFNAMSIZ]; /* of the interface, in the container */
	char address[INET6_ADDRSTRLEN];
	char hwaddr[HWADDR_TEXT]; /* the other's; "": the kernel doesn't say, of IPv6 */
};

/**
 * conflict_watch_new() - look after the addresses in a network namespace
 * @netns_fd: the watch's own from here on, also after an error: the namespace stays as long as it
 *
 * Costs next to nothing now: it begins after a second, when the container has its start behind it.
 */
int conflict_watch_new(int netns_fd, struct conflict_watch **watch, struct err *err);

/** conflict_watch_fd() - is readable when there is something to do: conflict_watch_handle(). */
int conflict_watch_fd(const struct conflict_watch *watch);

/** conflict_watch_handle() - do it. @found: once for each address and answer; may be called again
 */
void conflict_watch_handle(struct conflict_watch *watch,
			   void (*found)(void *data, const struct conflict *conflict), void *data);

/** conflict_watch_free() - NULL is fine. */
void conflict_watch_free(struct conflict_watch *watch);
