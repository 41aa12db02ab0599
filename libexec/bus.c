#include "libexec/bus.h"

#include "lib/clock.h"
#include "lib/err.h"
#include "lib/own.h"

#include <stdio.h>
#include <string.h>
#include <systemd/sd-daemon.h>

enum { JOB_TIMEOUT_SEC = 30 };

/* ------------------------------------------------------------------ words for failures */

static const struct {
	const char *name, *hint;
} hints[] = {
	{BUS_SYSTEMD ".UnitExists",
	 "another container uses it: delete that, or choose another name in "
	 "linux.cgroupsPath"},
	{SD_BUS_ERROR_ACCESS_DENIED,
	 "as an ordinary user set XDG_RUNTIME_DIR: the user's manager is "
	 "asked then"},
	{SD_BUS_ERROR_INTERACTIVE_AUTHORIZATION_REQUIRED,
	 "as an ordinary user set XDG_RUNTIME_DIR: the user's manager is asked then"},
	{SD_BUS_ERROR_PROPERTY_READ_ONLY, "this systemd doesn't know it, or sets it by itself: see "
					  "the annotations org.systemd.property.*"},
};

int bus_fail(struct err *err, int r, const sd_bus_error *error, const char *doing, const char *unit)
{
	if (!sd_bus_error_is_set(error))
		return err_set(err, r, "%s %s", doing, unit);
	err_plain(err, r, "%s %s: systemd says: %s", doing, unit,
		  error->message ? error->message : error->name);
	for (size_t i = 0; i < ARRAY_SIZE(hints); i++)
		if (sd_bus_error_has_name(error, hints[i].name))
			err_hint(err, "%s", hints[i].hint);
	return r;
}

/* ------------------------------------------------------------------ connecting */

static int open_address(const char *address, bool is_bus, sd_bus **bus)
{
	sd_bus *opened = NULL;
	int r = sd_bus_new(&opened);

	if (r >= 0)
		r = sd_bus_set_address(opened, address);
	if (r >= 0)
		r = sd_bus_set_bus_client(opened, is_bus);
	if (r >= 0)
		r = sd_bus_start(opened);
	if (r < 0) {
		sd_bus_unref(opened);
		return r;
	}
	*bus = opened;
	return 0;
}

/* The manager's own socket needs no message bus; systemctl(1) goes the same way. Where it isn't
 * ours to open, or not there (an engine that is in a container), the bus is. */
static int open_user(const char *dir, sd_bus **bus)
{
	char address[512];
	int r;

	(void)snprintf(address, sizeof(address), "unix:path=%s/systemd/private", dir);
	r = open_address(address, false, bus);
	if (r >= 0)
		return r;
	(void)snprintf(address, sizeof(address), "unix:path=%s/bus", dir);
	return open_address(address, true, bus);
}

static int open_system(sd_bus **bus)
{
	int r = open_address("unix:path=/run/systemd/private", false, bus);

	return r >= 0 ? r : sd_bus_open_system(bus);
}

/* Signals come by themselves on the manager's own socket; a bus sends what was asked for. */
static int subscribe(sd_bus *bus)
{
	if (sd_bus_is_bus_client(bus) <= 0)
		return 0;
	return sd_bus_call_method(bus, BUS_SYSTEMD, BUS_OBJECT, BUS_INTERFACE, "Subscribe", NULL,
				  NULL, NULL);
}

int bus_connect(const char *user_dir, sd_bus **bus, struct err *err)
{
	int r;

	if (!user_dir && sd_booted() <= 0) {
		err_plain(err, -ENOTSUP, "systemd is not this host's first process");
		err_hint(err, "use --cgroup-manager cgroupfs; engines have a setting for it");
		return -ENOTSUP;
	}
	r = user_dir ? open_user(user_dir, bus) : open_system(bus);
	if (r >= 0)
		r = subscribe(*bus);
	if (r >= 0)
		return 0;
	err_set(err, r, "connect to systemd's %s%s", user_dir ? "user manager in " : "manager",
		user_dir ? user_dir : "");
	err_hint(err, user_dir ? "it runs while the user is logged in, or always after: loginctl "
				 "enable-linger"
			       : "neither /run/systemd/private nor the system bus can be reached");
	return r;
}

/* ------------------------------------------------------------------ jobs */

struct job {
	const char *path;
	char *result; /* "done", "failed", ...; NULL: still going on */
};

/* JobRemoved(u id, o job, s unit, s result) */
static int job_removed(sd_bus_message *message, void *data, sd_bus_error *error)
{
	struct job *job = data;
	const char *path, *unit, *result;
	uint32_t id;

	if (sd_bus_message_read(message, "uoss", &id, &path, &unit, &result) >= 0 && job->path &&
	    strcmp(path, job->path) == 0) {
		free(job->result);
		job->result = strdup(result);
	}
	return 0;
}

static int wait_result(sd_bus *bus, struct job *job)
{
	const int64_t end = deadline_in(JOB_TIMEOUT_SEC);
	int r = 0;

	while (r >= 0 && !job->result) {
		int left_ms = deadline_left(end);

		r = sd_bus_process(bus, NULL);
		if (r != 0)
			continue;
		if (left_ms == 0)
			return -ETIMEDOUT;
		r = sd_bus_wait(bus, (uint64_t)left_ms * 1000);
	}
	return r < 0 ? r : 0;
}

/* Makes the call, whose answer is a job, and waits until that is done. */
int bus_call_job(sd_bus *bus, sd_bus_message *message, sd_bus_error *error, char **result)
{
	sd_bus_slot *match = NULL;
	sd_bus_message *reply = NULL;
	struct job job = {};
	int r;

	r = sd_bus_match_signal(bus, &match, sd_bus_is_bus_client(bus) > 0 ? BUS_SYSTEMD : NULL,
				BUS_OBJECT, BUS_INTERFACE, "JobRemoved", job_removed, &job);
	if (r >= 0)
		r = sd_bus_call(bus, message, 0, error, &reply);
	if (r >= 0)
		r = sd_bus_message_read(reply, "o", &job.path);
	if (r >= 0)
		r = wait_result(bus, &job);
	sd_bus_message_unref(reply);
	sd_bus_slot_unref(match);
	*result = job.result;
	return r;
}
