#include "why/judge.h"

#include "cgroup/devices.h"
#include "why/action.h"
#include "why/says.h"
#include "why/subject.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* The device filters of its cgroup and of those above. */

static unsigned int access_bits(unsigned int access)
{
	return (access & ACCESS_READ ? DEVICE_READ : 0) |
	       (access & ACCESS_WRITE ? DEVICE_WRITE : 0);
}

/* Filters that somebody else has put there can't be read. */
static int others(const struct subject *subject)
{
	int count = subject->devices ? -1 : 0;

	for (size_t i = 0; i < subject->isolation.cgroup_count; i++)
		if (subject->isolation.cgroups[i].device_filters > 0)
			count += subject->isolation.cgroups[i].device_filters;
	return count;
}

void judge_device(const struct subject *subject, const struct action *action,
		  struct finding *finding)
{
	const struct place *object = object_of(subject);
	unsigned int number[2];
	char type;

	if (!object || !(S_ISCHR(object->mode) || S_ISBLK(object->mode)))
		return;
	type = S_ISCHR(object->mode) ? 'c' : 'b';
	number[0] = major(object->device);
	number[1] = minor(object->device);
	if (subject->devices && !devices_allow(subject->devices, type, number[0], number[1],
					       access_bits(action->access))) {
		finding_set(finding, subject, ANSWER_DENIES, EPERM,
			    "%c %u:%u is not allowed in its cgroup", type, number[0], number[1]);
		finding_fix(finding, subject, "linux.resources.devices",
			    "{\"allow\": true, \"type\": \"%c\", \"major\": %u, \"minor\": %u}",
			    type, number[0], number[1]);
	} else if (others(subject) > 0) {
		finding_set(finding, subject, ANSWER_UNKNOWN, 0,
			    "%d device filters of others are on its cgroup or above it",
			    others(subject));
	} else {
		finding_set(finding, subject, ANSWER_ALLOWS, 0, "%c %u:%u is allowed", type,
			    number[0], number[1]);
	}
}
