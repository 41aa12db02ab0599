#include "cgroup/limits.h"
#include "cgroup/place.h"
#include "cgroup/scope.h"
#include "lib/err.h"
#include "lib/json.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "oci/annotations.h"
#include "oci/spec.h"

#include <string.h>

enum { UNIT_NAME_MAX = 255 };

/* ------------------------------------------------------------------ what the steps say */

static void describe_properties(const struct scope *scope, struct text *text)
{
	for (const struct scope_property *p = scope->first; p; p = p->next) {
		text_addf(text, ", %s=", p->words[0]);
		for (const char *const *word = p->words + 2; *word; word++)
			text_addf(text, "%s%s", word == p->words + 2 ? "" : " ", *word);
	}
}

static void write_scope(const struct scope *scope, struct json_out *out)
{
	json_out_string(out, "unit", scope->unit);
	json_out_bool(out, "user", scope->user);
	json_out_array(out, "properties");
	for (const struct scope_property *p = scope->first; p; p = p->next) {
		json_out_array(out, NULL);
		for (const char *const *word = p->words; *word; word++)
			json_out_string(out, NULL, *word);
		json_out_end(out);
	}
	json_out_end(out);
}

static void scope_describe(const struct step *step, struct text *text)
{
	const struct cgroup_scope_step *scope = container_of(step, struct cgroup_scope_step, step);

	place_describe(&scope->place, text);
	if (scope->place.inner)
		text_addf(text, ", processes in %s", scope->place.inner);
	describe_properties(&scope->scope, text);
}

static void scope_write(const struct step *step, struct json_out *out)
{
	const struct cgroup_scope_step *scope = container_of(step, struct cgroup_scope_step, step);

	place_write(&scope->place, out);
	write_scope(&scope->scope, out);
}

static void keeper_describe(const struct step *step, struct text *text)
{
	text_addf(text, "pctrun-scope leaves %s",
		  container_of(step, struct cgroup_keeper_step, step)->unit);
}

static void keeper_write(const struct step *step, struct json_out *out)
{
	json_out_string(out, "unit", container_of(step, struct cgroup_keeper_step, step)->unit);
}

static void properties_describe(const struct step *step, struct text *text)
{
	const struct scope *scope = &container_of(step, struct cgroup_properties_step, step)->scope;

	text_add(text, scope->unit);
	describe_properties(scope, text);
}

static void properties_write(const struct step *step, struct json_out *out)
{
	write_scope(&container_of(step, struct cgroup_properties_step, step)->scope, out);
}

const struct step_kind cgroup_scope_kind = {
	.name = "cgroup.scope",
	.describe = scope_describe,
	.write = scope_write,
	.apply = cgroup_scope_apply,
	.undo = cgroup_scope_undo,
	.notes_itself = true,
	.observe = cgroup_scope_observe,
};

/* No undo of these: they change a scope, and it goes as a whole. */
const struct step_kind cgroup_keeper_kind = {
	.name = "cgroup.keeper",
	.describe = keeper_describe,
	.write = keeper_write,
	.apply = cgroup_keeper_apply,
};

const struct step_kind cgroup_properties_kind = {
	.name = "cgroup.properties",
	.describe = properties_describe,
	.write = properties_write,
	.apply = cgroup_properties_apply,
};

/* ------------------------------------------------------------------ slice:prefix:name */

/* Dashes are levels: "a-b.slice" is below "a.slice". "-.slice" is the root of all. */
static int check_slice(const char *slice, struct err *err)
{
	size_t length = strlen(slice);

	if (strcmp(slice, "-.slice") == 0)
		return 0;
	if (!ends_with(slice, ".slice") || length == strlen(".slice"))
		return err_plain(err, -EINVAL,
				 "linux.cgroupsPath: \"%s\" is no slice: those end in .slice",
				 slice);
	if (strchr(slice, '/') || strstr(slice, "--") || slice[0] == '-' || slice[0] == '.' ||
	    ends_with(slice, "-.slice"))
		return err_plain(err, -EINVAL,
				 "linux.cgroupsPath: \"%s\" is no slice: dashes stand between the "
				 "names of its levels, and no slash is in it",
				 slice);
	return 0;
}

static int check_unit(const char *unit, struct err *err)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789:-_.\\@";
	const char *bad = unit + strspn(unit, good);

	if (*bad) {
		err_plain(err, -EINVAL,
			  "linux.cgroupsPath: \"%s\" is no name of a unit: '%c' is in it", unit,
			  *bad);
		err_hint(err, "slice:prefix:name with letters, digits and :-_.\\@");
		return -EINVAL;
	}
	if (strlen(unit) > UNIT_NAME_MAX)
		return err_plain(err, -EINVAL,
				 "linux.cgroupsPath: the unit's name is longer than %d characters",
				 UNIT_NAME_MAX);
	return 0;
}

/* A name that ends in .slice would be a slice itself: nothing runs in those. */
static const char *unit_name(struct arena *arena, const char *prefix, const char *name)
{
	if (ends_with(name, ".scope"))
		return arena_strdup(arena, name);
	return arena_printf(arena, "%s%s%s.scope", prefix, *prefix ? "-" : "", name);
}

static int not_this_form(const char *path, struct err *err)
{
	err_plain(err, -EINVAL,
		  "linux.cgroupsPath: \"%s\" is not of systemd's form slice:prefix:name", path);
	err_hint(err, "a path needs the cgroup manager cgroupfs");
	return -EINVAL;
}

static int read_path(struct plan *plan, const char *path, struct scope *scope, struct err *err)
{
	char *rest = arena_strdup(&plan->arena, path);
	const char *slice = strsep(&rest, ":"), *prefix = strsep(&rest, ":"), *name = rest;

	if (!name || !*name || strchr(name, ':') || ends_with(name, ".slice"))
		return not_this_form(path, err);
	if (*slice)
		scope->slice = slice;
	scope->unit = unit_name(&plan->arena, prefix, name);
	return check_slice(scope->slice, err);
}

static bool is_user(const struct host *host)
{
	return host->uid != 0 || !host->initial_userns;
}

static int find_scope(struct plan *plan, const struct oci_spec *spec, const char *id,
		      struct scope *scope, struct err *err)
{
	const char *path = spec->linux.cgroups_path;
	bool user = is_user(plan->host);
	int r = 0;

	*scope = (struct scope){
		.arena = &plan->arena,
		.slice = user ? "user.slice" : "system.slice",
		.user = user,
	};
	if (path && *path)
		r = read_path(plan, path, scope, err);
	else
		scope->unit = unit_name(&plan->arena, "pctrun", id);
	return r < 0 ? r : check_unit(scope->unit, err);
}

/* ------------------------------------------------------------------ properties */

/* Without default dependencies the container isn't stopped at shutdown before its engine stops it.
 * The rest: what `systemctl status` and systemd-cgtop(1) show. */
static void add_own(struct scope *scope)
{
	static const char *const on[] = {"Delegate", "CPUAccounting", "MemoryAccounting",
					 "IOAccounting", "TasksAccounting"};

	scope_add_one(scope, "Slice", "s", scope->slice);
	for (size_t i = 0; i < ARRAY_SIZE(on); i++)
		scope_add_one(scope, on[i], "b", "true");
	scope_add_one(scope, "DefaultDependencies", "b", "false");
}

/* Undo tells the container's unit by its description; without the others it would be none. */
static bool is_ours(const char *name)
{
	static const char *const ours[] = {"Description", "Slice", "Delegate", "PIDs"};

	for (size_t i = 0; i < ARRAY_SIZE(ours); i++)
		if (strcmp(ours[i], name) == 0)
			return true;
	return false;
}

/* "TimeoutStopSec" in seconds is on the bus "TimeoutStopUSec" in microseconds. */
static bool is_seconds(const char *name)
{
	return ends_with(name, "Sec") && !ends_with(name, "USec");
}

static int add_seconds(struct scope *scope, const char *name, const char *const *words)
{
	const int stem = (int)(strlen(name) - strlen("Sec"));
	unsigned long seconds, usec;

	if (parse_u64(words[0], &seconds) < 0 || __builtin_mul_overflow(seconds, 1000000UL, &usec))
		return -EINVAL;
	scope_add_one(scope, arena_printf(scope->arena, "%.*sUSec", stem, name), "t",
		      arena_printf(scope->arena, "%lu", usec));
	return 0;
}

static int add_annotation(struct scope *scope, const struct oci_pair *pair, struct err *err)
{
	const char *name = pair->name + strlen(ANNOTATION_SYSTEMD_PROPERTY);
	const char *const *words;
	const char *signature;
	int r;

	if (is_ours(name))
		return err_plain(err, -EINVAL,
				 "annotation %s: this property is not the container's", pair->name);
	r = scope_value_read(scope->arena, pair->value, &signature, &words);
	if (r == 0 && is_seconds(name))
		r = add_seconds(scope, name, words);
	else if (r == 0)
		scope_add(scope, name, signature, words);
	if (r == 0)
		return 0;
	err_plain(err, r, "annotation %s: '%s' is no value", pair->name, pair->value);
	err_hint(err, "GVariant's text form: 'word' with its quotes, uint64 30, true, ['a', 'b']");
	return r;
}

static int add_annotations(struct scope *scope, const struct oci_spec *spec, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < spec->annotations.count; i++)
		if (starts_with(spec->annotations.items[i].name, ANNOTATION_SYSTEMD_PROPERTY))
			r = add_annotation(scope, &spec->annotations.items[i], err);
	return r;
}

/* ------------------------------------------------------------------ plans */

static void plan_keeper(struct plan *plan, struct cgroup_scope_step *scope)
{
	struct cgroup_keeper_step *keeper =
		plan_step(plan, &cgroup_keeper_kind, STEP_MAP, sizeof(*keeper), scope->step.origin);

	keeper->unit = scope->scope.unit;
	keeper->keeper_slot = scope->keeper_slot = plan_slot(plan);
	keeper->process_slot = scope->process_slot = plan_slot(plan);
}

int scope_plan(struct plan *plan, const struct oci_spec *spec, const char *id, struct err *err)
{
	const char *origin = plan_origin(plan, "linux.cgroupsPath");
	struct limits_request request = {.plan = plan, .keeper = true};
	struct cgroup_scope_step *scope;
	uint32_t needed = 0; /* a delegated scope has all that its manager can give */
	int r;

	if (!plan->host->cgroup_root) {
		plan_missing(plan, "cgroup", origin, "cgroup version 2 is not mounted here");
		return 0;
	}
	scope = plan_step(plan, &cgroup_scope_kind, STEP_PREPARE, sizeof(*scope), origin);
	r = find_scope(plan, spec, id, &scope->scope, err);
	if (r == 0)
		r = place_inner(spec, &scope->place, err);
	if (r < 0)
		return r;
	scope->place.mount = plan->host->cgroup_root;
	scope->place.slice = scope->scope.slice;
	scope->place.path = arena_printf(&plan->arena, "/%s", scope->scope.unit);
	scope->wanted = scope->place.inner ? plan->host->controllers : 0;
	plan_keeper(plan, scope);
	request.place = &scope->place;
	r = cgroup_contents_plan(&request, spec, &needed, err);
	if (r < 0)
		return r;
	add_own(&scope->scope);
	scope_add_steps(&scope->scope, plan);
	return add_annotations(&scope->scope, spec, err);
}

int scope_update_plan(const struct limits_request *request, const char *unit,
		      const struct oci_resources *resources, struct err *err)
{
	struct plan *plan = request->plan;
	struct cgroup_properties_step *properties;
	uint32_t needed = 0; /* as above */
	int r;

	r = limits_plan(request, resources, &needed, err);
	if (r < 0)
		return r;
	properties = plan_step(plan, &cgroup_properties_kind, STEP_ATTACH, sizeof(*properties),
			       plan_origin(plan, "linux.resources"));
	properties->scope = (struct scope){
		.arena = &plan->arena,
		.unit = unit,
		.user = is_user(plan->host),
	};
	scope_add_steps(&properties->scope, plan);
	return 0;
}
