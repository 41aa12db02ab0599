#include "lib/err.h"
#include "lib/helper.h"
#include "lib/json.h"
#include "lib/run.h"
#include "lib/text.h"
#include "net/firewall.h"

#include <string.h>

#define PROGRAM "pctrun-nft"

static int ask(const char *verb, const char *word, const char *input, struct text *answer,
	       struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *const argv[] = {helper_find(&arena, PROGRAM), verb, word, NULL};

	return helper_ask(argv, input, answer, err);
}

static void firewall_describe(const struct step *step, struct text *text)
{
	const struct firewall_step *firewall = container_of(step, struct firewall_step, step);

	text_addf(text, "table %s: %zu rules for %zu interfaces", firewall->table, firewall->rules,
		  firewall->interfaces);
}

static void firewall_write(const struct step *step, struct json_out *out)
{
	const struct firewall_step *firewall = container_of(step, struct firewall_step, step);

	json_out_string(out, "table", firewall->table);
	json_out_string(out, "digest", firewall->digest);
}

static int firewall_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct firewall_step *firewall = container_of(step, struct firewall_step, step);
	cleanup_(text_free) struct text answer = {};

	return ask("run", NULL, firewall->script, &answer, err);
}

/* What may not be there is made first. */
static int remove_table(const char *table, struct err *err)
{
	cleanup_(text_free) struct text script = {}, answer = {};

	text_addf(&script,
		  "table bridge %s\ndelete table bridge %s\ntable inet %s\ndelete table inet %s\n",
		  table, table, table, table);
	return ask("run", NULL, text_str(&script), &answer, err);
}

static int firewall_undo(const struct json *record, struct run *run, struct err *err)
{
	const char *table = json_string(record, "table");

	if (!table || !starts_with(table, "pctrun-"))
		return err_plain(err, -EINVAL, "the journal names no table");
	return remove_table(table, err);
}

static int firewall_observe(const struct step *step, struct run *run, struct observation *seen,
			    struct err *err)
{
	const struct firewall_step *firewall = container_of(step, struct firewall_step, step);
	cleanup_(text_free) struct text table = {};
	struct err why = {};

	if (ask("list", firewall->table, NULL, &table, &why) < 0)
		return observe(seen, OBSERVED_UNSEEN, "%.200s", why.what);
	if (!table.length)
		return observe(seen, OBSERVED_DIFFERS, "there is no table %s", firewall->table);
	if (!strstr(text_str(&table), firewall->digest))
		return observe(seen, OBSERVED_DIFFERS, "the table %s has other rules",
			       firewall->table);
	return observe(seen, OBSERVED_HOLDS, "the table %s is there", firewall->table);
}

/* ------------------------------------------------------------------ running containers */

bool firewall_same(const struct step *one, const struct step *other)
{
	const struct firewall_step *a = container_of(one, struct firewall_step, step);
	const struct firewall_step *b = container_of(other, struct firewall_step, step);

	return strcmp(a->table, b->table) == 0;
}

int firewall_revert(const struct step *step, struct run *run, struct err *err)
{
	return remove_table(container_of(step, struct firewall_step, step)->table, err);
}

/* One transaction: there is no moment without rules, and the old ones stay when it fails. */
int firewall_change(const struct step *from, const struct step *to, struct run *run,
		    struct err *err)
{
	return firewall_apply(to, run, err);
}

const struct step_kind firewall_kind = {
	.name = "net.firewall",
	.describe = firewall_describe,
	.write = firewall_write,
	.apply = firewall_apply,
	.undo = firewall_undo,
	.observe = firewall_observe,
};
