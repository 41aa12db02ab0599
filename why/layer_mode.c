#include "why/judge.h"

#include "lib/mountinfo.h"
#include "why/action.h"
#include "why/fix.h"
#include "why/rights.h"
#include "why/says.h"
#include "why/subject.h"

#include <errno.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>

/* Owner, group, mode, ACL; ids that mean nobody; flags of the file itself. */

enum { NOBODY = 65534 }; /* /proc/sys/kernel/overflowuid */

/* On an id-mapped mount an owner outside the map is nobody, and nobody's rights count. */
static bool is_unmapped(const struct place *place)
{
	return place->uid == NOBODY || place->gid == NOBODY;
}

/* Whose owner is nobody: on a bind mount without an id map, or of the kernel. */
static bool is_nobodys(const struct subject *subject, const struct place *place)
{
	uint32_t inside;

	return !subject->isolation.initial_userns &&
	       !idmap_inside(&subject->isolation.uid_map, place->uid, &inside);
}

/* A new file would be the process': the mount's map has to have a number for that on the disk. */
static void judge_new_owner(const struct subject *subject, const struct isolation_mount *mount,
			    struct finding *finding)
{
	const struct isolation_creds *creds = &subject->isolation.creds;
	uint32_t on_disk;

	if (mount->uid.count == 0) {
		finding_set(finding, subject, ANSWER_UNKNOWN, 0,
			    "this kernel doesn't show the id map of the mount on %s",
			    mount->info->target);
		return;
	}
	if (idmap_inside(&mount->uid, creds->uid[3], &on_disk) &&
	    idmap_inside(&mount->gid, creds->gid[3], &on_disk))
		return;
	finding_set(finding, subject, ANSWER_DENIES, EOVERFLOW,
		    "the id map of the mount on %s has no number for %s: nothing there could be "
		    "its own",
		    mount->info->target, says_person(subject));
	finding_fix(finding, subject, mount_origin(subject, mount),
		    "a map of that mount that has the process' ids");
}

static void deny_unmapped(const struct subject *subject, const struct isolation_mount *mount,
			  int error, const char *what, struct finding *finding)
{
	finding_set(finding, subject, ANSWER_DENIES, error,
		    "its owner is nobody in the id map of the mount on %s: nobody %s such files",
		    mount->info->target, what);
	finding_fix(finding, subject, mount_origin(subject, mount),
		    "a map of that mount that has the file's owner");
}

static void judge_mount_map(const struct subject *subject, const struct action *action,
			    const struct isolation_mount *mount, struct finding *finding)
{
	const struct lookup *lookup = subject->lookup;

	if (action->kind == ACTION_CREATE)
		judge_new_owner(subject, mount, finding);
	else if (action->kind == ACTION_REMOVE && lookup->entry_error == 0 &&
		 is_unmapped(&lookup->entry))
		deny_unmapped(subject, mount, EOVERFLOW, "removes", finding);
	if (finding->answer == ANSWER_NONE && action->access & ACCESS_WRITE &&
	    is_unmapped(object_of(subject)))
		deny_unmapped(subject, mount, EACCES, "writes to", finding);
}

void judge_ids(const struct subject *subject, const struct action *action, struct finding *finding)
{
	const struct place *object = object_of(subject);
	const struct isolation_mount *mount = mount_of(subject, object);

	if (!object)
		return;
	if (mount && mount->idmapped)
		judge_mount_map(subject, action, mount, finding);
	if (finding->answer != ANSWER_NONE)
		return;
	if (is_nobodys(subject, object)) {
		finding_set(
			finding, subject, ANSWER_ALLOWS, 0,
			"its owner is nobody in there (%u outside): no capability counts for it",
			object->uid);
		return;
	}
	finding_set(finding, subject, ANSWER_ALLOWS, 0, "its owner is somebody in there");
}

static const char *access_word(unsigned int access)
{
	return access == (ACCESS_WRITE | ACCESS_EXEC)   ? "wx"
	       : access & ACCESS_EXEC                   ? "x"
	       : access == (ACCESS_READ | ACCESS_WRITE) ? "rw"
	       : access & ACCESS_WRITE                  ? "w"
							: "r";
}

/* Below /proc/sys each table has a function of its own. */
static bool is_sysctl(const struct place *place)
{
	return place->fs == PROC_SUPER_MAGIC &&
	       strncmp(place->path, "/proc/sys/", strlen("/proc/sys/")) == 0;
}

/* A file that nobody may execute is none for its owner either, nor for who overrides modes. */
static bool is_no_program(const struct place *place, unsigned int access)
{
	return access & ACCESS_EXEC && S_ISREG(place->mode) && !(place->mode & 0111);
}

static void fix_nobodys(const struct subject *subject, const struct place *object,
			struct finding *finding)
{
	if (object->fs == SYSFS_MAGIC || object->fs == PROC_SUPER_MAGIC) {
		finding_fix(finding, subject, "linux.uidMappings[0]",
			    "root of the host alone may: do it there");
		return;
	}
	finding_fix(finding, subject, mount_origin(subject, mount_of(subject, object)), "%s",
		    fix_owner(subject, object));
}

static void fix_mode(const struct subject *subject, const struct place *object, unsigned int access,
		     struct finding *finding)
{
	const bool nobodys = is_nobodys(subject, object);

	if (is_no_program(object, access))
		finding_fix(finding, subject, NULL, "chmod a+x %s%s", says_path(subject, object),
			    nobodys ? ", on the host" : "");
	else if (nobodys)
		fix_nobodys(subject, object, finding);
	else
		finding_fix(finding, subject, "process.user", "chmod o+%s %s, or another owner",
			    access_word(access), says_path(subject, object));
}

/* Even root of the host: the inode of a namespace is immutable, too. */
static void deny_immutable(const struct subject *subject, const struct place *object,
			   struct finding *finding)
{
	const bool is_namespace = object->fs == NSFS_MAGIC;

	finding_set(finding, subject, ANSWER_DENIES, EPERM,
		    is_namespace ? "it is a namespace: nobody writes to it" : "it is immutable");
	finding_fix(finding, subject, NULL,
		    is_namespace ? "open it to read: setns(2) takes no more"
				 : "chattr -i, on the host");
}

void judge_mode(const struct subject *subject, const struct action *action, struct finding *finding)
{
	const struct place *object = object_of(subject);

	if (!object || is_sysctl(object))
		return;
	if (object->immutable && action->access & ACCESS_WRITE) {
		deny_immutable(subject, object, finding);
	} else if (rights_access(subject, object, action->access)) {
		finding_set(finding, subject, ANSWER_ALLOWS, 0, "%s; the process is %s%s",
			    says_owner(subject, object), says_person(subject),
			    rights_by_mode(subject, object, action->access)
				    ? ""
				    : " with CAP_DAC_OVERRIDE or CAP_DAC_READ_SEARCH");
	} else {
		finding_set(finding, subject, ANSWER_DENIES, EACCES,
			    "%s; the process is %s, and no capability of its gets past that",
			    says_owner(subject, object), says_person(subject));
		fix_mode(subject, object, action->access, finding);
	}
	if (finding->answer == ANSWER_ALLOWS && object->append_only &&
	    action->access & ACCESS_WRITE && action->kind != ACTION_CREATE &&
	    action->kind != ACTION_CONNECT_LOCAL) {
		finding_set(finding, subject, ANSWER_DENIES, EPERM, "it can only be appended to");
		finding_fix(finding, subject, NULL, "chattr -a, on the host");
	}
}
