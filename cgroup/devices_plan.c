#include "cgroup/devices.h"
#include "lib/err.h"
#include "lib/json.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "oci/spec.h"

#include <linux/capability.h>
#include <string.h>

/*
 * What each container may use: making nodes (which alone gives no access), the memory devices
 * null zero full random urandom, tty and ptmx, ptys, and tun. The nodes that config-linux.md has
 * in every container ("Default Devices") are among them.
 */
static const struct device_rule default_rules[] = {
	{true, 'a', -1, -1, DEVICE_MKNOD}, {true, 'c', 1, 3, DEVICE_ALL},
	{true, 'c', 1, 5, DEVICE_ALL},     {true, 'c', 1, 7, DEVICE_ALL},
	{true, 'c', 1, 8, DEVICE_ALL},     {true, 'c', 1, 9, DEVICE_ALL},
	{true, 'c', 5, 0, DEVICE_ALL},     {true, 'c', 5, 2, DEVICE_ALL},
	{true, 'c', 136, -1, DEVICE_ALL},  {true, 'c', 10, 200, DEVICE_ALL},
};

static void describe_rule(const struct device_rule *rule, struct text *text)
{
	text_add(text, rule->allow ? "allow " : "deny ");
	device_rule_text(rule, text);
}

static void devices_describe(const struct step *step, struct text *text)
{
	const struct device_policy *policy =
		&container_of(step, struct cgroup_devices_step, step)->policy;

	text_addf(text, "%s all", policy->allow ? "allow" : "deny");
	for (size_t i = 0; i < policy->count; i++) {
		text_add(text, ", ");
		describe_rule(&policy->rules[i], text);
	}
}

static void devices_write(const struct step *step, struct json_out *out)
{
	const struct device_policy *policy =
		&container_of(step, struct cgroup_devices_step, step)->policy;

	json_out_bool(out, "default", policy->allow);
	json_out_array(out, "rules");
	for (size_t i = 0; i < policy->count; i++) {
		cleanup_(text_free) struct text text = {};

		describe_rule(&policy->rules[i], &text);
		json_out_string(out, NULL, text_str(&text));
	}
	json_out_end(out);
}

/* No undo: the kernel drops the program with the cgroup. */
const struct step_kind cgroup_devices_kind = {
	.name = "cgroup.devices",
	.describe = devices_describe,
	.write = devices_write,
	.apply = devices_apply,
	.observe = devices_observe,
};

static int read_access(const char *words, unsigned int *access)
{
	static const struct {
		char letter;
		unsigned int bit;
	} letters[] = {{'r', DEVICE_READ}, {'w', DEVICE_WRITE}, {'m', DEVICE_MKNOD}};

	*access = words && *words ? 0 : DEVICE_ALL;
	for (; words && *words; words++) {
		unsigned int bit = 0;

		for (size_t i = 0; i < ARRAY_SIZE(letters); i++)
			if (letters[i].letter == *words)
				bit = letters[i].bit;
		if (!bit)
			return -EINVAL;
		*access |= bit;
	}
	return 0;
}

static int read_rule(const struct oci_device_rule *from, size_t index, struct device_rule *rule,
		     struct err *err)
{
	const char *type = from->type && *from->type ? from->type : "a";

	*rule = (struct device_rule){
		.allow = from->allow,
		.type = type[0] == 'u' ? 'c' : type[0],
		.major = from->major.set ? from->major.value : -1,
		.minor = from->minor.set ? from->minor.value : -1,
	};
	if (type[1] || !strchr("acbu", type[0]))
		return err_plain(err, -EINVAL,
				 "linux.resources.devices[%zu].type: \"%s\" is not a, b or c",
				 index, type);
	if (read_access(from->access, &rule->access) < 0)
		return err_plain(err, -EINVAL,
				 "linux.resources.devices[%zu].access: \"%s\" is not of r, w, m",
				 index, from->access);
	return 0;
}

static bool speaks_of_all(const struct device_rule *rule)
{
	return rule->type == 'a' && rule->major < 0 && rule->minor < 0 &&
	       rule->access == DEVICE_ALL;
}

/* A rule on everything makes those before it void. */
static void add_rule(struct device_policy *policy, const struct device_rule *rule)
{
	if (speaks_of_all(rule)) {
		policy->allow = rule->allow;
		policy->count = 0;
	} else {
		policy->rules[policy->count++] = *rule;
	}
}

static void add_defaults(struct device_policy *policy)
{
	memmove(policy->rules + ARRAY_SIZE(default_rules), policy->rules,
		policy->count * sizeof(*policy->rules));
	memcpy(policy->rules, default_rules, sizeof(default_rules));
	policy->count += ARRAY_SIZE(default_rules);
}

static bool covers(const struct device_rule *later, const struct device_rule *rule, char type)
{
	return (later->type == 'a' || later->type == type) &&
	       (later->major < 0 || later->major == rule->major) &&
	       (later->minor < 0 || later->minor == rule->minor) &&
	       !(rule->access & ~later->access);
}

static bool is_void_for(const struct device_policy *policy, size_t index, char type)
{
	for (size_t i = index + 1; i < policy->count; i++)
		if (covers(&policy->rules[i], &policy->rules[index], type))
			return true;
	return false;
}

static bool is_void(const struct device_policy *policy, size_t index)
{
	const char type = policy->rules[index].type;

	return type == 'a' ? is_void_for(policy, index, 'c') && is_void_for(policy, index, 'b')
			   : is_void_for(policy, index, type);
}

/* Each rule costs time at every start: without those that a later one makes void, and those in
 * front that say what holds anyway. */
static void drop_idle(struct device_policy *policy)
{
	size_t kept = 0;

	for (size_t i = 0; i < policy->count; i++)
		if (!is_void(policy, i) && (kept || policy->rules[i].allow != policy->allow))
			policy->rules[kept++] = policy->rules[i];
	policy->count = kept;
}

static bool restricts(const struct device_policy *policy)
{
	bool denies = !policy->allow;

	for (size_t i = 0; i < policy->count; i++)
		denies |= !policy->rules[i].allow;
	return denies;
}

static bool may_load(const struct host *host)
{
	return host->uid == 0 && host->initial_userns && host->capabilities & 1ULL << CAP_SYS_ADMIN;
}

int devices_plan(struct plan *plan, const struct cgroup_place *place,
		 const struct oci_resources *resources, struct err *err)
{
	size_t count = resources ? resources->devices.count : 0;
	struct device_policy policy = {};
	struct cgroup_devices_step *step;
	int r;

	policy.rules =
		arena_array(&plan->arena, count + ARRAY_SIZE(default_rules), sizeof(*policy.rules));
	for (size_t i = 0; i < count; i++) {
		struct device_rule rule;

		r = read_rule(&resources->devices.items[i], i, &rule, err);
		if (r < 0)
			return r;
		add_rule(&policy, &rule);
	}
	if (!policy.allow)
		add_defaults(&policy);
	drop_idle(&policy);
	if (!restricts(&policy) || !may_load(plan->host))
		return 0;
	step = plan_step(plan, &cgroup_devices_kind, STEP_PREPARE, sizeof(*step),
			 plan_origin(plan, "linux.resources.devices"));
	step->place = *place;
	step->policy = policy;
	return 0;
}

const char *devices_denier_path(struct arena *arena, const struct oci_resources *resources,
				char type, long major, long minor, unsigned int access)
{
	static const char all[] = "linux.resources.devices";
	unsigned int left = access; /* bits that no later rule allows */

	for (size_t i = resources ? resources->devices.count : 0; i-- > 0;) {
		struct device_rule rule;

		if (read_rule(&resources->devices.items[i], i, &rule, NULL) < 0 ||
		    !device_speaks_of(&rule, type, major, minor, left))
			continue;
		if (!rule.allow)
			return arena_printf(arena, "%s[%zu]", all, i);
		left &= ~rule.access;
	}
	return all;
}
