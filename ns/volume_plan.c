#include "lib/json.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "ns/volume.h"

#include <string.h>

static void describe(const struct step *step, struct text *text)
{
	const struct volume_step *volume = container_of(step, struct volume_step, step);

	text_addf(text, "%s%s%s%s", volume->image, volume->type ? ", " : "",
		  volume->type ? volume->type : "", volume->readonly ? ", ro" : "");
	if (*volume->data)
		text_addf(text, ", %s", volume->data);
}

static void write_values(const struct step *step, struct json_out *out)
{
	const struct volume_step *volume = container_of(step, struct volume_step, step);

	json_out_string(out, "image", volume->image);
	if (volume->type)
		json_out_string(out, "type", volume->type);
	json_out_string(out, "options", volume->data);
	json_out_bool(out, "readonly", volume->readonly);
}

const struct step_kind volume_kind = {
	.name = "volume",
	.describe = describe,
	.write = write_values,
	.apply = volume_apply,
	.undo = volume_undo,
	.observe = volume_observe,
};

bool volume_same(const struct step *one, const struct step *other)
{
	return strcmp(container_of(one, struct volume_step, step)->image,
		      container_of(other, struct volume_step, step)->image) == 0;
}

static const char *known_type(const char *type)
{
	static const char *const no_types[] = {"", "none", "auto", "bind", "loop"};

	for (size_t i = 0; type && i < ARRAY_SIZE(no_types); i++)
		if (strcmp(type, no_types[i]) == 0)
			return NULL;
	return type;
}

int volume_plan_add(struct plan *plan, const char *image, const char *type, const char *options,
		    bool readonly, const char *origin)
{
	struct volume_step *volume =
		plan_step(plan, &volume_kind, STEP_PREPARE, sizeof(*volume), origin);
	char *rest = arena_strdup(&plan->arena, options);

	volume->image = image;
	volume->type = known_type(type);
	volume->readonly = readonly;
	volume->data = "";
	volume->slot = plan_slot(plan);
	for (char *word; (word = strsep(&rest, ","));) {
		if (starts_with(word, "fstype="))
			volume->type = known_type(word + strlen("fstype="));
		else if (strcmp(word, "ro") == 0)
			volume->readonly = true;
		else if (*word)
			volume->data = arena_printf(&plan->arena, "%s%s%s", volume->data,
						    *volume->data ? "," : "", word);
	}
	return volume->slot;
}
