#include "pve/facts/facts.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/text.h"
#include "pve/conf/conf.h"
#include "pve/facts/cpulist.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

Test(facts, cpulists)
{
	static const struct {
		const char *text;
		const char *written; /* NULL: refused */
	} rows[] = {
		{"0-3,7", "0-3,7"}, {"0,1,2", "0-2"}, {"5", "5"},    {"", ""},
		{"3-1", NULL},      {"1,1", NULL},    {"1,", NULL},  {"a", NULL},
		{"1-", NULL},       {"0-9000", NULL}, {"2,1", NULL}, {"1 2", NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct arena arena = {};
		struct cpulist list = {};
		int r = cpulist_read(&arena, rows[i].text, &list);

		cr_expect_eq(r, rows[i].written ? 0 : -EINVAL, "'%s'", rows[i].text);
		if (r == 0)
			cr_expect_str_eq(cpulist_write(&arena, &list), rows[i].written, "'%s'",
					 rows[i].text);
		arena_free(&arena);
	}
}

Test(facts, cpus_chosen)
{
	static const uint32_t random[] = {5, 3, 0, 99};
	static const struct {
		size_t wanted;
		const char *chosen;
	} rows[] = {{1, "5"}, {2, "4-5"}, {3, "2,4-5"}, {8, "0-7"}, {20, "0-7"}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct arena arena = {};
		struct cpulist list;

		cr_assert_eq(cpulist_read(&arena, "0-7", &list), 0);
		cpulist_choose(&list, rows[i].wanted, random);
		cr_expect_str_eq(cpulist_write(&arena, &list), rows[i].chosen, "%zu of 8",
				 rows[i].wanted);
		arena_free(&arena);
	}
}

/* ------------------------------------------------------------------------ from this very host */

struct place {
	char folder[64];
	struct arena arena;
	struct pve_conf conf;
};

static void put(struct place *place, const char *name, const char *text, size_t length)
{
	struct err err = {};

	cr_assert_eq(file_replace(AT_FDCWD,
				  arena_printf(&place->arena, "%s/%s", place->folder, name), text,
				  length, 0644, false, &err),
		     0, "%s", err.what);
}

static int resolve(void *data, struct arena *arena, const char *volume, const char **path,
		   struct err *err)
{
	const struct place *place = data;

	*path = arena_printf(arena, "%s/%s", place->folder, strchr(volume, ':') + 1);
	return 0;
}

static int gather(struct place *place, const char *text, struct pve_facts *facts, struct err *err)
{
	const struct pve_facts_request request = {.conf = &place->conf,
						  .bundle = "/run/x",
						  .etc = place->folder,
						  .resolve = resolve,
						  .data = place};

	cr_assert_eq(conf_read(&place->conf, "100", text, strlen(text), false, err), 0);
	return pve_facts_gather(&place->arena, &request, facts, err);
}

static void open_place(struct place *place)
{
	char image[2048] = {};

	*place = (struct place){.folder = "/tmp/pctrun-facts-XXXXXX"};
	cr_assert_not_null(mkdtemp(place->folder));
	memcpy(image + 1080, "\x53\xef", 2);
	put(place, "disk.raw", image, sizeof(image));
	put(place, "rules", "2\ndenylist\n", 11);
	mkdir(arena_printf(&place->arena, "%s/firewall", place->folder), 0755);
	put(place, "firewall/100.fw", "[OPTIONS]\nenable: 1\n", 20);
	mkdir(arena_printf(&place->arena, "%s/dir", place->folder), 0755);
	cr_assert_eq(symlink("dir", arena_printf(&place->arena, "%s/link", place->folder)), 0);
}

static void close_place(struct place *place)
{
	(void)remove_tree(AT_FDCWD, place->folder);
	conf_free(&place->conf);
	arena_free(&place->arena);
}

Test(facts, gathered)
{
	struct place place;
	struct pve_facts facts = {};
	struct err err = {};

	open_place(&place);
	cr_assert_eq(gather(&place,
			    arena_printf(&place.arena,
					 "cores: 1\nrootfs: local:disk.raw\nmp0: %s/dir/,mp=/d\n"
					 "dev0: /dev/null\nnet0: name=eth0,bridge=lo\n"
					 "net1: name=eth1,bridge=lo\n"
					 "lxc.seccomp: %s/rules\n"
					 "lxc.mount.entry: /nowhere x none bind,optional\n",
					 place.folder, place.folder),
			    &facts, &err),
		     0, "%s (%s)", err.what, err.origin);
	cr_expect_eq(pve_facts_volume(&facts, "rootfs")->kind, PVE_VOLUME_IMAGE);
	cr_expect_str_eq(pve_facts_volume(&facts, "rootfs")->fs, "ext4");
	cr_expect_eq(pve_facts_volume(&facts, "mp0")->kind, PVE_VOLUME_DIR);
	cr_expect(ends_with(pve_facts_volume(&facts, "mp0")->path, "/dir"), "the slash stayed");
	cr_expect_eq(pve_facts_device(&facts, "/dev/null")->minor, 3);
	cr_expect_neq(pve_facts_bridge(&facts, "lo")->mtu, 0);
	cr_expect(starts_with(pve_names_find(&facts.hwaddrs, "net0"), "BC:24:11:"));
	cr_expect_eq(strlen(pve_names_find(&facts.hwaddrs, "net0")), 17);
	cr_expect_str_neq(pve_names_find(&facts.hwaddrs, "net0"),
			  pve_names_find(&facts.hwaddrs, "net1"));
	cr_expect_str_eq(pve_names_find(&facts.absent, "/nowhere"), "ENOENT");
	cr_expect_eq(facts.files.count, 1);
	cr_expect_not_null(facts.cpus);
	close_place(&place);
}

Test(facts, not_there)
{
	static const struct {
		const char *line; /* %s: the place */
		int result;
		const char *origin;
	} rows[] = {
		{"rootfs: local:none.raw\n", -ENOENT, "rootfs: in 100.conf, line 1"},
		{"dev3: /dev/nothing\n", -ENOENT, "dev3: in 100.conf, line 1"},
		{"dev3: /dev/fd\n", -ENODEV, "dev3: in 100.conf, line 1"},
		{"\nmp1: %s/link,mp=/x\n", -ELOOP, "mp1: in 100.conf, line 2"},
		{"mp1: %s/rules,mp=/x\n", -ENOTDIR, "mp1: in 100.conf, line 1"},
		{"lxc.seccomp.profile: %s/none\n", -ENOENT,
		 "lxc.seccomp.profile: in 100.conf, line 1"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct place place;
		struct pve_facts facts = {};
		struct err err = {};
		const char *at = strstr(rows[i].line, "%s");
		const char *text = rows[i].line;
		int r;

		open_place(&place);
		if (at)
			text = arena_printf(&place.arena, "%.*s%s%s", (int)(at - rows[i].line),
					    rows[i].line, place.folder, at + 2);
		r = gather(&place, text, &facts, &err);
		cr_expect_eq(r, rows[i].result, "%s gave %d: %s", rows[i].line, r, err.what);
		cr_expect_str_eq(err.origin, rows[i].origin, "%s", rows[i].line);
		close_place(&place);
	}
}
