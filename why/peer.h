#pragma once

#include "lib/own.h"
#include "lib/plan.h"
#include "net/net.h"
#include "oci/spec.h"

#include <stdbool.h>

struct action;
struct isolation;
struct runtime;
struct wall;

/** struct peer - the container of ours that has the other address of an action, and is a port of
 * the same bridge: its firewall is asked as well */
struct peer {
	const char *id;
	struct plan plan;
	struct oci_spec spec; /* lives in @plan */
	const struct veth_step *veth;
	const struct wall *wall;
};

/**
 * peer_look() - look for it among all that run
 * @id, @veth: the asking container, and the interface by which the way goes
 * Return: NULL: there is none; its wall may be NULL. peer_free() it.
 */
struct peer *peer_look(const struct runtime *runtime, const char *id, const struct veth_step *veth,
		       const struct action *action);
void peer_free(struct peer *peer); /* NULL is fine */
