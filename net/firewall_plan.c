#include "lib/plan.h"
#include "lib/sha1.h"
#include "lib/text.h"
#include "net/firewall.h"
#include "oci/ext_firewall.h"

int firewall_plan(struct plan *plan, const struct oci_spec *spec, struct err *err)
{
	cleanup_(text_free) struct text text = {};
	const struct oci_firewall *firewall;
	struct firewall_step *step;
	const char *origin;
	char digest[41];
	int r = oci_firewall_read(&plan->arena, spec, &firewall, err);

	if (r < 0 || !firewall)
		return r;
	origin = firewall->origin ? firewall->origin : plan_origin(plan, "annotations");
	if (firewall->lacks) {
		plan_missing(plan, "net.firewall", origin, "%s", firewall->lacks);
		return 0;
	}
	step = plan_step(plan, &firewall_kind, STEP_ATTACH, sizeof(*step), origin);
	step->table = arena_printf(&plan->arena, "pctrun-%s", firewall->name);
	step->rules = firewall->rules.count;
	step->interfaces = firewall->interfaces.count;
	firewall_script(firewall, step->table, &text);
	sha1_hex(text_str(&text), text.length, digest);
	step->digest = arena_strdup(&plan->arena, digest);
	step->script = arena_strdup(&plan->arena, text_str(&text));
	return 0;
}
