#include "runtime/conflicts.h"

#include "lib/date.h"
#include "lib/plan.h"
#include "net/conflict.h"
#include "net/upper.h"
#include "oci/spec.h"
#include "runtime/container.h"
#include "runtime/join.h"
#include "runtime/look.h"
#include "runtime/record.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

void conflicts_open(struct conflicts *conflicts, pid_t pid)
{
	char path[64];
	uint64_t own = 0;
	int netns_fd;

	if (join_differing(pid, CLONE_NEWNET, &own, NULL) < 0 || !own)
		return;
	(void)snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)pid);
	netns_fd = open(path, O_RDONLY | O_CLOEXEC);
	if (netns_fd >= 0)
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

/* What is told of in one go: the container is looked at once, however much of it there is. */
struct telling {
	struct conflicts *conflicts;
	bool looked;
	struct oci_spec spec;
	struct plan plan; /* empty where it can't be had */
};

static void look(struct telling *telling)
{
	const struct conflicts *conflicts = telling->conflicts;
	cleanup_close int state_fd = -EBADF;
	struct record record;

	telling->looked = true;
	(void)running_plan(conflicts->runtime, conflicts->id, &record, &state_fd, &telling->spec,
			   &telling->plan, NULL);
}

static void found(void *data, const struct conflict *conflict)
{
	struct telling *telling = data;
	const struct step *step;

	if (!telling->looked)
		look(telling);
	step = step_of(&telling->plan, conflict->name);
	if (step)
		say(telling->conflicts, conflict, step->origin);
}

bool conflicts_handle(struct conflicts *conflicts)
{
	enum { TOLD_MAX = 100 };
	const unsigned int before = conflicts->told;
	struct telling telling = {.conflicts = conflicts};

	conflict_watch_handle(conflicts->watch, found, &telling);
	plan_free(&telling.plan);
	if (conflicts->told >= TOLD_MAX)
		conflicts_close(conflicts);
	return conflicts->told > before;
}

void conflicts_close(struct conflicts *conflicts)
{
	conflict_watch_free(conflicts->watch);
	conflicts->watch = NULL;
}
