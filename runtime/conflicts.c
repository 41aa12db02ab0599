#include "runtime/conflicts.h"

#include "lib/date.h"
#include "lib/plan.h"
#include "net/conflict.h"
#include "net/upper.h"
#include "oci/spec.h"
#include "runtime/container.h"
#include "runtime/look.h"
#include "runtime/record.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool is_ours(int netns_fd)
{
	struct stat theirs, ours;

	return fstat(netns_fd, &theirs) < 0 || stat("/proc/self/ns/net", &ours) < 0 ||
	       theirs.st_ino == ours.st_ino;
}

void conflicts_open(struct conflicts *conflicts, pid_t pid)
{
	char path[64];
	int netns_fd;

	(void)snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)pid);
	netns_fd = open(path, O_RDONLY | O_CLOEXEC);
	if (netns_fd < 0)
		return;
	if (is_ours(netns_fd))
		close_fd(netns_fd);
	else
		(void)conflict_watch_new(netns_fd, &conflicts->watch, NULL);
}

int conflicts_fd(const struct conflicts *conflicts)
{
	return conflicts->watch ? conflict_watch_fd(conflicts->watch) : -EBADF;
}

/* The step that gave the container an interface of this name: others are its own affair. */
static const struct step *step_of(const struct plan *plan, const char *name)
{
	step_each (step, plan, STEP_ATTACH) {
		const char *has = NULL;

		if (step->kind == &veth_kind)
			has = container_of(step, struct veth_step, step)->name;
		else if (step->kind == &upper_kind)
			has = container_of(step, struct upper_step, step)->name;
		if (has && strcmp(has, name) == 0)
			return step;
	}
	return NULL;
}

static void say(struct conflicts *conflicts, const struct conflict *conflict, const char *origin)
{
	cleanup_(arena_free) struct arena arena = {};
	const struct runtime *runtime = conflicts->runtime;
	const char *line = arena_printf(
		&arena, "%s of %s is also %s's: choose another for one of them (from %s)",
		conflict->address, conflict->name,
		*conflict->hwaddr ? conflict->hwaddr : "somebody else", origin);

	if (strcmp(line, conflicts->line) == 0)
		return; /* once is enough */
	(void)snprintf(conflicts->line, sizeof(conflicts->line), "%s", line);
	(void)snprintf(conflicts->time, sizeof(conflicts->time), "%s", time_now(&arena));
	conflicts->told++;
	if (runtime->warn)
		runtime->warn(runtime->warn_data, line);
}

static void found(void *data, const struct conflict *conflict)
{
	struct conflicts *conflicts = data;
	cleanup_(plan_free) struct plan plan = {};
	cleanup_close int state_fd = -EBADF;
	const struct step *step;
	struct record record;
	struct oci_spec spec = {};

	if (running_plan(conflicts->runtime, conflicts->id, &record, &state_fd, &spec, &plan,
			 NULL) < 0)
		return;
	step = step_of(&plan, conflict->name);
	if (step)
		say(conflicts, conflict, step->origin);
}

bool conflicts_handle(struct conflicts *conflicts)
{
	enum { TOLD_MAX = 100 };
	const unsigned int before = conflicts->told;

	conflict_watch_handle(conflicts->watch, found, conflicts);
	if (conflicts->told >= TOLD_MAX)
		conflicts_close(conflicts);
	return conflicts->told > before;
}

void conflicts_close(struct conflicts *conflicts)
{
	conflict_watch_free(conflicts->watch);
	conflicts->watch = NULL;
}
