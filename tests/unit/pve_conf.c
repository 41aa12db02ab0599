#include "pve/conf/conf.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/text.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <glob.h>
#include <string.h>

static void conf_parse(struct pve_conf *conf, const char *text)
{
	struct err err = {};

	cr_assert_eq(conf_read(conf, "100", text, strlen(text), false, &err), 0, "%s", err.what);
}

static const char *case_file(struct arena *arena, const char *folder, const char *name)
{
	const char *path = arena_printf(arena, "%s/%s", folder, name);
	const char *text = NULL;
	struct err err = {};

	cr_assert_eq(file_read(arena, AT_FDCWD, path, 0, &text, NULL, &err), 0, "%s", err.what);
	return text;
}

static const char *all_warnings(struct pve_conf *conf)
{
	cleanup_(text_free) struct text out = {};

	for (const struct pve_warning *at = conf->warnings; at; at = at->next)
		text_addf(&out, "%s\n", conf_warning_text(&conf->arena, conf, at));
	return arena_strdup(&conf->arena, text_str(&out));
}

/* Text is kept as written, warnings have their line, writing again changes nothing. */
static void case_check(const char *folder, const char *path)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(conf_free) struct pve_conf conf = {}, again = {};
	cleanup_(text_free) struct text out = {}, twice = {};
	const char *name = strrchr(path, '/') + 1;
	const char *id = arena_strndup(&arena, name, strlen(name) - strlen(".conf"));
	const char *text = case_file(&arena, folder, name);
	struct err err = {};

	cr_assert_eq(conf_read(&conf, id, text, strlen(text), false, &err), 0, "%s", err.what);
	cr_assert_eq(conf_write(&conf, &out, &err), 0, "%s: %s", folder, err.what);
	cr_expect_str_eq(text_str(&out), case_file(&arena, folder, "written.conf"), "%s: %s",
			 folder, text_str(&out));
	cr_expect_str_eq(all_warnings(&conf), case_file(&arena, folder, "warnings.txt"), "%s: %s",
			 folder, all_warnings(&conf));
	cr_assert_eq(conf_read(&again, id, text_str(&out), out.length, false, &err), 0);
	cr_assert_eq(conf_write(&again, &twice, &err), 0);
	cr_expect_str_eq(text_str(&twice), text_str(&out), "%s: a second time", folder);
}

Test(conf, cases)
{
	glob_t found = {};

	cr_assert_eq(glob("tests/data/pve-conf-*/[0-9]*.conf", 0, NULL, &found), 0);
	cr_assert_geq(found.gl_pathc, 11);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		cleanup_(arena_free) struct arena arena = {};
		const char *path = found.gl_pathv[i];

		case_check(arena_strndup(&arena, path, strrchr(path, '/') - path), path);
	}
	globfree(&found);
}

Test(conf, lines)
{
	static const struct {
		const char *text;
		const char *written;
	} rows[] = {
		{"", ""},
		{"\n \t\n", ""},
		{"memory:512", "memory: 512\n"},
		{"memory: 512", "memory: 512\n"},
		{"memory: 0007\n", "memory: 7\n"},
		{"memory: 000\n", "memory: 0\n"},
		{"memory : 512\n", ""},
		{" memory: 512\n", ""},
		{"Memory: 512\n", ""},
		{"mem-x: 1\n", ""},
		{"memory: 1\nmemory: 2\n", "memory: 2\n"},
		{"foo:\n", ""},
		{"entrypoint: \n", "entrypoint:  \n"},
		{"entrypoint:   \t\n", "entrypoint: \t\n"},
		{"foo: # bar \n", "foo: # bar\n"},
		{"net32: x\nmp256: x\n", "mp256: x\nnet32: x\n"},
		{"digest: x\nsnapshots: x\nlxc: x\n", ""},
		{"\xef\xbb\xbf"
		 "arch: amd64\n",
		 ""},
		{"unprivileged: yes\nconsole: OFF\n", "console: 0\nunprivileged: 1\n"},
		{"#\n", ""},
		{"#\n#a\n#\n", "#\n#a\n"},
		{"#a%0Ab\n", "#a\n#b\n"},
		{"arch: amd64\n# tail", "# tail\narch: amd64\n"},
		{"#\xc3\xa4\n", "#%C3%A4\n"},
		{"#\xff%ed%a0%80\n", "#%EF%BF%BD%EF%BF%BD%EF%BF%BD%EF%BF%BD\n"},
		{"#a:b%7f~ %4\n", "#a%3Ab%7F~ %254\n"},
		{"env: A=1\n", "lxc.environment.runtime: A=1\n"},
		{"lxc.environment.runtime:\n", ""},
		{"lxc.cap.drop = a\nlxc.cap.drop  =b\n", "lxc.cap.drop: a\nlxc.cap.drop: b\n"},
		{"lxc.cap.drop : a\n", ""},
		{"lxc.uts.name:\n", "lxc.uts.name: \n"},
		{"lxc.cgroup2\n", ""},
		{"lxc.rootfs.options: x\n", ""},
		{"lxc.Cap.drop: x\n", ""},
		{"snapstate: prepare\n", ""},
		{"foo: snapstate: prepare\n", "foo: snapstate: prepare\n"},
		{"[s1]\nsnapstate: prepare\n", "\n[s1]\nsnapstate: prepare\n"},
		{"delete: cores\n", ""},
		{"[PVE:Pending]\ndelete: cores \n", "\n[pve:pending]\ndelete: cores\n"},
		{"[pve:pending]\n#\n", ""},
		{"[pve:pending]\ncores: 1\n[pve:pending]\ntty: 1\n", "\n[pve:pending]\ntty: 1\n"},
		{"[pending]\ndelete: x\n", "\n[pending]\ndelete: x\n"},
		{"[s1]\n", "\n[s1]\n"},
		{"[b2] \n[B1]\ntty: 1\n[b2]\ntty: 2\n", "\n[B1]\ntty: 1\n\n[b2]\ntty: 2\n"},
		{"[s1]\ntty: 1\n[s1]\ncores: 1\n", "\n[s1]\ncores: 1\n"},
		{"[x]\n[1ab]\n[a b]\n[ab]x\n[ab\n[]\n[\n", ""},
		{"#a\n[s1]\n#b\n", "#a\n\n[s1]\n#b\n"},
		{"rootfs: a:b,size=1G\nunused0: a:b\nunused1: a:c\n",
		 "rootfs: a:b,size=1G\nunused1: a:c\n"},
		{"mp0: a:b,mp=/x\nunused0: a:b\n[s1]\nunused0: a:b\n",
		 "mp0: a:b,mp=/x\n\n[s1]\nunused0: a:b\n"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(conf_free) struct pve_conf conf = {};
		cleanup_(text_free) struct text out = {};

		conf_parse(&conf, rows[i].text);
		cr_assert_eq(conf_write(&conf, &out, NULL), 0, "%s", rows[i].text);
		cr_expect_str_eq(text_str(&out), rows[i].written, "%s: %s", rows[i].text,
				 text_str(&out));
	}
}

Test(conf, strict)
{
	static const struct {
		const char *text;
		const char *what; /* NULL: fine */
	} rows[] = {
		{"memory: 8\ntty: 9\nlock: xyz\nostype: foo\n", NULL},
		{"lxc.pts: 1\n", NULL},
		{"arch: amd64\nnonsense\n",
		 "vm 100 - unable to parse config: nonsense (100.conf, line 2)"},
		{"\nonboot: maybe\nnonsense\n",
		 "vm 100 - unable to parse value of 'onboot' - type check ('boolean') failed - got "
		 "'maybe' (100.conf, line 2)"},
		{"delete: a\n", "vm 100 - property 'delete' is only allowed in [pve:pending] "
				"(100.conf, line 1)"},
		{"lxc.rootfs.path: /\n",
		 "vm 100 - lxc.rootfs.path: auto generated from rootfs (100.conf, line 1)"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(conf_free) struct pve_conf conf = {};
		struct err err = {};
		int r = conf_read(&conf, "100", rows[i].text, strlen(rows[i].text), true, &err);

		cr_expect_eq(r, rows[i].what ? -EINVAL : 0, "%s: %d", rows[i].text, r);
		cr_expect_str_eq(err.what, rows[i].what ?: "", "%s: %s", rows[i].text, err.what);
	}
}

Test(conf, lookups)
{
	cleanup_(conf_free) struct pve_conf conf = {};
	const struct pve_entry *entry;
	struct opt_u64 number = {};
	struct err err = {};
	bool flag = false;

	conf_parse(&conf, "arch: amd64\nmp10: /a,mp=/a\nmp2: /b,mp=/b\nmp256: x\ncpulimit: 1.5\n"
			  "swap: lots\nconsole: maybe\n");
	entry = conf_find(&conf.main, "mp2");
	cr_assert_str_eq(conf_origin(&conf.arena, &conf, entry), "mp2: in 100.conf, line 3");
	cr_assert_null(conf_find(&conf.main, "memory"));
	cr_assert_str_eq(conf_value(&conf.main, "memory"), "512");
	cr_assert_null(conf_value(&conf.main, "cores"));
	cr_assert_eq(conf_u64(&conf, &conf.main, "memory", &number, &err), 0);
	cr_assert(number.set && number.value == 512);
	cr_assert_eq(conf_u64(&conf, &conf.main, "cores", &number, &err), 0);
	cr_assert_not(number.set);
	cr_assert_eq(conf_u64(&conf, &conf.main, "swap", &number, &err), -EINVAL);
	cr_assert_str_eq(err.origin, "swap: in 100.conf, line 6");
	cr_assert_eq(conf_bool(&conf, &conf.main, "console", &flag, &err), -EINVAL);
	cr_assert_eq(conf_bool(&conf, &conf.main, "onboot", &flag, &err), 0);
	cr_assert_not(flag);
}

Test(conf, families)
{
	cleanup_(conf_free) struct pve_conf conf = {};
	cleanup_(text_free) struct text keys = {};
	const struct pve_entry *entry;

	conf_parse(&conf, "mp10: x\nmp2: x\nmp256: x\nmp0: x\nmp02: x\nmp: x\nmpx1: x\n");
	for (unsigned int i = 0; (entry = conf_indexed(&conf.main, "mp", &i)); i++)
		text_addf(&keys, "%u:%s ", i, entry->key);
	cr_assert_str_eq(text_str(&keys), "0:mp0 2:mp2 10:mp10 ");
}

Test(conf, unprivileged)
{
	static const struct {
		const char *text;
		bool unprivileged;
	} rows[] = {
		{"", false},
		{"unprivileged: 1\n", true},
		{"unprivileged: off\n", false},
		{"unprivileged: perhaps\n", true}, /* rather too little than too much */
		{"lxc.idmap: u 0 100000 65536\n", true},
		{"[s1]\nunprivileged: 1\n", false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(conf_free) struct pve_conf conf = {};

		conf_parse(&conf, rows[i].text);
		cr_expect_eq(conf_unprivileged(&conf.main), rows[i].unprivileged, "%s",
			     rows[i].text);
	}
}

Test(conf, digest)
{
	cleanup_(conf_free) struct pve_conf conf = {};

	conf_parse(&conf, "arch: amd64\nmemory: 512\n");
	cr_assert_str_eq(conf.digest, "966b96057dc0c44975b727f12316b288851aa98a");
}

Test(conf, editing)
{
	cleanup_(conf_free) struct pve_conf conf = {};
	cleanup_(text_free) struct text out = {};
	struct pve_section *snapshot;
	struct err err = {};

	conf_init(&conf, "100");
	conf_set(&conf, &conf.main, "memory", "256");
	conf_set(&conf, &conf.main, "memory", "1024");
	conf_set(&conf, &conf.main, "hostname", "www");
	conf_set(&conf, &conf.main, "lock", "create");
	conf_set(&conf, &conf.main, "description", "a: b\nc");
	conf_env_add(&conf, &conf.main, "A=1");
	conf_raw_add(&conf, &conf.main, "lxc.init.cwd", "/");
	snapshot = conf_snapshot_add(&conf, "s1");
	conf_section_copy(&conf, snapshot, &conf.main);
	cr_assert(conf_delete(&conf.main, "lock"));
	cr_assert_not(conf_delete(&conf.main, "lock"));
	cr_assert(conf_delete(snapshot, "description"));
	cr_assert(conf_delete(snapshot, "env"));
	conf_set(&conf, &conf.main, "tty", "1");
	conf_set(&conf, &conf.pending, "cores", "2");
	cr_assert_eq(conf_write(&conf, &out, &err), 0);
	cr_assert_str_eq(text_str(&out),
			 "#a%3A b\n#c\nhostname: www\nmemory: 1024\ntty: 1\n"
			 "lxc.environment.runtime: A=1\nlxc.init.cwd: /\n"
			 "\n[pve:pending]\ncores: 2\n"
			 "\n[s1]\nhostname: www\nlock: create\nmemory: 1024\nlxc.init.cwd: /\n",
			 "%s", text_str(&out));
	cr_assert(conf_snapshot_delete(&conf, "s1"));
	cr_assert_null(conf_snapshot(&conf, "s1"));
	conf_set(&conf, &conf.main, "hostname", "a\nlxc.include: /etc/shadow");
	cr_assert_eq(conf_write(&conf, &out, &err), -EINVAL);
}
