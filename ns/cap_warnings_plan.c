#include "lib/plan.h"
#include "lib/text.h"
#include "ns/cred.h"
#include "ns/spec_help.h"
#include "oci/spec.h"

/* config.md, "capabilities": what can't be mapped or granted is a warning, and left out. */

struct set {
	const char *member;
	const struct oci_strings *names;
};

/* Return: the names that this kernel has, as bits; each other one is a warning. */
static uint64_t known(struct plan *plan, const char *path, const struct set *set)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < set->names->count; i++) {
		const char *name = set->names->items[i];
		const int cap = cap_find(name);

		if (cap >= 0 && (unsigned int)cap <= plan->host->last_cap)
			bits |= 1ULL << cap;
		else
			plan_warning(
				plan, "capability",
				plan_origin(plan, "%s.capabilities.%s[%zu]", path, set->member, i),
				"'%s' is no capability of this kernel: left out", name);
	}
	return bits;
}

static void warn(struct plan *plan, const char *path, const char *member, uint64_t bits,
		 const char *why)
{
	cleanup_(text_free) struct text names = {};

	for (unsigned int cap = 0; cap < 64; cap++)
		if (bits & 1ULL << cap)
			text_addf(&names, "%s%s", names.length ? ", " : "", cap_name(cap));
	if (bits)
		plan_warning(plan, "capability",
			     plan_origin(plan, "%s.capabilities.%s", path, member), "%s: %s",
			     text_str(&names), why);
}

void cap_warnings_plan(struct plan *plan, const struct oci_spec *spec,
		       const struct oci_process *process, const char *path)
{
	enum { BOUNDING, PERMITTED, EFFECTIVE, INHERITABLE, AMBIENT, SETS };
	const struct oci_capabilities *caps = process->capabilities;
	uint64_t bits[SETS];

	if (!caps)
		return;
	const struct set sets[SETS] = {
		[BOUNDING] = {"bounding", &caps->bounding},
		[PERMITTED] = {"permitted", &caps->permitted},
		[EFFECTIVE] = {"effective", &caps->effective},
		[INHERITABLE] = {"inheritable", &caps->inheritable},
		[AMBIENT] = {"ambient", &caps->ambient},
	};
	for (size_t i = 0; i < SETS; i++)
		bits[i] = known(plan, path, &sets[i]);
	/* In a user namespace of its own it has all that there are. */
	if (!spec_namespace(spec, "user"))
		warn(plan, path, "permitted", bits[PERMITTED] & ~plan->host->capabilities,
		     "this process has none to give: left out");
	warn(plan, path, "ambient", bits[AMBIENT] & ~(bits[PERMITTED] & bits[INHERITABLE]),
	     "can't raise ambient capability that is not permitted and inheritable: left out");
}
