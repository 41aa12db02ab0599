#include "pve/conf/pending.h"

#include "lib/text.h"
#include "pve/conf/conf.h"

#include <criterion/criterion.h>
#include <string.h>

/* What a config becomes, as Proxmox's writer prints it: shown (pct config), and after a restart. */
static const struct {
	const char *name;
	const char *before;
	const char *shown;   /* main with what is pending laid over it */
	const char *applied; /* the whole file */
} rows[] = {
	{"nothing", "memory: 512\n", "memory: 512\n", "memory: 512\n"},
	{"values", "memory: 512\n\n[pve:pending]\nmemory: 1024\ncores: 2\n",
	 "cores: 2\nmemory: 1024\n", "cores: 2\nmemory: 1024\n"},
	{"deletions in any spelling of a list",
	 "onboot: 1\nmemory: 512\ntty: 1\ncores: 1\n\n[pve:pending]\ndelete: onboot,tty;!cores\n",
	 "memory: 512\n", "memory: 512\n"},
	{"a key that isn't there", "memory: 512\n\n[pve:pending]\ndelete: tty\n", "memory: 512\n",
	 "memory: 512\n"},
	{"the volume of a mount point that goes is kept",
	 "mp0: local:1/vm-1-disk-1.raw,mp=/a\n\n[pve:pending]\ndelete: mp0\n", "",
	 "unused0: local:1/vm-1-disk-1.raw\n"},
	{"and of one that gets another",
	 "mp0: local:1/vm-1-disk-1.raw,mp=/a\nunused0: local:1/vm-1-disk-7.raw\n\n"
	 "[pve:pending]\nmp0: local:1/vm-1-disk-2.raw,mp=/a\n",
	 "mp0: local:1/vm-1-disk-2.raw,mp=/a\nunused0: local:1/vm-1-disk-7.raw\n",
	 "mp0: local:1/vm-1-disk-2.raw,mp=/a\nunused0: local:1/vm-1-disk-7.raw\n"
	 "unused1: local:1/vm-1-disk-1.raw\n"},
	{"not of one that keeps it",
	 "mp0: local:1/vm-1-disk-1.raw,mp=/a\n\n"
	 "[pve:pending]\nmp0: local:1/vm-1-disk-1.raw,mp=/b\n",
	 "mp0: local:1/vm-1-disk-1.raw,mp=/b\n", "mp0: local:1/vm-1-disk-1.raw,mp=/b\n"},
	{"a bind has none", "mp0: /srv,mp=/a\n\n[pve:pending]\ndelete: mp0\n", "", ""},
	{"snapshots are left alone",
	 "memory: 512\n\n[pve:pending]\nmemory: 64\n\n[one]\nmemory: 32\n",
	 "memory: 64\n\n[one]\nmemory: 32\n", "memory: 64\n\n[one]\nmemory: 32\n"},
};

static const char *written(struct arena *arena, const struct pve_conf *conf)
{
	cleanup_(text_free) struct text text = {};

	cr_assert_eq(conf_write(conf, &text, NULL), 0);
	return arena_strdup(arena, text_str(&text));
}

static void read_row(struct pve_conf *conf, size_t i)
{
	cr_assert_eq(conf_read(conf, "1", rows[i].before, strlen(rows[i].before), true, NULL), 0,
		     "%s", rows[i].name);
}

Test(pve_pending, applied)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		cleanup_(conf_free) struct pve_conf conf = {};
		bool had;

		read_row(&conf, i);
		had = !conf_section_empty(&conf.pending);
		cr_expect_eq(pending_apply(&conf), had, "%s", rows[i].name);
		cr_expect_str_eq(written(&arena, &conf), rows[i].applied, "%s", rows[i].name);
		cr_expect_not(pending_apply(&conf), "%s: twice", rows[i].name);
	}
}

/* What it replaces was one line of another section: nobody wrote it twice. */
Test(pve_pending, no_line_is_there_twice)
{
	static const char text[] = "memory: 512\ncores: 1\ncores: 2\n\n[pve:pending]\nmemory: 64\n";
	cleanup_(conf_free) struct pve_conf conf = {};
	const struct pve_entry *memory;

	cr_assert_eq(conf_read(&conf, "1", text, strlen(text), true, NULL), 0);
	cr_expect_eq(conf_find(&conf.main, "cores")->earlier, 2);
	cr_assert(pending_apply(&conf));
	memory = conf_find(&conf.main, "memory");
	cr_expect_str_eq(memory->value, "64");
	cr_expect_eq(memory->line, 6);
	cr_expect_eq(memory->earlier, 0);
}

Test(pve_pending, shown)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		cleanup_(conf_free) struct pve_conf conf = {};

		read_row(&conf, i);
		pending_merge(&conf, &conf.main);
		conf.pending.options = (struct pve_entries){};
		cr_expect_str_eq(written(&arena, &conf), rows[i].shown, "%s", rows[i].name);
	}
}

/* What commands write there, and what of it is left. */
static const struct {
	const char *name, *before;
	const char *set, *to; /* NULL: nothing */
	const char *delete, *revert;
	const char *after;
} edits[] = {
	{"a value", "cores: 1\n", "cores", "2", NULL, NULL,
	 "cores: 1\n\n[pve:pending]\ncores: 2\n"},
	{"the value that it has", "cores: 1\n\n[pve:pending]\ncores: 2\n", "cores", "1", NULL, NULL,
	 "cores: 1\n"},
	{"deletions are sorted", "tty: 1\ncores: 1\n\n[pve:pending]\ndelete: tty\n", NULL, NULL,
	 "cores", NULL, "cores: 1\ntty: 1\n\n[pve:pending]\ndelete: cores,tty\n"},
	{"twice is once", "tty: 1\n\n[pve:pending]\ndelete: !tty\n", NULL, NULL, "tty", NULL,
	 "tty: 1\n\n[pve:pending]\ndelete: tty\n"},
	{"a value instead of a deletion", "tty: 1\n\n[pve:pending]\ndelete: tty\n", "tty", "3",
	 NULL, NULL, "tty: 1\n\n[pve:pending]\ntty: 3\n"},
	{"a deletion instead of a value", "tty: 1\n\n[pve:pending]\ntty: 3\n", NULL, NULL, "tty",
	 NULL, "tty: 1\n\n[pve:pending]\ndelete: tty\n"},
	{"a deletion of what isn't there", "tty: 1\n\n[pve:pending]\ncores: 3\n", NULL, NULL,
	 "cores", NULL, "tty: 1\n"},
	{"a value is reverted", "tty: 1\n\n[pve:pending]\ntty: 3\n", NULL, NULL, NULL, "tty",
	 "tty: 1\n"},
	{"a deletion is reverted", "tty: 1\ncores: 1\n\n[pve:pending]\ndelete: cores,tty\n", NULL,
	 NULL, NULL, "tty", "cores: 1\ntty: 1\n\n[pve:pending]\ndelete: cores\n"},
	{"a description", "#old\ntty: 1\n", "description", "new", NULL, NULL,
	 "#old\ntty: 1\n\n[pve:pending]\n#new\n"},
	{"the description that it has", "#old\ntty: 1\n", "description", "old\n", NULL, NULL,
	 "#old\ntty: 1\n"},
};

Test(pve_pending, edited)
{
	for (size_t i = 0; i < ARRAY_SIZE(edits); i++) {
		cleanup_(conf_free) struct pve_conf conf = {};
		cleanup_(arena_free) struct arena arena = {};

		cr_assert_eq(
			conf_read(&conf, "1", edits[i].before, strlen(edits[i].before), true, NULL),
			0, "%s", edits[i].name);
		if (edits[i].set)
			pending_set(&conf, edits[i].set, edits[i].to);
		if (edits[i].delete)
			pending_delete(&conf, edits[i].delete);
		if (edits[i].revert)
			pending_revert(&conf, edits[i].revert);
		pending_clean(&conf);
		cr_expect_str_eq(written(&arena, &conf), edits[i].after, "%s", edits[i].name);
	}
}
