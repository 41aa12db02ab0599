#include "lib/err.h"
#include "pve/storage/storage.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

static const char cfg[] =
	"# comment\ndir: fast\n\tpath /srv/fast\n\tcontent rootdir\n\tprune-backups keep-last=3\n\n"
	"dir: off\n\tpath /srv/off\n\tdisable\n\ndir: on\n\tpath /srv/on\n\tdisable 0\n\n"
	"lvm: vg\n\tvgname vg\n\n"
	"dir: away\n\tpath /srv/away\n\tnodes one,two\n\n"
	"dir: here\n\tpath /srv/here\n\tnodes one,this\n\n"
	"dir: gone\n\tpath /srv/gone\n\tis_mountpoint yes\n\n"
	"dir: always\n\tpath /srv/always\n\tis_mountpoint /proc\n\n"
	"nfs: net\n\tpath /mnt/pve/no-such\n\tserver a\n\texport /b\n\n"
	"dir: dirs\n\tpath /srv/dirs\n\tcontent-dirs images=disks,vztmpl=t\n\n"
	"BTRFS: b\n\tpath /srv/b\n";

static const struct {
	const char *volume;
	const char *path; /* NULL: an error */
	int num;
} paths[] = {
	{"local:100/vm-100-disk-0.raw", "/vz/images/100/vm-100-disk-0.raw", 0},
	{"fast:7/subvol-7-disk-1.subvol", "/srv/fast/images/7/subvol-7-disk-1.subvol", 0},
	{"local:vztmpl/debian.tar.zst", "/vz/template/cache/debian.tar.zst", 0},
	{"local:100/../../etc", NULL, -EINVAL},
	{"local:100/..", NULL, -EINVAL},
	{"local:vztmpl/../x", NULL, -EINVAL},
	{"local:x", NULL, -EINVAL},
	{"no-such:100/a.raw", NULL, -ENOENT},
	{"off:100/a.raw", NULL, -EPERM},
	{"vg:100/a.raw", NULL, -EOPNOTSUPP},
	{"on:100/a.raw", "/srv/on/images/100/a.raw", 0},
	{"away:100/a.raw", NULL, -EPERM},
	{"here:100/a.raw", "/srv/here/images/100/a.raw", 0},
	{"gone:100/a.raw", NULL, -ENODEV},
	{"always:100/a.raw", "/srv/always/images/100/a.raw", 0},
	{"net:100/a.raw", NULL, -ENODEV},
	{"dirs:100/a.raw", "/srv/dirs/disks/100/a.raw", 0},
	{"dirs:vztmpl/a.tar", "/srv/dirs/t/a.tar", 0},
	{"dirs:iso/a.iso", "/srv/dirs/template/iso/a.iso", 0},
	{"local:images/a.raw", NULL, -EINVAL},
	{"b:100/vm-100-disk-0.raw", "/srv/b/images/100/vm-100-disk-0/disk.raw", 0},
	{"b:100/subvol-100-disk-0.subvol", "/srv/b/images/100/subvol-100-disk-0.subvol", 0},
	{"b:90/base-90-disk-0.raw/100/vm-100-disk-1.raw",
	 "/srv/b/images/100/vm-100-disk-1/disk.raw", 0},
	{"b:90/base-90-disk-0.raw/100/..", NULL, -EINVAL},
	{"b:90//100/a.raw", NULL, -EINVAL},
	{"b:100/...raw", NULL, -EINVAL},
	{"b:100/.raw", NULL, -EINVAL},
};

Test(pve_storage, paths)
{
	cleanup_(arena_free) struct arena arena = {};
	struct storages storages;

	cr_assert_eq(storage_parse(&arena, cfg, "/vz", &storages, NULL), 0);
	storages.node = "this";
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		struct err err = {};
		const char *path = NULL;
		int r = storage_path(&arena, &storages, paths[i].volume, &path, &err);

		cr_expect_eq(r, paths[i].num, "%s: %d", paths[i].volume, r);
		if (r == 0)
			cr_expect_str_eq(path, paths[i].path);
	}
}

Test(pve_storage, bad_line)
{
	cleanup_(arena_free) struct arena arena = {};
	struct storages storages;
	struct err err = {};

	cr_assert_eq(storage_parse(&arena, "dir: a\n\tpath /a\nnonsense\n", "/vz", &storages, &err),
		     -EINVAL);
	cr_assert_not_null(strstr(err.what, "line 3"), "%s", err.what);
}

static const struct {
	const char *volume;
	const char *base; /* its name as a base image */
	enum volume_feature feature;
	const char *snapshot;
	bool can;
} abilities[] = {
	{"fast:100/vm-100-disk-0.raw", "fast:100/base-100-disk-0.raw", VOLUME_SNAPSHOT, NULL,
	 false},
	{"fast:100/subvol-100-disk-0.subvol", "fast:100/base-100-disk-0.subvol", VOLUME_CLONE, NULL,
	 false},
	{"fast:100/vm-100-disk-0.raw", "fast:100/base-100-disk-0.raw", VOLUME_TEMPLATE, NULL, true},
	{"fast:100/base-100-disk-0.raw", "fast:100/base-100-disk-0.raw", VOLUME_TEMPLATE, NULL,
	 false},
	{"b:100/vm-100-disk-0.raw", "b:100/base-100-disk-0.raw", VOLUME_SNAPSHOT, NULL, true},
	{"b:100/base-100-disk-0.raw", "b:100/base-100-disk-0.raw", VOLUME_SNAPSHOT, NULL, false},
	{"b:100/base-100-disk-0.raw", "b:100/base-100-disk-0.raw", VOLUME_CLONE, NULL, true},
	{"b:100/vm-100-disk-0.raw", "b:100/base-100-disk-0.raw", VOLUME_CLONE, "snap", true},
	{"b:100/vm-100-disk-0.raw", "b:100/base-100-disk-0.raw", VOLUME_RENAME, "snap", false},
	{"vg:100/vm-100-disk-0", "vg:100/base-100-disk-0", VOLUME_CLONE, NULL, false},
};

Test(pve_storage, abilities)
{
	cleanup_(arena_free) struct arena arena = {};
	struct storages storages;

	cr_assert_eq(storage_parse(&arena, cfg, "/vz", &storages, NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(abilities); i++) {
		const char *name = NULL;

		cr_expect_eq(storage_can(&storages, abilities[i].volume, abilities[i].feature,
					 abilities[i].snapshot),
			     abilities[i].can, "%zu: %s", i, abilities[i].volume);
		cr_assert_eq(storage_name_base(&arena, &storages, abilities[i].volume, &name, NULL),
			     0);
		cr_expect_str_eq(name, abilities[i].base);
	}
}
