#pragma once

#include <sys/types.h>
#include <systemd/sd-bus.h>

struct err;

/*
 * systemd's manager over its D-Bus interface: org.freedesktop.systemd1(5). Properties are words as
 * busctl(1) takes them, NAME SIGNATURE VALUE..., the last followed by NULL.
 */

/** manager_start() - a transient unit with this process in it; returns when its job is done. */
int manager_start(sd_bus *bus, const char *unit, const char *const *properties, struct err *err);

/** manager_cgroup() - below the mount of cgroup2: "/machine.slice/a.scope"; the caller's to free */
int manager_cgroup(sd_bus *bus, const char *unit, char **cgroup, struct err *err);

/** manager_set() - change properties of a unit as long as it is there. */
int manager_set(sd_bus *bus, const char *unit, const char *const *properties, struct err *err);

/** manager_attach() - move a process into a unit's cgroup, which the caller may not be able to. */
int manager_attach(sd_bus *bus, const char *unit, pid_t pid, struct err *err);

/**
 * manager_stop() - end a unit, forget that it failed
 *
 * One that isn't there is fine; one with another description is another's and stays.
 */
int manager_stop(sd_bus *bus, const char *unit, const char *description, struct err *err);

/** property_append() - one property of a(sv). @words moves on. Return: 0, or a negative errno. */
int property_append(sd_bus_message *message, const char *const **words);
