#pragma once

#include <systemd/sd-bus.h>

struct err;

/* Where systemd's manager is on a bus. */
#define BUS_SYSTEMD   "org.freedesktop.systemd1"
#define BUS_OBJECT    "/org/freedesktop/systemd1"
#define BUS_INTERFACE BUS_SYSTEMD ".Manager"

/**
 * bus_connect() - to the manager itself, else by the message bus
 * @user_dir: XDG_RUNTIME_DIR of the user whose manager is meant; NULL: the system's
 * Return: 0; -ENOTSUP where systemd isn't the first process; what connecting failed with.
 */
int bus_connect(const char *user_dir, sd_bus **bus, struct err *err);

/**
 * bus_call_job() - make a call whose answer is a job, and wait until that has ended
 * @result: "done", "failed", ...; the caller's to free, NULL after a failure
 * Return: 0; -ETIMEDOUT after 30 s; what the call failed with, and @error.
 */
int bus_call_job(sd_bus *bus, sd_bus_message *message, sd_bus_error *error, char **result);

/** bus_fail() - "@doing @unit: " and what systemd or errno says. Return: @r */
int bus_fail(struct err *err, int r, const sd_bus_error *error, const char *doing,
	     const char *unit);
