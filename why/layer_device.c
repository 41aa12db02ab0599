#include "why/judge.h"

#include "cgroup/device_filter.h"
#include "lib/plan.h"
#include "oci/spec.h"
#include "why/action.h"
#include "why/says.h"
#include "why/subject.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* The device filters of its cgroup and of those above. */

static unsigned int access_bits(unsigned int access)
{
	return (access & ACCESS_READ ? DEVICE_READ : 0) |
	       (access & ACCESS_WRITE ? DEVICE_WRITE : 0);
}

/* One of that name may be a container's around this one, which asks as well. Its own policy would
 * have to say the same. */
static bool is_own(const struct subject *subject, const struct device_request *request,
		   const struct device_filter *filter)
{
	if (!subject->spec || strcmp(filter->name, DEVICES_PROGRAM) != 0)
		return false;
	step_each (step, &subject->plan, STEP_PREPARE)
		if (step->kind == &cgroup_devices_kind)
			return !devices_allow(
				&container_of(step, struct cgroup_devices_step, step)->policy,
				request->type, request->major, request->minor, request->access);
	return false;
}

static void deny(const struct subject *subject, const struct device_request *request,
		 const struct device_filter *filter, struct finding *finding)
{
	struct arena *arena = says_arena(subject);

	finding_set(finding, subject, ANSWER_DENIES, EPERM, "%c %u:%u is not allowed by %s",
		    request->type, request->major, request->minor,
		    device_filter_text(arena, filter));
	if (is_own(subject, request, filter))
		finding_fix(finding, subject,
			    devices_denier_path(arena, subject->spec->linux.resources,
						request->type, request->major, request->minor,
						request->access),
			    "{\"allow\": true, \"type\": \"%c\", \"major\": %u, \"minor\": %u}",
			    request->type, request->major, request->minor);
	else
		finding_fix(finding, subject, NULL,
			    "ask whoever runs that cgroup to allow %c %u:%u", request->type,
			    request->major, request->minor);
}

static void judge_request(const struct subject *subject, const struct device_request *request,
			  struct finding *finding)
{
	const struct device_verdict verdict =
		device_filters_ask(subject->isolation.device_filters, request);

	if (verdict.answer == DEVICE_DENIED)
		deny(subject, request, verdict.filter, finding);
	else if (verdict.answer == DEVICE_UNCLEAR)
		finding_set(finding, subject, ANSWER_UNKNOWN, 0, "%s",
			    device_unclear_text(says_arena(subject), &verdict));
	else if (!subject->isolation.device_filters->count)
		finding_set(finding, subject, ANSWER_ALLOWS, 0,
			    "no filter of devices is on its cgroup");
	else
		finding_set(finding, subject, ANSWER_ALLOWS, 0, "%c %u:%u is allowed",
			    request->type, request->major, request->minor);
}

void judge_device(const struct subject *subject, const struct action *action,
		  struct finding *finding)
{
	const struct place *object = object_of(subject);

	if (!object || !(S_ISCHR(object->mode) || S_ISBLK(object->mode)))
		return;
	if (!subject->isolation.device_filters)
		finding_set(finding, subject, ANSWER_UNKNOWN, 0,
			    "the device filters of its cgroup can't be seen");
	else
		judge_request(subject,
			      &(struct device_request){
				      .type = S_ISCHR(object->mode) ? 'c' : 'b',
				      .major = major(object->device),
				      .minor = minor(object->device),
				      .access = access_bits(action->access),
			      },
			      finding);
}
