#include "why/judge.h"

#include "lib/mountinfo.h"
#include "lib/printable.h"
#include "why/action.h"
#include "why/fix.h"
#include "why/rights.h"
#include "why/says.h"
#include "why/subject.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/stat.h>

/* The way to a file: may each folder be searched, is there anything, is it of a fitting kind. */

/* Where a name in a folder is meant, the folder is on the way, too. */
static size_t folder_count(const struct lookup *lookup, const struct action *action)
{
	return lookup->error == 0 && !action->name ? lookup->count - 1 : lookup->count;
}

void judge_search(const struct subject *subject, const struct action *action,
		  struct finding *finding)
{
	const struct lookup *lookup = subject->lookup;

	if (!lookup || lookup->count == 0)
		return;
	for (size_t i = 0; i < folder_count(lookup, action); i++) {
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
	if (jump_allowed(subject, &lookup->jump))
		return;
	finding_set(
		finding, subject, ANSWER_DENIES, EACCES,
		"a link of /proc leads into a process that it may not look into: that takes the "
		"same ids and no more capabilities, or CAP_SYS_PTRACE");
	finding_fix(finding, subject, "process.user", "%s, or the ids of that process",
		    fix_capability(subject, CAP_SYS_PTRACE));
}

/* Its folder is there, and somebody might mean to make it. */
static bool is_new_file(const struct subject *subject, const struct action *action)
{
	const char *slash = strrchr(action->path, '/');

	return action->kind == ACTION_OPEN && action->access == ACCESS_WRITE && slash &&
	       strcmp(slash + 1, subject->lookup->name) == 0;
}

/* Nobody made it, or the folder where the way ends hides what is below, or lacks the devices that
 * the config doesn't have. */
static void say_absent(const struct subject *subject, const struct action *action,
		       const struct place *last, struct finding *finding)
{
	const char *folder = says_path(subject, last);
	const char *name = printable(says_arena(subject), subject->lookup->name);
	const struct isolation_mount *mount = mount_of(subject, last);

	finding_set(finding, subject, ANSWER_DENIES, ENOENT, "there is no %s in %s%s", name, folder,
		    is_new_file(subject, action) ? ": create asks whether it could be made" : "");
	if (mount_masks(subject, mount)) {
		finding_set(finding, subject, ANSWER_DENIES, ENOENT,
			    "%s is masked: an empty folder lies over it", folder);
		finding_fix(finding, subject, mount_origin(subject, mount), "%s",
			    fix_mask(subject, mount->info->target));
	} else if (strcmp(last->path, "/dev") == 0 && subject->spec) {
		finding_fix(finding, subject, NULL, "%s", fix_device(subject, name));
	}
}

static void say_lost(const struct subject *subject, const struct action *action,
		     const struct place *last, struct finding *finding)
{
	const char *folder = says_path(subject, last);
	const char *name = printable(says_arena(subject), subject->lookup->name);
	const int error = -subject->lookup->error;

	if (error == ENOENT)
		say_absent(subject, action, last, finding);
	else if (error == ENOTDIR)
		finding_set(finding, subject, ANSWER_DENIES, error, "%s is no folder", folder);
	else if (error == ELOOP)
		finding_set(finding, subject, ANSWER_DENIES, error,
			    "%s in %s is a link that leads round in circles", name, folder);
	else
		finding_set(finding, subject, ANSWER_DENIES, error, "%s in %s: %s", name, folder,
			    strerror(error));
}

void judge_path(const struct subject *subject, const struct action *action, struct finding *finding)
{
	const struct lookup *lookup = subject->lookup;

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
	say_lost(subject, action, &lookup->places[lookup->count - 1], finding);
}

void judge_kind(const struct subject *subject, const struct action *action, struct finding *finding)
{
	const struct place *object = object_of(subject);

	if (!object)
		return;
	if (action->name) {
		if (!S_ISDIR(object->mode))
			finding_set(finding, subject, ANSWER_DENIES, ENOTDIR, "%s is no folder",
				    says_path(subject, object));
		return;
	}
	if (action->kind == ACTION_CONNECT_LOCAL) /* is asked when the mode has allowed it */
		return;
	if (S_ISDIR(object->mode) && action->access & ACCESS_WRITE)
		finding_set(finding, subject, ANSWER_DENIES, EISDIR, "it is a folder");
	else if (action->device && !S_ISCHR(object->mode) && !S_ISBLK(object->mode))
		finding_set(finding, subject, ANSWER_HIDES, 0, "it is no device");
	else if (!S_ISREG(object->mode) && action->access & ACCESS_EXEC)
		finding_set(finding, subject, ANSWER_DENIES, EACCES, "it is no regular file");
	else if (S_ISFIFO(object->mode))
		finding_set(finding, subject, ANSWER_UNKNOWN, 0,
			    "a pipe: waits until somebody opens its other end");
}
