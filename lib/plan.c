#include "lib/plan.h"

#include "lib/err.h"
#include "lib/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void *plan_step(struct plan *plan, const struct step_kind *kind, enum step_stage stage, size_t size,
		const char *origin)
{
	struct step *step = arena_alloc(&plan->arena, size);

	step->kind = kind;
	step->stage = stage;
	step->origin = origin;
	step->number = plan->last[stage] ? plan->last[stage]->number + 1 : 1;
	if (plan->last[stage])
		plan->last[stage]->next = step;
	else
		plan->first[stage] = step;
	plan->last[stage] = step;
	return step;
}

/* "linux.resources.memory.limit" -> "linux.resources.memory", "mounts[3]" -> "mounts", "root" -> ""
 */
static void cut_last(char *path)
{
	size_t end = strlen(path);

	while (end > 0 && path[end - 1] != '.' && path[end - 1] != '[')
		end--;
	path[end > 0 ? end - 1 : 0] = '\0';
}

/* Return: what @origins say of a path, its nearest parent or the whole document; NULL: nothing. */
static const char *nearest(struct arena *arena, const struct json *origins, const char *path)
{
	const char *origin = json_string(origins, path);
	char parent[256];

	if (!origins) /* mostly: each step asks */
		return NULL;
	(void)snprintf(parent, sizeof(parent), "%s", path);
	while (!origin && *parent) {
		cut_last(parent);
		origin = json_string(origins, parent);
	}
	return origin ? arena_strdup(arena, origin) : NULL;
}

const char *origin_find(struct arena *arena, const struct json *origins, const char *path)
{
	const char *origin = nearest(arena, origins, path);

	return origin ? origin : arena_printf(arena, "%s in config.json", path);
}

void origin_add(struct arena *arena, struct json *origins, const char *path, const char *origin)
{
	struct json *member = arena_alloc(arena, sizeof(*member));

	*member = (struct json){
		.type = JSON_STRING,
		.name = path,
		.text = origin,
		.length = strlen(origin),
		.next = origins->first,
	};
	origins->first = member;
	origins->count++;
}

const char *plan_origin_find(struct arena *arena, const struct plan *plan, const char *path)
{
	const char *asked = nearest(arena, plan->asked, path);

	return asked ? asked : origin_find(arena, plan->origins, path);
}

const char *plan_origin(struct plan *plan, const char *fmt, ...)
{
	char path[256];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(path, sizeof(path), fmt, args);
	va_end(args);
	return plan_origin_find(&plan->arena, plan, path);
}

static void add_missing(struct plan *plan, const struct missing *missing)
{
	const struct missing **end = &plan->missing;
	struct missing *kept = arena_alloc(&plan->arena, sizeof(*kept));

	for (; *end; end = (const struct missing **)&(*end)->next)
		if (missing->warning && strcmp((*end)->why, missing->why) == 0)
			return;
	*kept = *missing;
	*end = kept;
}

static __attribute__((format(printf, 4, 0))) struct missing
missing_of(struct plan *plan, const char *what, const char *origin, const char *fmt, va_list args)
{
	char why[512];

	(void)vsnprintf(why, sizeof(why), fmt, args);
	return (struct missing){
		.what = arena_strdup(&plan->arena, what),
		.why = arena_strdup(&plan->arena, why),
		.origin = origin,
	};
}

void plan_missing(struct plan *plan, const char *what, const char *origin, const char *fmt, ...)
{
	struct missing missing;
	va_list args;

	va_start(args, fmt);
	missing = missing_of(plan, what, origin, fmt, args);
	va_end(args);
	add_missing(plan, &missing);
}

void plan_warning(struct plan *plan, const char *what, const char *origin, const char *fmt, ...)
{
	struct missing warning;
	va_list args;

	va_start(args, fmt);
	warning = missing_of(plan, what, origin, fmt, args);
	va_end(args);
	warning.warning = true;
	add_missing(plan, &warning);
}

static bool misses(const struct plan *plan, const struct missing *what)
{
	for (const struct missing *missing = plan->missing; missing; missing = missing->next)
		if (strcmp(missing->why, what->why) == 0)
			return true;
	return false;
}

void plan_missing_drop(struct plan *plan, const struct plan *known)
{
	const struct missing **at = &plan->missing;

	while (*at)
		if (misses(known, *at))
			*at = (*at)->next;
		else
			at = (const struct missing **)&(*at)->next;
}

enum step_stage plan_source_stage(const struct plan *plan)
{
	return plan->host->ordinary ? STEP_SOURCE : STEP_PREPARE;
}

void plan_place(const struct plan *plan, struct err *err)
{
	unsigned int before = 0, of = 0;

	if (!err || err->num == 0 || err->of > 0)
		return;
	for (int stage = 0; stage < STEP_STAGES; stage++) {
		if (strcmp(step_stage_name(stage), err->stage) == 0)
			before = of;
		of += plan->last[stage] ? plan->last[stage]->number : 0;
	}
	err->number += err->number ? before : 0;
	err->of = of;
}

int plan_slot(struct plan *plan)
{
	return (int)plan->slots++;
}

void plan_free(struct plan *plan)
{
	arena_free(&plan->arena);
	*plan = (struct plan){};
}
