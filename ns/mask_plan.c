#include "lib/err.h"
#include "lib/json.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "ns/mask.h"
#include "ns/spec_help.h"
#include "oci/annotations.h"
#include "oci/spec.h"

#include <string.h>

static const struct mask_step *mask_of(const struct step *step)
{
	return container_of(step, struct mask_step, step);
}

static void describe(const struct step *step, struct text *text)
{
	text_add(text, mask_of(step)->path);
}

static void write_values(const struct step *step, struct json_out *out)
{
	json_out_string(out, "path", mask_of(step)->path);
}

#define MASK_KIND(word, apply_function, observe_function)                                          \
	{                                                                                          \
		.name = word, .describe = describe, .write = write_values,                         \
		.apply = apply_function, .observe = observe_function                               \
	}

const struct step_kind mask_null_kind = MASK_KIND("mask.null", mask_null_apply, NULL);
const struct step_kind mask_kind = MASK_KIND("mask", mask_apply, mask_observe);
const struct step_kind readonly_kind = MASK_KIND("readonly", readonly_apply, readonly_observe);
const struct step_kind writable_keep_kind = MASK_KIND("writable.keep", writable_keep_apply, NULL);
const struct step_kind writable_kind = MASK_KIND("writable", writable_apply, writable_observe);
const struct step_kind bootid_kind = MASK_KIND("bootid", bootid_apply, bootid_observe);

static struct mask_step *add(struct plan *plan, const struct step_kind *kind, enum step_stage stage,
			     const char *path, const char *origin)
{
	struct mask_step *step = plan_step(plan, kind, stage, sizeof(*step), origin);

	step->path = path_clean(plan, "/", path);
	step->target = target_plan(plan, step->path);
	return step;
}

static void plan_masks(struct plan *plan, const struct oci_strings *paths)
{
	const int null_slot = paths->count ? plan_slot(plan) : -1;
	const int empty_slot = paths->count ? plan_slot(plan) : -1;

	if (paths->count)
		add(plan, &mask_null_kind, plan_source_stage(plan), "/dev/null",
		    plan_origin(plan, "linux.maskedPaths"))
			->null_slot = null_slot;
	for (size_t i = 0; i < paths->count; i++) {
		struct mask_step *mask = add(plan, &mask_kind, STEP_ENTER, paths->items[i],
					     plan_origin(plan, "linux.maskedPaths[%zu]", i));

		mask->null_slot = null_slot;
		mask->empty_slot = empty_slot;
	}
}

/* What is kept is cloned before, and laid on top after, all that is made read-only. */
static int plan_readonly(struct plan *plan, const struct oci_spec *spec, struct err *err)
{
	const struct oci_strings *paths = &spec->linux.readonly_paths;
	const char *origin = plan_origin(plan, "annotations.%s", ANNOTATION_WRITABLE_PATHS);
	const struct json *writable;
	size_t kept = 0, put_back = 0;
	int *slots;
	int r;

	r = spec_annotation(plan, spec, ANNOTATION_WRITABLE_PATHS, &writable, err);
	if (r < 0)
		return r;
	slots = arena_array(&plan->arena, writable ? writable->count : 0, sizeof(*slots));
	json_each (path, writable)
		if (path->type == JSON_STRING) {
			slots[kept] = plan_slot(plan);
			add(plan, &writable_keep_kind, STEP_ENTER, path->text, origin)->kept_slot =
				slots[kept++];
		}
	for (size_t i = 0; i < paths->count; i++)
		add(plan, &readonly_kind, STEP_ENTER, paths->items[i],
		    plan_origin(plan, "linux.readonlyPaths[%zu]", i));
	json_each (path, writable)
		if (path->type == JSON_STRING)
			add(plan, &writable_kind, STEP_ENTER, path->text, origin)->kept_slot =
				slots[put_back++];
	return 0;
}

/* Before /proc/sys is made read-only, which takes what is mounted below it along. */
static void plan_bootid(struct plan *plan, const struct oci_spec *spec)
{
	const char *wanted = oci_map_find(&spec->annotations, ANNOTATION_BOOT_ID);

	if (wanted && strcmp(wanted, "1") == 0)
		add(plan, &bootid_kind, STEP_ENTER, "/proc/sys/kernel/random/boot_id",
		    plan_origin(plan, "annotations.%s", ANNOTATION_BOOT_ID));
}

int mask_plan(struct plan *plan, const struct oci_spec *spec, struct err *err)
{
	int r;

	plan_bootid(plan, spec);
	r = plan_readonly(plan, spec, err);
	if (r == 0)
		plan_masks(plan, &spec->linux.masked_paths);
	return r;
}
