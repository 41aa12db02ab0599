#include "lib/err.h"
#include "pve/storage.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

static const char cfg[] = "# comment\ndir: fast\n\tpath /srv/fast\n\tcontent rootdir\n\n"
			  "dir: off\n\tpath /srv/off\n\tdisable\n\nlvm: vg\n\tvgname vg\n";

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
};

Test(pve_storage, paths)
{
	cleanup_(arena_free) struct arena arena = {};
	struct storages storages;

	cr_assert_eq(storage_parse(&arena, cfg, "/vz", &storages, NULL), 0);
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
