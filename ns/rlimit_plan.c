#include "lib/err.h"
#include "lib/plan.h"
#include "ns/rlimit.h"
#include "ns/spec_help.h"
#include "oci/spec.h"

#include <string.h>
#include <sys/resource.h>

/* getrlimit(2). */
static const struct {
	const char *name;
	int resource;
} resources[] = {
	{"RLIMIT_AS", RLIMIT_AS},
	{"RLIMIT_CORE", RLIMIT_CORE},
	{"RLIMIT_CPU", RLIMIT_CPU},
	{"RLIMIT_DATA", RLIMIT_DATA},
	{"RLIMIT_FSIZE", RLIMIT_FSIZE},
	{"RLIMIT_LOCKS", RLIMIT_LOCKS},
	{"RLIMIT_MEMLOCK", RLIMIT_MEMLOCK},
	{"RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE},
	{"RLIMIT_NICE", RLIMIT_NICE},
	{"RLIMIT_NOFILE", RLIMIT_NOFILE},
	{"RLIMIT_NPROC", RLIMIT_NPROC},
	{"RLIMIT_RSS", RLIMIT_RSS},
	{"RLIMIT_RTPRIO", RLIMIT_RTPRIO},
	{"RLIMIT_RTTIME", RLIMIT_RTTIME},
	{"RLIMIT_SIGPENDING", RLIMIT_SIGPENDING},
	{"RLIMIT_STACK", RLIMIT_STACK},
};

static int resource_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(resources); i++)
		if (strcmp(resources[i].name, name) == 0)
			return resources[i].resource;
	return -1;
}

int rlimit_plan(struct plan *plan, const struct oci_spec *spec, const struct oci_process *process,
		const char *path, struct err *err)
{
	/* To raise a hard one takes rights over the first user namespace. */
	const enum step_stage stage = spec_namespace(spec, "user") ? STEP_ATTACH : STEP_EXEC;

	for (size_t i = 0; i < process->rlimits.count; i++) {
		const struct oci_rlimit *limit = &process->rlimits.items[i];
		int resource = resource_of(limit->type);
		struct rlimit_step *step;

		if (resource < 0)
			return err_plain(err, -EINVAL, "%s.rlimits[%zu].type: '%s' is no limit",
					 path, i, limit->type);
		step = plan_step(plan, &rlimit_kind, stage, sizeof(*step),
				 plan_origin(plan, "%s.rlimits[%zu]", path, i));
		step->name = limit->type;
		step->resource = resource;
		step->soft = limit->soft;
		step->hard = limit->hard;
	}
	return 0;
}
