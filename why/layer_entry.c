#include "why/judge.h"

#include "lib/printable.h"
#include "why/action.h"
#include "why/fix.h"
#include "why/rights.h"
#include "why/says.h"
#include "why/subject.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>

/* A name in a folder that is made or removed: is it there, whose is it, may it go? What the
 * folder's mode says is the mode's layer. */

static const struct lookup *lookup_for(const struct subject *subject, const struct action *action,
				       enum action_kind kind)
{
	const struct lookup *lookup = subject->lookup;

	return action->kind == kind && lookup && lookup->error == 0 ? lookup : NULL;
}

void judge_taken(const struct subject *subject, const struct action *action,
		 struct finding *finding)
{
	const struct lookup *lookup = lookup_for(subject, action, ACTION_CREATE);

	if (lookup && lookup->entry_error == 0)
		finding_set(finding, subject, ANSWER_DENIES, EEXIST,
			    "it is there already: write asks for that");
	else if (lookup && lookup->entry_error == -ENAMETOOLONG)
		finding_set(finding, subject, ANSWER_DENIES, ENAMETOOLONG,
			    "its name has %zu bytes, which is too long there",
			    strlen(action->name));
	else if (lookup && object_of(subject)->fs == PROC_SUPER_MAGIC) /* before any right */
		finding_set(finding, subject, ANSWER_DENIES, ENOENT, "procfs takes no new names");
}

void judge_absent(const struct subject *subject, const struct action *action,
		  struct finding *finding)
{
	const struct lookup *lookup = lookup_for(subject, action, ACTION_REMOVE);

	if (lookup && lookup->entry_error < 0)
		finding_set(finding, subject, ANSWER_DENIES, -lookup->entry_error,
			    "there is no %s in %s", printable(says_arena(subject), action->name),
			    says_path(subject, object_of(subject)));
}

/* In /tmp and its like everybody makes files, and nobody takes away another's. */
static void judge_sticky(const struct subject *subject, const struct place *folder,
			 const struct place *entry, struct finding *finding)
{
	const uint32_t uid = subject->isolation.creds.uid[3];

	if (!(folder->mode & S_ISVTX) || uid == folder->uid || uid == entry->uid ||
	    rights_over_file(subject, CAP_FOWNER, entry))
		return;
	finding_set(finding, subject, ANSWER_DENIES, EPERM,
		    "the folder is sticky, and it is another's: %s; the process is %s",
		    says_owner(subject, entry), says_person(subject));
	finding_fix(finding, subject, "process.user", "%s, or chmod -t %s",
		    fix_capability(subject, CAP_FOWNER), says_path(subject, folder));
}

static void judge_removing(const struct subject *subject, const struct place *folder,
			   const struct place *entry, struct finding *finding)
{
	judge_sticky(subject, folder, entry, finding);
	if (finding->answer == ANSWER_DENIES)
		return;
	if (entry->immutable || entry->append_only) {
		finding_set(finding, subject, ANSWER_DENIES, EPERM, "it is %s",
			    entry->immutable ? "immutable" : "one that can only be appended to");
		finding_fix(finding, subject, NULL, "chattr -%c, on the host",
			    entry->immutable ? 'i' : 'a');
	} else if (place_keeps_all(folder)) {
		finding_set(finding, subject, ANSWER_DENIES, EPERM,
			    "the kernel's own files can't be removed");
	} else if (entry->mount != folder->mount) {
		finding_set(finding, subject, ANSWER_DENIES, EBUSY, "something is mounted on it");
	} else if (S_ISDIR(entry->mode)) {
		finding_set(finding, subject, ANSWER_UNKNOWN, 0,
			    "a folder goes when nothing is in it");
	}
}

void judge_entry(const struct subject *subject, const struct action *action,
		 struct finding *finding)
{
	const struct lookup *creating = lookup_for(subject, action, ACTION_CREATE);
	const struct lookup *removing = lookup_for(subject, action, ACTION_REMOVE);
	const struct place *folder = object_of(subject);

	if (removing && removing->entry_error == 0)
		judge_removing(subject, folder, &removing->entry, finding);
	else if (creating && place_takes_none(folder))
		finding_set(finding, subject, ANSWER_DENIES, EACCES,
			    "the kernel's own file system takes no new files");
}
