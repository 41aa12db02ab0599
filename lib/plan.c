#include "lib/plan.h"

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
	if (plan->last[stage])
		plan->last[stage]->next = step;
	else
		plan->first[stage] = step;
	plan->last[stage] = step;
	return step;
}

/* "linux.resources.memory.limit" -> "linux.resources.memory", "mounts[3]" -> "mounts" */
static bool cut_last(char *path)
{
	size_t end = strlen(path);

	while (end > 0 && path[end - 1] != '.' && path[end - 1] != '[')
		end--;
	path[end > 0 ? end - 1 : 0] = '\0';
	return path[0] != '\0';
}

const char *plan_origin(struct plan *plan, const char *fmt, ...)
{
	char path[256];
	char parent[256];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(path, sizeof(path), fmt, args);
	va_end(args);
	memcpy(parent, path, sizeof(parent));
	do {
		const char *origin = json_string(plan->origins, parent);

		if (origin)
			return arena_strdup(&plan->arena, origin);
	} while (plan->origins && cut_last(parent));
	return arena_printf(&plan->arena, "%s in config.json", path);
}

void plan_missing(struct plan *plan, const char *what, const char *origin, const char *fmt, ...)
{
	struct missing *missing = arena_alloc(&plan->arena, sizeof(*missing));
	const struct missing **end = &plan->missing;
	char why[512];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	missing->what = arena_strdup(&plan->arena, what);
	missing->why = arena_strdup(&plan->arena, why);
	missing->origin = origin;
	while (*end)
		end = (const struct missing **)&(*end)->next;
	*end = missing;
}

enum step_stage plan_source_stage(const struct plan *plan)
{
	return plan->host->ordinary ? STEP_SOURCE : STEP_PREPARE;
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
