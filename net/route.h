#pragma once

#include <arpa/inet.h>
#include <net/if.h>
#include <stdbool.h>

struct err;
struct sockaddr;

/** struct route - the way that the kernel takes to an address. Plain: it may be shared memory. */
struct route {
	char name[IFNAMSIZ]; /* of the interface; "": there is no way */
	char hwaddr[18];     /* "bc:24:11:00:00:01"                   */
	bool is_loopback, is_up, has_carrier;
	int index; /* of the interface */
	int peer;  /* of a veth's other end, in the namespace where that is; 0: none, or in the same
		    */
	struct in6_addr source;         /* of AF_INET the first four bytes */
	char gateway[INET6_ADDRSTRLEN]; /* "": the address is a neighbour's */
	bool knows_neighbour;           /* it need not be asked for its hardware address */
};

/** route_look() - the way to @to from the caller's network namespace. @to: AF_INET, AF_INET6 */
int route_look(const struct sockaddr *to, struct route *route, struct err *err);
