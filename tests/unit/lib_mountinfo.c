#include "lib/mountinfo.h"

#include <criterion/criterion.h>

static const char text[] =
	"21 26 0:20 / /proc rw,relatime - proc proc rw\n"
	"22 26 8:1 /srv/a\\040b /media ro,nosuid shared:7 master:3 - ext4 /dev/sda1 rw,discard\n"
	"no line of mountinfo\n"
	"23 22 0:31 / /media rw - tmpfs none rw,size=4k\n";

Test(lib_mountinfo, fields)
{
	cleanup_(arena_free) struct arena arena = {};
	const struct mountinfo *list = mountinfo_parse(&arena, text);
	const struct mountinfo *bind = list->next;

	cr_expect_str_eq(list->target, "/proc");
	cr_expect_str_eq(list->propagation, "");
	cr_expect_str_eq(bind->root, "/srv/a b", "escapes");
	cr_expect_str_eq(bind->propagation, "shared:7 master:3");
	cr_expect_str_eq(bind->source, "/dev/sda1");
	cr_expect_str_eq(bind->super_options, "rw,discard");
	cr_expect_eq(bind->major, 8);
	cr_expect_str_eq(mountinfo_find(list, "/media")->type, "tmpfs", "the topmost");
	cr_expect_null(mountinfo_find(list, "/med"));
}

Test(lib_mountinfo, hidden)
{
	static const char tree[] = "10 1 0:1 / / rw - ext4 root rw\n"
				   "11 10 0:2 / /srv/a/b rw - tmpfs hidden-below rw\n"
				   "12 10 0:3 / /srv/a rw - ext4 over rw\n"
				   "13 12 0:4 / /srv/a/c rw - tmpfs seen rw\n"
				   "14 10 0:5 / /srv/ab rw - tmpfs beside rw\n"
				   "15 11 0:6 / /srv/a/b/d rw - tmpfs hidden-with-it rw\n"
				   "16 10 0:7 / /data rw - tmpfs below rw\n"
				   "17 16 0:8 / /data/x rw - tmpfs hidden-by-its-own rw\n"
				   "18 16 0:9 / /data rw - tmpfs top rw\n";
	static const struct {
		const char *target, *over;
	} rows[] = {
		{"/", NULL},
		{"/srv/a", NULL},
		{"/srv/a/b", "/srv/a"},
		{"/srv/a/b/d", "/srv/a"},
		{"/srv/a/c", NULL},
		{"/srv/ab", NULL},
		{"/data", NULL},
		{"/data/x", "/data"},
	};
	cleanup_(arena_free) struct arena arena = {};
	const struct mountinfo *list = mountinfo_parse(&arena, tree);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct mountinfo *over =
			mountinfo_hidden(list, mountinfo_find(list, rows[i].target));

		cr_expect_eq(!over, !rows[i].over, "%s", rows[i].target);
		if (over && rows[i].over)
			cr_expect_str_eq(over->target, rows[i].over, "%s", rows[i].target);
	}
}

Test(lib_mountinfo, options)
{
	static const struct {
		const char *options, *word;
		bool has;
	} rows[] = {
		{"ro,nosuid", "ro", true},          {"ro,nosuid", "nosuid", true},
		{"rw,nosuid", "suid", false},       {"rw,relatime", "r", false},
		{"errors=remount-ro", "ro", false}, {"", "ro", false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		cr_expect_eq(mountinfo_has(rows[i].options, rows[i].word), rows[i].has, "%s in %s",
			     rows[i].word, rows[i].options);
}
