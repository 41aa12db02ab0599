#include "cli/pct.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/signals.h"
#include "lib/text.h"
#include "oci/annotations.h"
#include "oci/state.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SHUTDOWN_SECONDS = 60, POLL_MS = 50, SYSTEMD_HALT = 3 };

static const struct option_row stop_options[] = {
	{"skiplock", 0, NULL, "stop although the config has a lock"},
	{},
};
static const struct option_row shutdown_options[] = {
	{"timeout", 0, "SECONDS", "how long to wait (default: 60)"},
	{"forceStop", 0, NULL, "kill it when the time is over"},
	{},
};

/* The monitor takes everything back once the first process has ended: gone is when that is done. */
static bool wait_gone(struct pct *pct, const char *id, unsigned int seconds)
{
	const struct timespec pause = {.tv_nsec = POLL_MS * 1000000L};

	for (unsigned int waited = 0; waited <= seconds * 1000; waited += POLL_MS) {
		struct oci_state state;

		if (container_state(&pct->runtime, pct->arena, id, &state, NULL) == -ENOENT)
			return true;
		(void)nanosleep(&pause, NULL);
	}
	return false;
}

static int check_running(struct pct *pct, const char *id, struct err *err)
{
	cleanup_(conf_free) struct pve_conf conf = {};
	int r;

	r = etc_load(&pct->etc, id, &conf, err);
	if (r == 0 && !pct_running(pct, id))
		r = err_plain(err, -ESRCH, "CT %s not running", id);
	return r;
}

static int stop(struct pct *pct, const char *id, struct err *err)
{
	int r;

	r = container_kill(&pct->runtime, id, SIGKILL, false, err);
	if (r < 0 && r != -ESRCH)
		return r;
	err_clear(err);
	if (wait_gone(pct, id, 5))
		return 0;
	return container_delete(&pct->runtime, id, true, err); /* its monitor is gone */
}

static int run_stop(struct pct *pct, const struct options *given, struct err *err)
{
	int r;

	r = check_running(pct, given->words[0], err);
	if (r == -ESRCH) { /* what a crash has left goes all the same */
		struct err ignored = {};

		(void)container_delete(&pct->runtime, given->words[0], true, &ignored);
	}
	return r < 0 ? r : stop(pct, given->words[0], err);
}

/* systemd blocks the signal that it takes for a halt; others want SIGPWR. */
static int halt_signal_of(pid_t pid)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *text, *line;
	char path[32];

	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	if (file_read(&arena, AT_FDCWD, path, 0, &text, NULL, NULL) < 0)
		return SIGPWR;
	line = strstr(text, "\nSigBlk:");
	if (!line)
		return SIGPWR;
	return strtoull(line + strlen("\nSigBlk:"), NULL, 16) &
			       1ULL << (SIGRTMIN + SYSTEMD_HALT - 1)
		       ? SIGRTMIN + SYSTEMD_HALT
		       : SIGPWR;
}

static int send_halt(struct pct *pct, const char *id, struct err *err)
{
	const char *configured;
	struct oci_state state;
	int r, number;

	r = container_state(&pct->runtime, pct->arena, id, &state, err);
	if (r < 0)
		return r;
	configured = oci_map_find(&state.annotations, ANNOTATION_SIGNAL_HALT);
	number = configured ? signal_read(configured) : halt_signal_of(state.pid);
	return container_kill(&pct->runtime, id, number, false, err);
}

static int run_shutdown(struct pct *pct, const struct options *given, struct err *err)
{
	const char *timeout = option_value(given, "timeout"), *id = given->words[0];
	unsigned int seconds = SHUTDOWN_SECONDS;
	int r;

	if (timeout && parse_u32(timeout, &seconds) < 0)
		return err_plain(err, -EINVAL,
				 "400 Parameter verification failed. timeout: type check "
				 "('integer') failed - got '%s'",
				 timeout);
	r = check_running(pct, id, err);
	if (r == 0)
		r = send_halt(pct, id, err);
	if (r < 0)
		return r;
	if (wait_gone(pct, id, seconds))
		return 0;
	if (option_flag(given, "forceStop"))
		return stop(pct, id, err);
	return err_plain(err, -ETIMEDOUT, "container did not stop");
}

const struct pct_verb pct_stop = {
	.name = "stop",
	.words = "<vmid>",
	.help = "kill a container",
	.options = stop_options,
	.words_min = 1,
	.words_max = 1,
	.run = run_stop,
};

const struct pct_verb pct_shutdown = {
	.name = "shutdown",
	.words = "<vmid>",
	.help = "ask a container to end",
	.options = shutdown_options,
	.words_min = 1,
	.words_max = 1,
	.run = run_shutdown,
};
