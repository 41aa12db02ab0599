#include "why/says.h"

#include "lib/arena.h"
#include "lib/mountinfo.h"
#include "lib/printable.h"
#include "lib/text.h"
#include "ns/cred.h"
#include "oci/spec.h"
#include "why/rights.h"
#include "why/subject.h"

#include <string.h>

struct arena *says_arena(const struct subject *subject)
{
	return (struct arena *)&subject->isolation.arena; /* is added to */
}

const char *says_path(const struct subject *subject, const struct place *place)
{
	return printable(says_arena(subject), place->path);
}

static const char *id_inside(const struct subject *subject, const struct idmap *map, uint32_t id)
{
	uint32_t inside = id;

	if (subject->isolation.initial_userns)
		return arena_printf(says_arena(subject), "%u", id);
	return idmap_inside(map, id, &inside)
		       ? arena_printf(says_arena(subject), "%u", inside)
		       : arena_printf(says_arena(subject), "nobody (%u outside)", id);
}

const char *says_owner(const struct subject *subject, const struct place *place)
{
	return arena_printf(says_arena(subject), "owner %s, group %s, mode %04o%s",
			    id_inside(subject, &subject->isolation.uid_map, place->uid),
			    id_inside(subject, &subject->isolation.gid_map, place->gid),
			    place->mode & 07777, place->acl_size ? " and an ACL" : "");
}

const char *says_person(const struct subject *subject)
{
	const struct isolation_creds *creds = &subject->isolation.creds;

	return arena_printf(says_arena(subject), "uid %s, gid %s",
			    id_inside(subject, &subject->isolation.uid_map, creds->uid[3]),
			    id_inside(subject, &subject->isolation.gid_map, creds->gid[3]));
}

const char *says_capability(const struct subject *subject, unsigned int cap, const char *over)
{
	if (!isolation_capable(&subject->isolation, cap))
		return arena_printf(says_arena(subject), "%s over %s is not in its effective set",
				    cap_name(cap), over);
	return arena_printf(says_arena(subject),
			    "its %s counts in its own user namespace, and %s belongs to another",
			    cap_name(cap), over);
}

const struct isolation_mount *mount_of(const struct subject *subject, const struct place *place)
{
	const struct isolation *isolation = &subject->isolation;

	for (size_t i = 0; place && i < isolation->mount_count; i++)
		if (isolation->mounts[i].info->id == place->mount)
			return &isolation->mounts[i];
	return place && subject->root_mount.info && subject->root_mount.info->id == place->mount
		       ? &subject->root_mount
		       : NULL;
}

const struct place *object_of(const struct subject *subject)
{
	const struct lookup *lookup = subject->lookup;

	return lookup && lookup->error == 0 && lookup->count ? &lookup->places[lookup->count - 1]
							     : NULL;
}

static const char *listed(const struct subject *subject, const struct oci_strings *paths,
			  const char *name, const char *target)
{
	for (size_t i = paths->count; i-- > 0;)
		if (strcmp(paths->items[i], target) == 0)
			return arena_printf(says_arena(subject), "%s[%zu]", name, i);
	return NULL;
}

/* In the order in which they lie over each other. */
const char *mount_origin(const struct subject *subject, const struct isolation_mount *mount)
{
	const struct oci_spec *spec = subject->spec;
	const char *target = mount ? mount->info->target : NULL, *found;

	if (!spec || !mount)
		return NULL;
	found = listed(subject, &spec->linux.masked_paths, "linux.maskedPaths", target);
	if (!found)
		found = listed(subject, &spec->linux.readonly_paths, "linux.readonlyPaths", target);
	for (size_t i = spec->mounts.count; !found && i-- > 0;)
		if (strcmp(spec->mounts.items[i].destination, target) == 0)
			found = arena_printf(says_arena(subject), "mounts[%zu]", i);
	if (!found && strcmp(target, "/") == 0)
		found = "root";
	return found;
}

bool mount_masks(const struct subject *subject, const struct isolation_mount *mount)
{
	const char *origin = mount_origin(subject, mount);

	return origin && starts_with(origin, "linux.maskedPaths");
}
