/*
 * pctrun-scope: the one program of ours that talks to systemd. pctrun runs it where the cgroup
 * manager is systemd, so that nothing else links libsystemd or waits for a bus.
 *
 *	pctrun-scope [--user DIR] start UNIT [PROPERTY SIGNATURE VALUE...]...
 *	pctrun-scope [--user DIR] set UNIT [PROPERTY SIGNATURE VALUE...]...
 *	pctrun-scope [--user DIR] attach UNIT PID
 *	pctrun-scope [--user DIR] stop UNIT DESCRIPTION
 *
 * DIR is the user's XDG_RUNTIME_DIR; without it the system's manager is meant. Values are
 * written as busctl(1) takes them.
 *
 * A scope needs a process from the first moment on. The container's doesn't exist yet, as it is
 * born into its cgroup; so `start` puts itself there. It prints the cgroup's path and stays until
 * its stdin ends: then the container's process is there, or whoever wanted it has died, and
 * systemd takes an empty scope away by itself.
 *
 * A failure is printed as two lines: what failed, what to do. The exit status is its errno.
 */

#include "lib/err.h"
#include "lib/own.h"
#include "lib/text.h"
#include "libexec/bus.h"
#include "libexec/manager.h"

#include <stdio.h>
#include <string.h>

struct call {
	const char *user_dir; /* NULL: the system's manager */
	const char *unit;
	const char *const *words; /* what follows the unit, to the NULL */
};

static void stay(void)
{
	char byte;
	ssize_t n;

	do
		n = read(STDIN_FILENO, &byte, sizeof(byte));
	while (n > 0 || (n < 0 && errno == EINTR));
}

static int start(sd_bus *bus, const struct call *call, struct err *err)
{
	cleanup_free char *cgroup = NULL;
	int r;

	/* What a terminal sends to the caller must not end it halfway through. */
	(void)setsid();
	r = manager_start(bus, call->unit, call->words, err);
	if (r == 0)
		r = manager_cgroup(bus, call->unit, &cgroup, err);
	if (r < 0)
		return r;
	(void)printf("%s\n", cgroup);
	(void)fflush(stdout);
	stay();
	return 0;
}

static int set(sd_bus *bus, const struct call *call, struct err *err)
{
	return manager_set(bus, call->unit, call->words, err);
}

static int attach(sd_bus *bus, const struct call *call, struct err *err)
{
	unsigned int pid;

	if (!call->words[0] || parse_u32(call->words[0], &pid) < 0)
		return err_plain(err, -EINVAL, "attach: a process id is needed");
	return manager_attach(bus, call->unit, pid, err);
}

static int stop(sd_bus *bus, const struct call *call, struct err *err)
{
	if (!call->words[0])
		return err_plain(err, -EINVAL, "stop: a description is needed");
	return manager_stop(bus, call->unit, call->words[0], err);
}

static const struct {
	const char *name;
	int (*run)(sd_bus *bus, const struct call *call, struct err *err);
} verbs[] = {
	{"start", start},
	{"set", set},
	{"attach", attach},
	{"stop", stop},
};

static int execute(const char *verb, const struct call *call, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		sd_bus *bus = NULL;
		int r;

		if (strcmp(verbs[i].name, verb) != 0)
			continue;
		r = bus_connect(call->user_dir, &bus, err);
		if (r == 0)
			r = verbs[i].run(bus, call, err);
		sd_bus_flush_close_unref(bus);
		return r;
	}
	return err_plain(err, -EINVAL, "%s is none of start, set, attach, stop", verb);
}

int main(int argc, char **argv)
{
	const char *const *words = (const char *const *)argv + 1;
	struct call call = {};
	struct err err = {};
	int r;

	if (argc > 2 && strcmp(words[0], "--user") == 0) {
		call.user_dir = words[1];
		words += 2;
	}
	if (!words[0] || !words[1]) {
		(void)printf("usage: pctrun-scope [--user DIR] start|set|attach|stop UNIT "
			     "[WORD...]\n");
		return EINVAL;
	}
	call.unit = words[1];
	call.words = words + 2;
	r = execute(words[0], &call, &err);
	if (r < 0)
		(void)printf("%s\n%s\n", err.what, err.hint);
	return -r;
}
