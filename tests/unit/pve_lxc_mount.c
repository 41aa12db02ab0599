#include "pve/lxc/mount.h"

#include "lib/err.h"
#include "lib/text.h"

#include <criterion/criterion.h>

static void add_list(struct text *text, const char *name, const struct oci_strings *strings)
{
	for (size_t i = 0; i < strings->count; i++)
		text_addf(text, "%s%s", i ? "," : name, strings->items[i]);
}

static const char *as_text(const struct lxc_mount *mount, struct text *text)
{
	text_addf(text, "%s %s %s", mount->mount.source, mount->mount.destination,
		  mount->mount.type);
	add_list(text, " ", &mount->mount.options);
	add_list(text, " extras ", &mount->extras);
	add_list(text, " ignored ", &mount->ignored);
	if (mount->idmap)
		text_addf(text, " idmap %s", mount->idmap);
	return text_str(text);
}

Test(lxc_mount, entries)
{
	static const struct {
		const char *line;
		const char *mount; /* NULL: refused */
		bool absolute;
	} rows[] = {
		{"/dev/fuse dev/fuse none bind,create=file 0 0",
		 "/dev/fuse /dev/fuse bind bind extras create=file,no-symlinks"},
		{"/dev/dri dev/dri none bind,optional,create=dir",
		 "/dev/dri /dev/dri bind bind extras optional,create=dir,no-symlinks"},
		{"shm dev/shm tmpfs rw,nosuid,nodev,create=dir 0 0",
		 "shm /dev/shm tmpfs rw,nosuid,nodev extras create=dir,no-symlinks"},
		{"/a\\040b  c\\011d\tnone rbind,ro 0",
		 "/a b /c\td bind rbind,ro extras no-symlinks"},
		{"/a /b none bind", "/a /b bind bind extras no-symlinks", true},
		{"/a b none bind,idmap=container",
		 "/a /b bind bind extras no-symlinks idmap container"},
		{"t t tmpfs defaults,,sync,size=1m,rootcontext=x",
		 "t /t tmpfs size=1m,rootcontext=x extras no-symlinks ignored sync"},
		{"/a ../b none bind", NULL},
		{"/a b/../../c none bind", NULL},
		{"/a b/..c none bind", "/a /b/..c bind bind extras no-symlinks"},
		{"/a b none", NULL},
		{"", NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(text_free) struct text text = {};
		struct arena arena = {};
		struct lxc_mount mount = {};
		struct err err = {};
		int r = lxc_mount_read(&arena, rows[i].line, &mount, &err);

		cr_expect_eq(r, rows[i].mount ? 0 : -EINVAL, "'%s' gave %d %s", rows[i].line, r,
			     err.what);
		if (r == 0)
			cr_expect_str_eq(as_text(&mount, &text), rows[i].mount, "'%s'",
					 rows[i].line);
		cr_expect_eq(mount.absolute, rows[i].absolute, "'%s'", rows[i].line);
		arena_free(&arena);
	}
}

Test(lxc_mount, automounts)
{
	static const struct {
		const char *values[3];
		int result;
		enum lxc_auto proc, sys, cgroup;
	} rows[] = {
		{{"cgroup:mixed proc:mixed sys:mixed"},
		 0,
		 LXC_AUTO_MIXED,
		 LXC_AUTO_MIXED,
		 LXC_AUTO_MIXED},
		{{"proc sys cgroup"}, 0, LXC_AUTO_MIXED, LXC_AUTO_MIXED, LXC_AUTO_MIXED},
		{{"proc:mixed cgroup:mixed", "sys:rw", "sys:mixed"},
		 0,
		 LXC_AUTO_MIXED,
		 LXC_AUTO_MIXED,
		 LXC_AUTO_MIXED},
		{{"proc:mixed sys:mixed cgroup", "proc:rw sys:rw"},
		 0,
		 LXC_AUTO_RW,
		 LXC_AUTO_RW,
		 LXC_AUTO_MIXED},
		{{"proc sys cgroup", ""}, 0, LXC_AUTO_NONE, LXC_AUTO_NONE, LXC_AUTO_NONE},
		{{"proc:ro"}, -EINVAL, LXC_AUTO_NONE, LXC_AUTO_NONE, LXC_AUTO_NONE},
		{{"sys:rw proc:nope"}, -EINVAL, LXC_AUTO_NONE, LXC_AUTO_NONE, LXC_AUTO_NONE},
		{{"cgroup-full:rw"}, -EINVAL, LXC_AUTO_NONE, LXC_AUTO_NONE, LXC_AUTO_NONE},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct arena arena = {};
		struct lxc_automount got = {};
		struct err err = {};
		int r = 0;

		for (size_t j = 0; r == 0 && j < 3 && rows[i].values[j]; j++)
			r = lxc_automount_read(&arena, rows[i].values[j], &got, &err);
		cr_expect_eq(r, rows[i].result, "row %zu: %d %s", i, r, err.what);
		cr_expect_eq(got.proc, rows[i].proc, "row %zu: proc %d", i, got.proc);
		cr_expect_eq(got.sys, rows[i].sys, "row %zu: sys %d", i, got.sys);
		cr_expect_eq(got.cgroup, rows[i].cgroup, "row %zu: cgroup %d", i, got.cgroup);
		arena_free(&arena);
	}
}
