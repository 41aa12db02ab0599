#pragma once

#include <stdbool.h>

struct err;
struct lock;
struct pct;

/** struct launch - a container on its way from its config to a monitor that holds it */
struct launch {
	struct pct *pct;
	const char *id;
	struct lock *lock; /* of its config, held; borrowed */
	int steps_fd;      /* where each step is shown; -EBADF: nowhere. Ours until it runs */
	bool foreground;   /* this process becomes the monitor, and returns when all is over */
	bool quiet;        /* a reboot from inside: no phase of the hookscript */
};

/**
 * launch_container() - start it; the caller has checked that it may be
 *
 * Pending changes are applied, what a crash has left is undone, the guest's files are set up, the
 * bundle is written to ROOT/.bundle/ID, a monitor runs it. The hookscript takes part.
 * Return: 0 once the program runs, with @foreground once it has ended; -ECHILD, and why in @err:
 * the exit status of Proxmox's tasks doesn't tell one failure from another. Nothing is left then.
 */
int launch_container(struct launch *launch, struct err *err);

/** launch_prepare() - all of it but the monitor. Return: 0: the bundle is there. */
int launch_prepare(const struct launch *launch, struct err *err);

/** launch_bundle() - where it is, in the arena of @launch->pct. */
const char *launch_bundle(const struct launch *launch);
