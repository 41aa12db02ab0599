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
