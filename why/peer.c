#include "why/peer.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/sys.h"
#include "lib/worker.h"
#include "runtime/container.h"
#include "runtime/join.h"
#include "why/action.h"
#include "why/address.h"
#include "why/wall.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Addresses are asked for where they are, in its network namespace: a lease is in no config. */

struct looking {
	const struct action *action;
	pid_t pid;
	int pid_fd;
	char *name; /* shared: of the interface that has the address; "": none has */
};

static int look_within(void *data, struct err *err)
{
	const struct looking *looking = data;
	int r = join_as_root(looking->pid, looking->pid_fd, CLONE_NEWNET, err);

	if (r < 0)
		return r;
	(void)address_find(&looking->action->address, looking->name);
	return 0;
}

/* Which interface of a process has the address. @name: "": none has. */
static void find_interface(pid_t pid, const struct action *action, char name[IFNAMSIZ])
{
	cleanup_close int pid_fd = sys_pidfd_open(pid);
	struct looking looking = {.action = action, .pid = pid, .pid_fd = pid_fd};

	name[0] = '\0';
	if (pid_fd < 0)
		return;
	looking.name =
		mmap(NULL, IFNAMSIZ, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (looking.name == MAP_FAILED)
		return;
	if (worker_run(look_within, &looking, NULL) == 0)
		memcpy(name, looking.name, IFNAMSIZ);
	(void)munmap(looking.name, IFNAMSIZ);
}

/* @name: in the container; NULL: any that is a port of the same bridge */
static const struct veth_step *find_port(const struct peer *peer, const struct veth_step *beside,
					 const char *name)
{
	step_each (step, &peer->plan, STEP_ATTACH) {
		const struct veth_step *veth = container_of(step, struct veth_step, step);

		if (step->kind == &veth_kind && veth->port.bridge &&
		    port_same_bridge(&veth->port, &beside->port) &&
		    (!name || strcmp(veth->name, name) == 0))
			return veth;
	}
	return NULL;
}

static bool is_peer(const struct runtime *runtime, const struct veth_step *beside,
		    const struct action *action, struct peer *peer)
{
	char name[IFNAMSIZ];
	pid_t pid = 0;

	if (container_plan_running(runtime, peer->id, &peer->spec, &peer->plan, &pid, NULL) < 0 ||
	    !find_port(peer, beside, NULL))
		return false;
	find_interface(pid, action, name);
	peer->veth = *name ? find_port(peer, beside, name) : NULL;
	return peer->veth;
}

struct peer *peer_look(const struct runtime *runtime, const char *id, const struct veth_step *veth,
		       const struct action *action)
{
	cleanup_(arena_free) struct arena arena = {};
	struct peer *peer = NULL;
	const char **ids;
	size_t count = 0;

	if (!veth->port.bridge || container_list(runtime, &arena, &ids, &count, NULL) < 0)
		return NULL;
	for (size_t i = 0; !peer && i < count; i++) {
		if (strcmp(ids[i], id) == 0)
			continue;
		peer = calloc(1, sizeof(*peer));
		if (!peer)
			abort();
		peer->id = ids[i];
		if (!is_peer(runtime, veth, action, peer)) {
			peer_free(peer);
			peer = NULL;
		}
	}
	if (!peer)
		return NULL;
	peer->id = arena_strdup(&peer->plan.arena, peer->id);
	peer->wall = wall_look(&peer->plan);
	return peer;
}

void peer_free(struct peer *peer)
{
	if (peer)
		plan_free(&peer->plan);
	free(peer);
}
