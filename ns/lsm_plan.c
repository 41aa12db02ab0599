#include "lib/err.h"
#include "lib/plan.h"
#include "ns/lsm.h"
#include "oci/annotations.h"
#include "oci/spec.h"

#include <string.h>

static void plan_label(struct plan *plan, const struct step_kind *kind, const char *label,
		       const char *origin)
{
	struct lsm_step *step = plan_step(plan, kind, STEP_EXEC, sizeof(*step), origin);

	step->label = label;
	plan->procfs = true;
}

static bool given(const char *label)
{
	return label && *label;
}

static void plan_apparmor(struct plan *plan, const char *profile, const char *path)
{
	const char *origin = plan_origin(plan, "%s.apparmorProfile", path);

	if (plan->host->apparmor)
		plan_label(plan, &apparmor_kind, profile, origin);
	else if (strcmp(profile, "unconfined") != 0)
		plan_missing(plan, "apparmor", origin,
			     "AppArmor profile %s: this kernel has no AppArmor enabled", profile);
}

static void plan_selinux(struct plan *plan, const char *label, const char *path)
{
	const char *origin = plan_origin(plan, "%s.selinuxLabel", path);

	if (plan->host->selinux)
		plan_label(plan, &selinux_kind, label, origin);
	else
		plan_missing(plan, "selinux", origin,
			     "SELinux label %s: this kernel has no SELinux enabled", label);
}

void lsm_plan(struct plan *plan, const struct oci_spec *spec, const struct oci_process *process,
	      const char *path)
{
	const struct oci_process *own = spec->process ? spec->process : process;
	const char *profile = given(process->apparmor_profile) ? process->apparmor_profile
							       : own->apparmor_profile;
	const char *label =
		given(process->selinux_label) ? process->selinux_label : own->selinux_label;

	if (given(profile))
		plan_apparmor(plan, profile, path);
	if (given(label))
		plan_selinux(plan, label, path);
}

int lsm_profile_plan(struct plan *plan, const struct oci_spec *spec, struct err *err)
{
	const char *text = oci_map_find(&spec->annotations, ANNOTATION_APPARMOR_TEXT);
	const char *name = spec->process ? spec->process->apparmor_profile : NULL;
	struct lsm_profile_step *step;

	if (!text || !plan->host->apparmor)
		return 0; /* lsm_plan() says that it is missing */
	if (!given(name))
		return err_plain(err, -EINVAL, "%s: needs process.apparmorProfile, its name",
				 ANNOTATION_APPARMOR_TEXT);
	step = plan_step(plan, &lsm_profile_kind, STEP_PREPARE, sizeof(*step),
			 plan_origin(plan, "annotations.%s", ANNOTATION_APPARMOR_TEXT));
	step->name = name;
	step->text = text;
	return 0;
}
