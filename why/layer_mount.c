#include "why/judge.h"

#include "lib/mountinfo.h"
#include "lib/own.h"
#include "why/action.h"
#include "why/fix.h"
#include "why/says.h"
#include "why/subject.h"

#include <errno.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* What the flags of a mount and of its file system forbid, and what lies over a path. */

static bool is_device(const struct place *place)
{
	return S_ISCHR(place->mode) || S_ISBLK(place->mode);
}

/* What /proc/PID/fd and ns lead to: mounted nowhere. */
static bool is_kernels(const struct place *place)
{
	static const uint64_t kernels[] = {PIPEFS_MAGIC, SOCKFS_MAGIC, NSFS_MAGIC,
					   ANON_INODE_FS_MAGIC};

	for (size_t i = 0; i < ARRAY_SIZE(kernels); i++)
		if (place->fs == kernels[i])
			return true;
	return false;
}

/* Devices, pipes and sockets are written to without writing to the file system. */
static bool writes_to_it(const struct place *place, const struct action *action)
{
	return action->access & ACCESS_WRITE && (S_ISREG(place->mode) || S_ISDIR(place->mode));
}

static void deny_flag(const struct subject *subject, const struct isolation_mount *mount,
		      struct finding *finding, int error, const char *flag)
{
	const char *origin = mount_origin(subject, mount);

	finding_set(finding, subject, ANSWER_DENIES, error, "the mount on %s is %s",
		    mount->info->target, flag);
	finding_fix(finding, subject, origin, "take %s off the mount on %s", flag,
		    mount->info->target);
}

void judge_mount_flags(const struct subject *subject, const struct action *action,
		       struct finding *finding)
{
	const struct place *object = object_of(subject);
	const struct isolation_mount *mount = mount_of(subject, object);

	if (!object)
		return;
	if (is_kernels(object))
		return;
	if (!mount)
		finding_set(finding, subject, ANSWER_UNKNOWN, 0, "its mount could not be found");
	else if (is_device(object) && action->kind != ACTION_CONNECT_LOCAL &&
		 mountinfo_has(mount->info->options, "nodev"))
		deny_flag(subject, mount, finding, EACCES, "nodev");
	else if (action->kind == ACTION_EXEC && mountinfo_has(mount->info->options, "noexec"))
		deny_flag(subject, mount, finding, EACCES, "noexec");
	else if (writes_to_it(object, action) && mountinfo_has(mount->info->super_options, "ro"))
		finding_set(finding, subject, ANSWER_DENIES, EROFS,
			    "the whole file system on %s is read-only", mount->info->target);
	else if (action->name && mountinfo_has(mount->info->options, "ro"))
		judge_read_only(subject, action, finding); /* which a folder asks first */
	else
		finding_set(finding, subject, ANSWER_ALLOWS, 0, "the mount on %s is %s",
			    mount->info->target, mount->info->options);
}

/* Asked after mode and security module: get_write_access() comes at the end of an open. */
void judge_read_only(const struct subject *subject, const struct action *action,
		     struct finding *finding)
{
	const struct place *object = object_of(subject);
	const struct isolation_mount *mount = mount_of(subject, object);
	const char *origin = mount_origin(subject, mount);

	if (!object || !mount || !writes_to_it(object, action) ||
	    action->kind == ACTION_CONNECT_LOCAL || /* nothing is opened */
	    !mountinfo_has(mount->info->options, "ro"))
		return;
	deny_flag(subject, mount, finding, EROFS, "read-only");
	if (origin && strncmp(origin, "linux.readonlyPaths", strlen("linux.readonlyPaths")) == 0)
		finding_fix(finding, subject, origin, "%s",
			    fix_read_only(subject, mount->info->target));
	else if (origin && strcmp(origin, "root") == 0)
		finding_fix(finding, subject, "root.readonly", "root.readonly: false");
}

static bool is_null(const struct place *place)
{
	return S_ISCHR(place->mode) && place->device == makedev(1, 3);
}

/* The null device over something that isn't called so; a folder is one of the config's. */
static const char *cover_of(const struct subject *subject, const struct place *object,
			    const struct isolation_mount *mount)
{
	if (is_null(object) && strcmp(object->path, "/dev/null") != 0)
		return "the null device";
	return S_ISDIR(object->mode) && mount_masks(subject, mount) ? "an empty folder" : NULL;
}

void judge_mask(const struct subject *subject, const struct action *action, struct finding *finding)
{
	const struct place *object = object_of(subject);
	const struct isolation_mount *mount = mount_of(subject, object);
	const char *cover;

	if (!object || !mount || strcmp(mount->info->target, object->path) != 0)
		return;
	cover = cover_of(subject, object, mount);
	if (!cover)
		return;
	finding_set(finding, subject, ANSWER_HIDES, 0,
		    "%s is masked: %s lies over it, so nothing is read or kept",
		    says_path(subject, object), cover);
	finding_fix(finding, subject, mount_origin(subject, mount), "%s",
		    fix_mask(subject, mount->info->target));
}
