#pragma once

#include <stdbool.h>

struct err;
struct pct;

/** unit_holds() - does a container's monitor belong to systemd's pct@VMID.service? */
bool unit_holds(struct pct *pct, const char *id);

/** unit_restart() - let systemd start it again, which waits until it runs. */
int unit_restart(const char *id, struct err *err);
