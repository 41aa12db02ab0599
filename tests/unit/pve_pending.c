#include "pve/pending.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/conf.h"

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
