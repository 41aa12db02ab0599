/* startall and stopall: what the host's own start and stop mean for its containers. */

#include "cli/pct/pct.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/text.h"
#include "pve/etc/datacenter.h"
#include "pve/verbs/boot_order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS_MAX = 64, WORKERS_UNASKED = 8, DOWN_SECONDS = 180, EXIT_NO_PROGRAM = 127 };

static const struct option_row start_options[] = {
	{"force", 0, NULL, "all of them, not only those with onboot: 1"},
	{"units", 0, NULL, "by systemd, each as pct@VMID.service"},
	{},
};
static const struct option_row stop_options[] = {{}};

/* struct all - the containers in the order of the host's start, and those that are being seen to */
struct all {
	struct pct *pct;
	struct boot_entry *entries;
	size_t count;
	const char *verb; /* for messages: "Starting" */
	bool force, units;
	size_t wanted, busy;
	struct worker {
		pid_t pid;
		const char *id;
	} workers[WORKERS_MAX];
};

/* How many at once: datacenter.cfg's max_workers, else by the host's CPUs. */
static int count_workers(struct all *all, struct err *err)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct datacenter datacenter;
	unsigned int given;
	int r = datacenter_read(all->pct->arena, all->pct->etc.folder, &datacenter, err);

	if (r < 0)
		return r;
	if (datacenter.max_workers && parse_u32(datacenter.max_workers, &given) == 0 && given > 0)
		all->wanted = given < WORKERS_MAX ? given : WORKERS_MAX;
	else
		all->wanted = cpus < 2                     ? 1
			      : cpus - 1 < WORKERS_UNASKED ? (size_t)cpus - 1
							   : WORKERS_UNASKED;
	return 0;
}

/* One failure is told, and is no reason not to see to the others. */
static void reap_one(struct all *all)
{
	int status;
	pid_t pid = wait(&status);

	for (size_t i = 0; i < all->busy; i++) {
		if (all->workers[i].pid != pid)
			continue;
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			(void)fprintf(stderr, "%s CT %s failed: %s %d\n", all->verb,
				      all->workers[i].id,
				      WIFEXITED(status) ? "exit status" : "signal",
				      WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
		all->workers[i] = all->workers[--all->busy];
		return;
	}
}

static void reap_all(struct all *all)
{
	while (all->busy > 0)
		reap_one(all);
}

static void spawn(struct all *all, const struct boot_entry *entry, char *const argv[])
{
	pid_t pid;

	while (all->busy >= all->wanted)
		reap_one(all);
	(void)fflush(NULL);
	pid = fork();
	if (pid == 0) {
		(void)execvp(argv[0], argv);
		_exit(EXIT_NO_PROGRAM);
	}
	if (pid > 0)
		all->workers[all->busy++] = (struct worker){pid, entry->id};
	else
		(void)fprintf(stderr, "%s CT %s failed: %s\n", all->verb, entry->id,
			      strerror(errno));
}

static void start_one(struct all *all, const struct boot_entry *entry)
{
	char unit[64];
	char *by_unit[] = {"systemctl", "start", unit, NULL};
	char *by_ourselves[] = {"/proc/self/exe", "start", (char *)entry->id, NULL};

	(void)snprintf(unit, sizeof(unit), "pct@%s.service", entry->id);
	(void)printf("Starting CT %s\n", entry->id);
	spawn(all, entry, all->units ? by_unit : by_ourselves);
	if (entry->up_seconds)
		(void)sleep(entry->up_seconds);
}

static void stop_one(struct all *all, const struct boot_entry *entry)
{
	char seconds[16];
	char *argv[] = {"/proc/self/exe", "shutdown", (char *)entry->id, "--timeout", seconds,
			"--forceStop",    NULL};

	(void)snprintf(seconds, sizeof(seconds), "%u",
		       entry->down_seconds ? entry->down_seconds : DOWN_SECONDS);
	(void)printf("Stopping CT %s\n", entry->id);
	spawn(all, entry, argv);
}

static int startall(struct pct *pct, const struct options *given, struct err *err)
{
	struct all all = {.pct = pct,
			  .verb = "Starting",
			  .force = option_flag(given, "force"),
			  .units = option_flag(given, "units")};
	int r = count_workers(&all, err);

	if (r == 0)
		r = boot_order(pct->arena, &pct->etc, &all.entries, &all.count, err);
	for (size_t i = 0; r == 0 && i < all.count; i++) {
		const struct boot_entry *entry = &all.entries[i];

		if (i > 0 && entry->order != entry[-1].order)
			reap_all(&all);
		if ((entry->onboot || all.force) && !pct_running(pct, entry->id))
			start_one(&all, entry);
	}
	reap_all(&all);
	return r;
}

static int stopall(struct pct *pct, const struct options *given, struct err *err)
{
	struct all all = {.pct = pct, .verb = "Stopping"};
	int r = count_workers(&all, err);

	if (r == 0)
		r = boot_order(pct->arena, &pct->etc, &all.entries, &all.count, err);
	for (size_t i = all.count; r == 0 && i-- > 0;) {
		const struct boot_entry *entry = &all.entries[i];

		if (i + 1 < all.count && entry->order != entry[1].order)
			reap_all(&all);
		if (pct_running(pct, entry->id))
			stop_one(&all, entry);
	}
	reap_all(&all);
	return r;
}

const struct pct_verb pct_startall = {
	.name = "startall",
	.ours = true,
	.words = "",
	.help = "start containers as at the host's start: those with onboot, in their order",
	.options = start_options,
	.run = startall,
};

const struct pct_verb pct_stopall = {
	.name = "stopall",
	.ours = true,
	.words = "",
	.help = "shut all containers down, in the opposite order",
	.options = stop_options,
	.run = stopall,
};
