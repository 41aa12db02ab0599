#pragma once

#include <stdbool.h>

/** notify_wanted() - whether a service manager waits to hear of this process */
bool notify_wanted(void);

/**
 * notify_manager() - tell the service manager how far this process is: sd_notify(3)
 * @state: lines "NAME=value": "READY=1\nSTATUS=running"
 *
 * One datagram to the socket that $NOTIFY_SOCKET names. Nothing where there is none; a manager that
 * doesn't listen is not our failure.
 */
void notify_manager(const char *state);
