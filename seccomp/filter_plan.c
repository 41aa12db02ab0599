#include "lib/err.h"
#include "lib/json.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "oci/spec.h"
#include "seccomp/filter.h"

static void program_describe(const struct step *step, struct text *text)
{
	const struct profile *profile =
		&container_of(step, struct filter_program_step, step)->profile;

	text_addf(text, "of %zu rule%s, else %s", profile->count, profile->count == 1 ? "" : "s",
		  action_name(profile->default_action));
}

static void program_write(const struct step *step, struct json_out *out)
{
	const struct filter_program_step *program =
		container_of(step, struct filter_program_step, step);

	json_out_string(out, "default", action_name(program->profile.default_action));
	json_out_u64(out, "rules", program->profile.count);
	json_out_string(out, "profile", program->key);
}

static void filter_describe(const struct step *step, struct text *text)
{
	const struct filter_step *filter = container_of(step, struct filter_step, step);

	text_addf(text, "%zu rule%s, else %s", filter->rules, filter->rules == 1 ? "" : "s",
		  filter->fallback);
}

static void filter_write(const struct step *step, struct json_out *out)
{
	const struct filter_step *filter = container_of(step, struct filter_step, step);

	json_out_u64(out, "rules", filter->rules);
	json_out_string(out, "default", filter->fallback);
	json_out_u64(out, "flags", filter->flags);
}

static void listener_describe(const struct step *step, struct text *text)
{
	text_add(text, container_of(step, struct listener_step, step)->path);
}

static void listener_write(const struct step *step, struct json_out *out)
{
	json_out_string(out, "path", container_of(step, struct listener_step, step)->path);
}

const struct step_kind filter_program_kind = {
	.name = "seccomp.program",
	.describe = program_describe,
	.write = program_write,
	.apply = filter_program_apply,
};

const struct step_kind filter_kind = {
	.name = "seccomp",
	.describe = filter_describe,
	.write = filter_write,
	.apply = filter_apply,
	.observe = filter_observe,
};

const struct step_kind listener_kind = {
	.name = "seccomp.listener",
	.describe = listener_describe,
	.write = listener_write,
	.apply = listener_apply,
};

const struct step_kind listener_message_kind = {
	.name = "seccomp.message",
	.describe = listener_describe,
	.write = listener_write,
	.apply = listener_message_apply,
};

static const char *annotations_text(struct plan *plan, const struct oci_map *annotations)
{
	struct json_out *out = json_out_new(false);

	json_out_object(out, NULL);
	for (size_t i = 0; i < annotations->count; i++)
		json_out_string(out, annotations->items[i].name, annotations->items[i].value);
	json_out_end(out);
	return json_out_keep(out, &plan->arena);
}

static void plan_listener(struct plan *plan, const struct oci_spec *spec,
			  const struct filter_container *container, struct filter_step *filter)
{
	const char *origin = plan_origin(plan, "linux.seccomp.listenerPath");
	struct listener_step *connect, *message;

	filter->listener_slot = plan_slot(plan);
	filter->message_slot = plan_slot(plan);
	connect = plan_step(plan, &listener_kind, STEP_PREPARE, sizeof(*connect), origin);
	/* The same values once more where the process' number is known. */
	message = plan_step(plan, &listener_message_kind, STEP_ATTACH, sizeof(*message), origin);
	*message = (struct listener_step){
		.step = message->step,
		.path = spec->linux.seccomp->listener_path,
		.metadata = spec->linux.seccomp->listener_metadata,
		.id = container->id,
		.bundle = container->bundle,
		.status = container->status,
		.annotations = annotations_text(plan, &spec->annotations),
		.version = spec->oci_version,
		.listener_slot = filter->listener_slot,
		.message_slot = filter->message_slot,
	};
	connect->path = message->path;
	connect->listener_slot = message->listener_slot;
	connect->message_slot = message->message_slot;
}

int filter_plan(struct plan *plan, const struct oci_spec *spec, bool no_new_privs,
		const struct filter_container *container, struct err *err)
{
	enum step_stage stage = STEP_EXEC;
	const char *origin = plan_origin(plan, "linux.seccomp");
	struct filter_program_step *program;
	struct filter_step *filter;
	int r;

	if (!spec->linux.seccomp)
		return 0;
	program = plan_step(plan, &filter_program_kind, STEP_PREPARE, sizeof(*program), origin);
	r = profile_make(&plan->arena, spec->linux.seccomp, &program->profile, err);
	if (r < 0)
		return r;
	/* The kernel's release stands for what libseccomp finds out about it. */
	program->key = profile_key(
		&plan->arena,
		arena_printf(&plan->arena, "%s %s", plan->host->machine, plan->host->kernel),
		&program->profile);
	if (no_new_privs && !program->profile.notifies)
		stage = STEP_LAST;
	filter = plan_step(plan, &filter_kind, stage, sizeof(*filter), origin);
	filter->flags = program->profile.flags;
	filter->rules = program->profile.count;
	filter->fallback = action_name(program->profile.default_action);
	filter->listener_slot = filter->message_slot = -1;
	if (program->profile.notifies)
		plan_listener(plan, spec, container, filter);
	return 0;
}
