#include "oci/ext_mounts.h"

#include "lib/err.h"
#include "oci/annotations.h"
#include "oci/spec.h"

#include <criterion/criterion.h>

static int read_mounts(struct arena *arena, const struct oci_spec *spec, struct err *err)
{
	struct oci_mount_list list;

	return oci_mounts_read(arena, spec, &list, err);
}

static int read_passed(struct arena *arena, const struct oci_spec *spec, struct err *err)
{
	struct oci_passed_list list;

	return oci_passed_read(arena, spec, &list, err);
}

static int read_idmap(struct arena *arena, const struct oci_spec *spec, struct err *err)
{
	struct oci_rootfs_idmap idmap;

	return oci_rootfs_idmap_read(arena, spec->annotations.items[0].value, &idmap, err);
}

/* Who wrote an annotation by hand is told which item of it is wrong, and what in that. */
Test(ext_mounts, what_is_refused)
{
	static const struct {
		const char *name;
		int (*read)(struct arena *arena, const struct oci_spec *spec, struct err *err);
		const char *text, *why; /* NULL: it is not */
	} rows[] = {
		{ANNOTATION_MOUNTS, read_mounts, "[]", NULL},
		{ANNOTATION_MOUNTS, read_mounts, "{}", "org.pctrun.mounts"},
		{ANNOTATION_MOUNTS, read_mounts, "[{\"type\":\"proc\"}]",
		 "org.pctrun.mounts[0].destination"},
		{ANNOTATION_DEVICES, read_passed,
		 "[{\"path\":\"/dev/x\",\"type\":\"c\",\"major\":1,\"minor\":3}]", NULL},
		{ANNOTATION_DEVICES, read_passed,
		 "[{\"path\":\"/dev/x\",\"type\":\"c\",\"major\":1,\"minor\":4294967296}]",
		 "org.pctrun.devices[0].minor"},
		{ANNOTATION_DEVICES, read_passed,
		 "[{\"path\":\"/dev/x\",\"type\":\"c\",\"major\":1}]",
		 "org.pctrun.devices[0].minor"},
		{ANNOTATION_DEVICES, read_passed,
		 "[{\"path\":\"/dev/x\",\"type\":\"c\",\"major\":1,\"minor\":3,\"mode\":4096}]",
		 "org.pctrun.devices[0].mode"},
		{ANNOTATION_ROOTFS_IDMAP, read_idmap,
		 "{\"uidMappings\":[{\"containerID\":0,\"hostID\":1,\"size\":1}]}", "gidMappings"},
		{ANNOTATION_ROOTFS_IDMAP, read_idmap, "{\"uidMappings\":[],\"gidMappings\":[]}",
		 "maps no ids"},
		{ANNOTATION_ROOTFS_IDMAP, read_idmap,
		 "{\"uidMappings\":[{\"containerID\":0,\"hostID\":-1,\"size\":1}],"
		 "\"gidMappings\":[]}",
		 "uidMappings[0].hostID"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		struct oci_pair pair = {rows[i].name, rows[i].text};
		const struct oci_spec spec = {.annotations = {.count = 1, .items = &pair}};
		struct err err = {};
		const int r = rows[i].read(&arena, &spec, &err);

		cr_expect_eq(r, rows[i].why ? -EINVAL : 0, "row %zu: %s", i, err.what);
		if (rows[i].why)
			cr_expect(strstr(err.what, rows[i].why), "row %zu: %s", i, err.what);
	}
}
