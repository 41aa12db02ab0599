#include "why/judge.h"

#include "lib/mountinfo.h"
#include "why/action.h"
#include "why/rights.h"
#include "why/says.h"
#include "why/subject.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* The way to a file: may each folder be searched, is there anything, is it of a fitting kind. */

static size_t folder_count(const struct lookup *lookup)
{
	return lookup->error == 0 ? lookup->count - 1 : lookup->count;
}

void judge_search(const struct subject *subject, const struct action *action,
		  struct finding *finding)
{
	const struct lookup *lookup = subject->lookup;

	if (!lookup || lookup->count == 0)
		return;
	for (size_t i = 0; i < folder_count(lookup); i++) {
		const struct place *place = &lookup->places[i];

		if (!S_ISDIR(place->mode) || rights_access(subject, place, ACCESS_EXEC))
			continue;
		finding_set(finding, subject, ANSWER_DENIES, EACCES,
			    "%s can't be searched: %s; the process is %s, and no capability of its "
			    "gets past that",
			    says_path(subject, place), says_owner(subject, place),
			    says_person(subject));
		finding_fix(finding, subject, "process.user", "chmod o+x %s, or another owner",
			    says_path(subject, place));
		return;
	}
	finding_set(finding, subject, ANSWER_ALLOWS, 0, "all folders on the way can be searched");
}

/* The folder where the way ends may be one that hides what is below. */
static void explain_absence(const struct subject *subject, const struct place *last,
			    struct finding *finding)
{
	const struct isolation_mount *mount = mount_of(subject, last);
	const char *origin = mount_origin(subject, mount);

	if (!origin || strncmp(origin, "linux.maskedPaths", strlen("linux.maskedPaths")) != 0)
		return;
	finding_set(finding, subject, ANSWER_DENIES, finding->error,
		    "%s is masked: an empty folder lies over it", says_path(subject, last));
	finding_fix(finding, subject, origin, "take %s out of linux.maskedPaths",
		    mount->info->target);
}

void judge_path(const struct subject *subject, const struct action *action, struct finding *finding)
{
	const struct lookup *lookup = subject->lookup;
	const struct place *last;

	if (!lookup)
		return;
	if (lookup->error == 0) {
		finding_set(finding, subject, ANSWER_ALLOWS, 0, "leads to %s",
			    says_path(subject, object_of(subject)));
		return;
	}
	if (lookup->error == -ETIMEDOUT || lookup->count == 0) {
		finding_set(finding, subject, ANSWER_UNKNOWN, 0, "could not be looked at: %s",
			    strerror(-lookup->error));
		return;
	}
	last = &lookup->places[lookup->count - 1];
	finding_set(finding, subject, ANSWER_DENIES, -lookup->error, "behind %s: %s",
		    says_path(subject, last), strerror(-lookup->error));
	explain_absence(subject, last, finding);
}

void judge_kind(const struct subject *subject, const struct action *action, struct finding *finding)
{
	const struct place *object = object_of(subject);

	if (!object)
		return;
	if (S_ISDIR(object->mode) && action->access & ACCESS_WRITE)
		finding_set(finding, subject, ANSWER_DENIES, EISDIR, "it is a folder");
	else if (!S_ISREG(object->mode) && action->access & ACCESS_EXEC)
		finding_set(finding, subject, ANSWER_DENIES, EACCES, "it is no regular file");
	else if (S_ISFIFO(object->mode))
		finding_set(finding, subject, ANSWER_UNKNOWN, 0,
			    "a pipe: waits until somebody opens its other end");
}
