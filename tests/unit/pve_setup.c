#include "lib/arena.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/process.h"
#include "lib/text.h"
#include "pve/conf/conf.h"
#include "pve/setup/setup.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* tests/data/setup-NAME/ holds 100.conf, in/ (a guest's files), out/ (what they have to be after
 * create and two starts) and warnings.txt. PCTRUN_WRITE_CASES=1 writes the last two anew. */

static const char host_resolv[] = "search host.example\nnameserver 192.0.2.53\n";

static const char *read_text(struct arena *arena, const char *folder, const char *name,
			     size_t *length)
{
	const char *text = "";

	*length = 0;
	(void)file_read(arena, AT_FDCWD, arena_printf(arena, "%s/%s", folder, name), 0, &text,
			length, NULL); /* absent: "" */
	return text;
}

/* With $1 the case's folder and $2 the copy of its tree. Return: whether it went well. */
static bool shell(const char *script, const char *folder, const char *copy, struct text *output)
{
	const char *const argv[] = {"sh", "-ec", script, "sh", folder, copy, NULL};

	return process_run(argv, output, NULL) == 0;
}

static void add_line(void *data, const char *line)
{
	text_addf(data, "%s\n", line);
}

static void set_up(struct arena *arena, const char *folder, const char *copy, struct text *said)
{
	struct err err = {};
	struct pve_conf conf;
	size_t length;
	const char *text = read_text(arena, folder, "100.conf", &length);
	int root_fd = open(copy, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct setup setup = {.root_fd = root_fd,
			      .conf = &conf,
			      .uid = geteuid(),
			      .gid = getegid(),
			      .resolv_conf = host_resolv,
			      .timezone = "Europe/Vienna",
			      .warn = add_line,
			      .warn_data = said};
	const struct setup_first first = {.keys = "ssh-ed25519 AAAA me"};
	cleanup_(text_free) struct text again = {};

	cr_assert_geq(root_fd, 0);
	cr_assert_eq(conf_read(&conf, "100", text, length, false, &err), 0);
	cr_assert_eq(setup_ostype(root_fd, &setup.ostype, &err), 0, "%s: %s", folder, err.what);
	if (conf_find(&conf.main, "ostype"))
		setup.ostype = conf_find(&conf.main, "ostype")->value;
	cr_assert_eq(setup_create(&setup, &first, &err), 0, "%s: %s", folder, err.what);
	setup.warn_data = &again;
	for (int i = 0; i < 2; i++)
		cr_assert_eq(setup_start(&setup, &err), 0, "%s: %s", folder, err.what);
	conf_free(&conf);
	close_fd(root_fd);
}

static void check_case(const char *folder)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text said = {};
	cleanup_(text_free) struct text diff = {};
	char copy[] = "/tmp/pctrun-setup.XXXXXX";
	size_t length;

	cr_assert_not_null(mkdtemp(copy));
	cr_assert(shell("cp -a \"$1\"/in/. \"$2\"", folder, copy, NULL), "%s", folder);
	set_up(&arena, folder, copy, &said);
	cr_assert(shell("find \"$1\" -type d -empty -delete", copy, NULL, NULL)); /* git has none */
	if (getenv("PCTRUN_WRITE_CASES")) {
		cr_assert(shell("rm -rf \"$1\"/out; cp -a \"$2\" \"$1\"/out; chmod 755 \"$1\"/out",
				folder, copy, NULL));
		cr_assert_eq(file_replace(AT_FDCWD, arena_printf(&arena, "%s/warnings.txt", folder),
					  text_str(&said), said.length, 0644, false, NULL),
			     0);
	}
	/* Git keeps no empty folders. */
	cr_assert(shell("find \"$1\"/out \"$2\" -mindepth 1 -type d -empty -delete", folder, copy,
			NULL));
	cr_expect(shell("diff -ru --no-dereference \"$1\"/out \"$2\"", folder, copy, &diff),
		  "%s:\n%s", folder, text_str(&diff));
	cr_expect_str_eq(text_str(&said), read_text(&arena, folder, "warnings.txt", &length), "%s",
			 folder);
	(void)remove_tree(AT_FDCWD, copy); /* in /tmp anyway */
}

Test(pve_setup, folders)
{
	glob_t found;

	cr_assert_eq(glob("tests/data/setup-*", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		check_case(found.gl_pathv[i]);
	globfree(&found);
	cr_expect_lt(access("/tmp/pctrun-setup-escaped", F_OK), 0, "a link led out of the root");
}

/* A file like it should be keeps its inode: a start writes nothing to an unchanged guest. */
Test(pve_setup, unchanged_files_are_not_written)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text before = {};
	cleanup_(text_free) struct text after = {};
	cleanup_(text_free) struct text said = {};
	static const char folder[] = "tests/data/setup-debian12";
	static const char list[] = "cd \"$2\"; find . -type f -printf '%p %i %C@\\n' | sort";
	char copy[] = "/tmp/pctrun-setup.XXXXXX";

	cr_assert_not_null(mkdtemp(copy));
	cr_assert(shell("cp -a \"$1\"/in/. \"$2\"", folder, copy, NULL));
	set_up(&arena, folder, copy, &said);
	cr_assert(shell("find \"$1\" -type d -empty -delete", copy, NULL, NULL)); /* git has none */
	cr_assert(shell(list, folder, copy, &before));
	set_up(&arena, folder, copy, &said);
	cr_assert(shell("find \"$1\" -type d -empty -delete", copy, NULL, NULL)); /* git has none */
	cr_assert(shell(list, folder, copy, &after));
	cr_expect_str_eq(text_str(&before), text_str(&after));
	(void)remove_tree(AT_FDCWD, copy);
}

Test(pve_setup, jobs_are_spread)
{
	static const char crontab[] =
		"SHELL=/bin/sh\n99 * * * * root run hourly\n99 6 * * * alice x\n";
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text said = {};
	char copy[] = "/tmp/pctrun-setup.XXXXXX";
	unsigned int minute = 99;
	const char *text;
	size_t length;

	cr_assert_not_null(mkdtemp(copy));
	cr_assert(shell("cp -a \"$1\"/in/. \"$2\"", "tests/data/setup-debian12", copy, NULL));
	cr_assert_eq(file_replace(AT_FDCWD, arena_printf(&arena, "%s/etc/crontab", copy), crontab,
				  strlen(crontab), 0644, false, NULL),
		     0);
	set_up(&arena, "tests/data/setup-debian12", copy, &said);
	text = read_text(&arena, copy, "etc/crontab", &length);
	cr_assert_eq(sscanf(text, "SHELL=/bin/sh\n%u * * * * root run hourly\n", &minute), 1, "%s",
		     text);
	cr_expect_lt(minute, 59);
	cr_expect_not_null(strstr(text, "\n99 6 * * * alice x\n"));
	(void)remove_tree(AT_FDCWD, copy);
}

/* What is too old, or not there yet, is not written to by guess. */
Test(pve_setup, unsupported_releases_are_refused)
{
	static const struct {
		const char *ostype, *path, *text;
		bool supported;
	} rows[] = {
		{"centos", "etc/redhat-release", "CentOS Linux release 8.5.2111\n", true},
		{"centos", "etc/redhat-release", "CentOS release 4.9 (Final)\n", false},
		{"centos", "etc/redhat-release", "Rocky Linux release 11.0\n", false},
		{"debian", "etc/debian_version", "3.1\n", false},
		{"debian", "etc/debian_version", "forky/sid\n", true},
		{"fedora", "etc/os-release", "ID=fedora\nVERSION_ID=21\n", false},
		{"fedora", "etc/os-release", "ID=fedora\nVERSION_ID=43\n", true},
		{"opensuse", "etc/os-release", "ID=x\nVERSION_ID=\"16.0\"\n", true},
		{"opensuse", "etc/os-release", "ID=x\nVERSION_ID=\"13.2\"\n", true},
		{"opensuse", "etc/os-release", "ID=x\nVERSION_ID=\"13.3\"\n", false},
		{"opensuse", "etc/os-release", "ID=x\nVERSION_ID=\"42.3\"\n", true},
		{"opensuse", "etc/os-release", "ID=x\nVERSION_ID=\"20160101\"\n", false},
		{"opensuse", "etc/os-release", "ID=x\nVERSION_ID=\"20170101\"\n", true},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		char copy[] = "/tmp/pctrun-setup.XXXXXX";
		struct pve_conf conf;
		struct err err = {};
		struct setup setup = {.conf = &conf, .ostype = rows[i].ostype};
		int r;

		cr_assert_not_null(mkdtemp(copy));
		cr_assert(shell("mkdir \"$2\"/etc", rows[i].path, copy, NULL));
		cr_assert_eq(file_replace(AT_FDCWD,
					  arena_printf(&arena, "%s/%s", copy, rows[i].path),
					  rows[i].text, strlen(rows[i].text), 0644, false, NULL),
			     0);
		cr_assert_eq(conf_read(&conf, "100", "", 0, false, &err), 0);
		setup.uid = geteuid();
		setup.gid = getegid();
		setup.root_fd = open(copy, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		r = setup_start(&setup, &err);
		cr_expect_eq(r, rows[i].supported ? 0 : -EINVAL, "%s: %d", rows[i].text, r);
		cr_expect_eq(access(arena_printf(&arena, "%s/fastboot", copy), F_OK) == 0,
			     rows[i].supported, "%s", rows[i].text);
		conf_free(&conf);
		close_fd(setup.root_fd);
		(void)remove_tree(AT_FDCWD, copy); /* in /tmp anyway */
	}
}
