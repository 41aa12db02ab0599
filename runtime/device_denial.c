#include "runtime/device_denial.h"

#include "cgroup/device_filter.h"
#include "lib/cgroup_line.h"
#include "lib/err.h"
#include "lib/plan.h"
#include "lib/printable.h"
#include "lib/run.h"
#include "lib/text.h"
#include "ns/dev.h"
#include "ns/tty.h"
#include "ns/volume.h"
#include "oci/spec.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

static const struct step *failed_step(const struct plan *plan, const struct err *err)
{
	for (int stage = 0; stage < STEP_STAGES; stage++)
		if (strcmp(step_stage_name(stage), err->stage) == 0)
			step_each (step, plan, stage)
				if (step->number == err->number)
					return step;
	return NULL;
}

/* What the step asks of the filters; the numbers are devices.txt's. Return: false where it asks
 * nothing. */
static bool request_of(const struct step *step, struct device_request *request)
{
	const struct dev_step *dev = container_of(step, struct dev_step, step);

	if (step->kind == &tty_kind) /* ptmx */
		*request = (struct device_request){'c', 5, 2, DEVICE_READ | DEVICE_WRITE};
	else if (step->kind == &volume_kind) /* loop-control */
		*request = (struct device_request){'c', 10, 237, DEVICE_READ | DEVICE_WRITE};
	else if ((step->kind == &dev_kind && dev->how == DEV_MAKE) || step->kind == &dev_node_kind)
		*request = (struct device_request){S_ISBLK(dev->mode) ? 'b' : 'c', dev->major,
						   dev->minor, DEVICE_MKNOD};
	else
		return false;
	return true;
}

/* The container's processes are in its cgroup, the host's side is in the caller's. */
static int open_cgroup(const struct step *step, const struct plan *plan, const struct run *run)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *own;

	if (step->stage != STEP_PREPARE)
		return openat(run->cgroup_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	own = cgroup_of_process(&arena, AT_FDCWD, "/proc/self/cgroup");
	return own && plan->host->cgroup_root
		       ? open(arena_printf(&arena, "%s%s", plan->host->cgroup_root, own),
			      O_RDONLY | O_DIRECTORY | O_CLOEXEC)
		       : -1;
}

static void blame_origin(struct err *err, const char *origin)
{
	err->origin[0] = '\0'; /* the step's: who asked for the device */
	err_origin(err, origin);
}

/* @cgroup: in which the step was done */
static void blame(struct plan *plan, const struct oci_spec *spec, const struct step *step,
		  const struct device_request *request, const struct device_filter *filter,
		  const char *cgroup, struct err *err)
{
	const struct device_rule rule = {.type = request->type,
					 .major = request->major,
					 .minor = request->minor,
					 .access = request->access};
	cleanup_(text_free) struct text text = {};

	device_rule_text(&rule, &text);
	err->fact[0] = err->hint[0] = '\0'; /* guesses of who knew EPERM alone */
	err_fact(err, "%s is denied by the device filter %s", text_str(&text),
		 device_filter_text(&plan->arena, filter));
	if (step->stage != STEP_PREPARE && same_string(filter->cgroup, cgroup) &&
	    strcmp(filter->name, DEVICES_PROGRAM) == 0) { /* else the caller's, a container's too */
		err_hint(err, "take that rule away, or allow %s behind it", text_str(&text));
		blame_origin(err,
			     plan_origin(plan, "%s",
					 devices_denier_path(&plan->arena, spec->linux.resources,
							     request->type, request->major,
							     request->minor, request->access)));
		return;
	}
	err_hint(err, "have %s allowed to cgroup %s by whoever runs it", text_str(&text),
		 filter->cgroup ? printable(&plan->arena, filter->cgroup) : "above");
	if (step->stage != STEP_PREPARE && spec->linux.cgroups_path)
		blame_origin(err, plan_origin(plan, "linux.cgroupsPath"));
}

void device_denial_blame(struct plan *plan, const struct oci_spec *spec, const struct run *run,
			 struct err *err)
{
	const struct step *step = err && err->num == EPERM ? failed_step(plan, err) : NULL;
	cleanup_close int fd = -EBADF;
	struct device_filters filters;
	struct device_request request;
	struct device_verdict verdict;
	const char *cgroup;

	if (!step || !request_of(step, &request))
		return;
	fd = open_cgroup(step, plan, run);
	if (fd < 0 || device_programs_observe(&plan->arena, fd, &filters) < 0)
		return;
	cgroup = device_programs_name_above(&plan->arena, fd, &filters);
	verdict = device_filters_ask(&filters, &request);
	if (verdict.answer == DEVICE_DENIED)
		blame(plan, spec, step, &request, verdict.filter, cgroup, err);
}
