#include "lib/err.h"
#include "lib/helper.h"
#include "lib/json.h"
#include "lib/run.h"
#include "lib/text.h"
#include "net/firewall.h"
#include "net/firewall_table.h"

#include <string.h>

static int run_script(const char *script, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text answer = {};
	const char *const argv[] = {helper_find(&arena, "pctrun-nft"), "run", NULL};

	return helper_ask(argv, script, &answer, err);
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

	return run_script(firewall->script, err);
}

/* What may not be there is made first. */
static int remove_table(const char *table, struct err *err)
{
	cleanup_(text_free) struct text script = {};

	text_addf(&script,
		  "table bridge %s\ndelete table bridge %s\ntable inet %s\ndelete table inet %s\n",
		  table, table, table, table);
	return run_script(text_str(&script), err);
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
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text text = {};
	struct table have, want;
	struct err why = {};

	if (table_fetch(&arena, firewall->table, &have, &why) < 0 ||
	    (table_is_there(&have) &&
	     table_make(&arena, firewall->table, firewall->script, &want, &why) < 0))
		return observe(seen, OBSERVED_UNSEEN, "%.200s", why.what);
	if (!table_is_there(&have))
		return observe(seen, OBSERVED_DIFFERS, "there is no table %s", firewall->table);
	if (table_compare(&want, &have, &text) > 0)
		return observe(seen, OBSERVED_DIFFERS, "%s", text_str(&text));
	return observe(seen, OBSERVED_HOLDS, "each rule is in the kernel's table %s",
		       firewall->table);
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
