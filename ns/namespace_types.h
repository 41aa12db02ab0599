#pragma once

#include <stdint.h>

/** struct namespace_type - a kind of namespace by its names: namespaces(7) */
struct namespace_type {
	const char *type; /* the runtime specification's word: "network" */
	const char *file; /* of /proc/PID/ns: "net"                      */
	uint64_t flag;    /* CLONE_NEWNET                                */
};

enum { NAMESPACE_TYPES = 8 };

/** namespace_types[] - all of them, the user namespace first; a NULL type ends it. */
extern const struct namespace_type namespace_types[NAMESPACE_TYPES + 1];
