#pragma once

#include "lib/arena.h"
#include "lib/host.h"
#include "lib/step.h"

#include <stddef.h>

struct err;

/*
 * A plan: the steps of a container by stage, and what they share. Made by the _plan functions of
 * ns/, cgroup/, net/ and seccomp/, each from (spec, host) alone; owns its memory.
 */
struct plan {
	struct arena arena;
	const struct host *host;
	const struct json *origins; /* annotation org.pctrun.origin: spec path -> config line */
	const struct json *asked;   /* the same of an exec: what its caller has otherwise     */
	struct step *first[STEP_STAGES];
	struct step *last[STEP_STAGES];
	size_t slots; /* descriptors that steps hand on to later steps: run->slots[] */
	bool procfs;  /* a step of the container's side uses run->proc_fd           */
	const struct missing *missing;
};

/** struct missing - something that the spec asks for and this host can't enforce */
struct missing {
	const char *what; /* stable word for --accept-unenforced: "memory", "apparmor" */
	const char *why;  /* "memory.max = 536870912: cgroup v2 has no memory controller here" */
	const char *origin;
	bool warning; /* said, and no more: the start goes on without it */
	const struct missing *next;
};

/**
 * plan_step() - a new step at the end of @stage
 * @size: of the kind's own struct, whose first member is struct step
 * @origin: from plan_origin(); kept, not copied
 * Return: zeroed but for its struct step.
 */
void *plan_step(struct plan *plan, const struct step_kind *kind, enum step_stage stage, size_t size,
		const char *origin);

/**
 * plan_origin() - who asked for what stands at a path of the spec
 * @fmt: the path: "mounts[%zu]", "linux.resources.memory.limit"
 * Return: what the exec's caller or else the bundle's origins name for it, for its nearest parent
 * or for the whole document (""), else "PATH in config.json".
 */
const char *plan_origin(struct plan *plan, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** plan_origin_find() - the same for one path, in an arena of the caller's. */
const char *plan_origin_find(struct arena *arena, const struct plan *plan, const char *path);

/** origin_find() - the same without a plan.
 * @origins: as in struct plan; NULL: none are known */
const char *origin_find(struct arena *arena, const struct json *origins, const char *path);

/** origin_add() - one more, in @arena. @origins: a JSON_OBJECT; borrows both strings */
void origin_add(struct arena *arena, struct json *origins, const char *path, const char *origin);

/** plan_missing() - note what this host can't enforce; the start decides whether that stops it. */
void plan_missing(struct plan *plan, const char *what, const char *origin, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/**
 * plan_warning() - the same of what the specification wants to go on without: capabilities
 *
 * What has been said in the same words is not said again.
 */
void plan_warning(struct plan *plan, const char *what, const char *origin, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/**
 * plan_source_stage() - where a source of a mount is opened
 *
 * On the host's side, where paths are the host's and nobody in the container can change anything.
 * An ordinary user may clone mounts only in a mount namespace of the container's user namespace.
 */
enum step_stage plan_source_stage(const struct plan *plan);

/** plan_missing_drop() - forget of what @plan misses all that @known misses as well, in the same
 * words. */
void plan_missing_drop(struct plan *plan, const struct plan *known);

/** plan_place() - say of an error of a step which of all steps it is: @err->number, @err->of. */
void plan_place(const struct plan *plan, struct err *err);

/** plan_slot() - a number for a descriptor that one step makes and a later one uses. */
int plan_slot(struct plan *plan);

void plan_free(struct plan *plan);
DEFINE_CLEANUP(struct plan, plan_free);

#define step_each(item, plan, stage)                                                               \
	for (const struct step *item = (plan)->first[stage]; item; item = item->next)
