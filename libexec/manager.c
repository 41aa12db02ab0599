#include "libexec/manager.h"

#include "lib/err.h"
#include "lib/own.h"
#include "libexec/bus.h"

#include <string.h>

static int judge(const char *result, const char *doing, const char *unit, struct err *err)
{
	if (strcmp(result, "done") == 0 || strcmp(result, "skipped") == 0)
		return 0;
	err_plain(err, -EIO, "%s %s: systemd's job ended as \"%s\"", doing, unit, result);
	err_hint(err, "journalctl -u %s has the reason", unit);
	return -EIO;
}

static int new_call(sd_bus *bus, const char *method, sd_bus_message **message)
{
	return sd_bus_message_new_method_call(bus, message, BUS_SYSTEMD, BUS_OBJECT, BUS_INTERFACE,
					      method);
}

static int append_properties(sd_bus_message *message, const char *const *words, const char **bad)
{
	int r = 0;

	while (r >= 0 && *words) {
		*bad = *words;
		r = property_append(message, &words);
	}
	if (r >= 0)
		*bad = NULL;
	return r;
}

static int append_self(sd_bus_message *message)
{
	return sd_bus_message_append(message, "(sv)", "PIDs", "au", 1, (uint32_t)getpid());
}

static int build_start(sd_bus *bus, const char *unit, const char *const *words,
		       sd_bus_message **message, const char **bad)
{
	int r = new_call(bus, "StartTransientUnit", message);

	if (r >= 0)
		r = sd_bus_message_append(*message, "ss", unit, "fail");
	if (r >= 0)
		r = sd_bus_message_open_container(*message, 'a', "(sv)");
	if (r >= 0)
		r = append_properties(*message, words, bad);
	if (r >= 0)
		r = append_self(*message);
	if (r >= 0)
		r = sd_bus_message_close_container(*message);
	return r < 0 ? r : sd_bus_message_append(*message, "a(sa(sv))", 0);
}

static int start_once(sd_bus *bus, const char *unit, const char *const *words, bool *exists,
		      struct err *err)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *message = NULL;
	cleanup_free char *result = NULL;
	const char *bad = NULL;
	int r;

	r = build_start(bus, unit, words, &message, &bad);
	if (r < 0 && bad)
		err_set(err, r, "start %s: property %s", unit, bad);
	else if (r >= 0)
		r = bus_call_job(bus, message, &error, &result);
	if (r < 0 && !bad)
		bus_fail(err, r, &error, "start", unit);
	*exists = sd_bus_error_has_name(&error, BUS_SYSTEMD ".UnitExists");
	sd_bus_error_free(&error);
	sd_bus_message_unref(message);
	return r < 0 ? r : judge(result, "start", unit, err);
}

static void reset_failed(sd_bus *bus, const char *unit)
{
	/* Nothing to reset is an error too. */
	(void)sd_bus_call_method(bus, BUS_SYSTEMD, BUS_OBJECT, BUS_INTERFACE, "ResetFailedUnit",
				 NULL, NULL, "s", unit);
}

/* One of this name that has failed keeps it until somebody has seen that. */
int manager_start(sd_bus *bus, const char *unit, const char *const *properties, struct err *err)
{
	bool exists;
	int r = start_once(bus, unit, properties, &exists, err);

	if (r == 0 || !exists)
		return r;
	reset_failed(bus, unit);
	return start_once(bus, unit, properties, &exists, err);
}

static int get_string(sd_bus *bus, const char *unit, const char *interface, const char *name,
		      char **value, struct err *err)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	cleanup_free char *path = NULL;
	int r;

	r = sd_bus_path_encode(BUS_OBJECT "/unit", unit, &path);
	if (r >= 0)
		r = sd_bus_get_property_string(bus, BUS_SYSTEMD, path, interface, name, &error,
					       value);
	if (r < 0)
		bus_fail(err, r, &error, "look at", unit);
	sd_bus_error_free(&error);
	return r < 0 ? r : 0;
}

int manager_cgroup(sd_bus *bus, const char *unit, char **cgroup, struct err *err)
{
	return get_string(bus, unit, BUS_SYSTEMD ".Scope", "ControlGroup", cgroup, err);
}

int manager_set(sd_bus *bus, const char *unit, const char *const *properties, struct err *err)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *message = NULL;
	const char *bad = NULL;
	int r = new_call(bus, "SetUnitProperties", &message);

	if (r >= 0)
		r = sd_bus_message_append(message, "sb", unit, true);
	if (r >= 0)
		r = sd_bus_message_open_container(message, 'a', "(sv)");
	if (r >= 0)
		r = append_properties(message, properties, &bad);
	if (r >= 0)
		r = sd_bus_message_close_container(message);
	if (r >= 0)
		r = sd_bus_call(bus, message, 0, &error, NULL);
	if (r < 0 && bad)
		err_set(err, r, "change %s: property %s", unit, bad);
	else if (r < 0)
		bus_fail(err, r, &error, "change", unit);
	sd_bus_error_free(&error);
	sd_bus_message_unref(message);
	return r < 0 ? r : 0;
}

int manager_attach(sd_bus *bus, const char *unit, pid_t pid, struct err *err)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int r;

	r = sd_bus_call_method(bus, BUS_SYSTEMD, BUS_OBJECT, BUS_INTERFACE, "AttachProcessesToUnit",
			       &error, NULL, "ssau", unit, "", 1, (uint32_t)pid);
	if (r < 0)
		bus_fail(err, r, &error, "attach a process to", unit);
	sd_bus_error_free(&error);
	return r < 0 ? r : 0;
}

static int stop_unit(sd_bus *bus, const char *unit, struct err *err)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *message = NULL;
	cleanup_free char *result = NULL;
	int r = new_call(bus, "StopUnit", &message);

	if (r >= 0)
		r = sd_bus_message_append(message, "ss", unit, "replace");
	if (r >= 0)
		r = bus_call_job(bus, message, &error, &result);
	if (r < 0 && sd_bus_error_has_name(&error, BUS_SYSTEMD ".NoSuchUnit"))
		r = 0; /* gone with its last process */
	else if (r < 0)
		bus_fail(err, r, &error, "stop", unit);
	sd_bus_error_free(&error);
	sd_bus_message_unref(message);
	return r < 0 || !result ? r : judge(result, "stop", unit, err);
}

int manager_stop(sd_bus *bus, const char *unit, const char *description, struct err *err)
{
	cleanup_free char *own = NULL;
	int r;

	/* A unit that isn't there is described by its name. */
	r = get_string(bus, unit, BUS_SYSTEMD ".Unit", "Description", &own, err);
	if (r < 0 || strcmp(own, description) != 0)
		return r;
	r = stop_unit(bus, unit, err);
	if (r == 0)
		reset_failed(bus, unit);
	return r;
}
