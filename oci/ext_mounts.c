#include "oci/ext_mounts.h"

#include "lib/err.h"
#include "oci/annotations.h"
#include "oci/spec_members.h"

#include <string.h>

static const struct member passed_members[] = {
	MEMBER("path", STRING, oci_passed, path, .required = true),
	MEMBER("type", STRING, oci_passed, type, .required = true),
	MEMBER("major", U32, oci_passed, major, .required = true),
	MEMBER("minor", U32, oci_passed, minor, .required = true),
	MEMBER("mode", OPT_U64, oci_passed, mode, .limit = 07777),
	MEMBER("uid", U32, oci_passed, uid),
	MEMBER("gid", U32, oci_passed, gid),
	MEMBER("origin", STRING, oci_passed, origin),
	{},
};

static const struct member rootfs_idmap_members[] = {
	LIST("uidMappings", oci_rootfs_idmap, uid, oci_id_mapping_members, .required = true),
	LIST("gidMappings", oci_rootfs_idmap, gid, oci_id_mapping_members, .required = true),
	{},
};

int oci_mounts_read(struct arena *arena, const struct oci_spec *spec, struct oci_mount_list *list,
		    struct err *err)
{
	const char *text = oci_map_find(&spec->annotations, ANNOTATION_MOUNTS);

	*list = (struct oci_mount_list){};
	return text ? members_read_list(arena, oci_mount_members, sizeof(*list->items),
					ANNOTATION_MOUNTS, text, list, err)
		    : 0;
}

int oci_passed_read(struct arena *arena, const struct oci_spec *spec, struct oci_passed_list *list,
		    struct err *err)
{
	const char *text = oci_map_find(&spec->annotations, ANNOTATION_DEVICES);

	*list = (struct oci_passed_list){};
	return text ? members_read_list(arena, passed_members, sizeof(*list->items),
					ANNOTATION_DEVICES, text, list, err)
		    : 0;
}

int oci_rootfs_idmap_read(struct arena *arena, const char *text, struct oci_rootfs_idmap *idmap,
			  struct err *err)
{
	int r;

	*idmap = (struct oci_rootfs_idmap){};
	r = members_read_text(arena, rootfs_idmap_members, ANNOTATION_ROOTFS_IDMAP, text,
			      strlen(text), idmap, err);
	if (r == 0 && (!idmap->uid.count || !idmap->gid.count))
		return err_plain(err, -EINVAL, ANNOTATION_ROOTFS_IDMAP ": maps no ids");
	return r;
}

char *oci_mounts_write(const struct oci_mount_list *list)
{
	return members_write_list(oci_mount_members, sizeof(*list->items), list);
}

char *oci_passed_write(const struct oci_passed_list *list)
{
	return members_write_list(passed_members, sizeof(*list->items), list);
}

char *oci_rootfs_idmap_write(const struct oci_rootfs_idmap *idmap)
{
	return members_write_text(rootfs_idmap_members, idmap, false);
}
