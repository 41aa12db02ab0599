#include "cli/output.h"
#include "cli/plan_diff.h"
#include "cli/show_plan.h"

#include "lib/json.h"
#include "lib/plan.h"

#include <stdio.h>

static void print_change(const struct plan_change *change)
{
	if (!change->from || !change->to) {
		(void)printf("%c ", change->to ? '+' : '-');
		show_step(change->to ? change->to : change->from);
		return;
	}
	(void)printf("~ ");
	show_step(change->from);
	if (change->values)
		output_line("  becomes  the same with other values: %s (from %s)", change->values,
			    change->to->origin);
	else {
		(void)printf("  becomes  ");
		show_step_tail(change->to);
	}
}

static void print_text(const struct plan_diff *diff)
{
	for (size_t i = 0; i < diff->count; i++)
		print_change(&diff->changes[i]);
	for (size_t i = 0; i < diff->missing_count; i++) {
		(void)printf("%c ", diff->missing[i].comes ? '+' : '-');
		show_missing_one(diff->missing[i].missing);
	}
	if (diff->count + diff->missing_count == 0)
		(void)printf("no step differs\n");
}

static const char *word_of(const struct plan_change *change)
{
	return !change->from ? "added" : !change->to ? "removed" : "changed";
}

static void write_change(const struct plan_change *change, struct json_out *out)
{
	json_out_object(out, NULL);
	json_out_string(out, "change", word_of(change));
	if (change->from)
		write_step("from", change->from, out);
	if (change->to)
		write_step("to", change->to, out);
	json_out_end(out);
}

static void write_missing_change(const struct missing_change *change, struct json_out *out)
{
	json_out_object(out, NULL);
	json_out_string(out, "change", change->comes ? "added" : "removed");
	write_missing("missing", change->missing, out);
	json_out_end(out);
}

static void print_json(const struct plan_diff *diff)
{
	struct json_out *out = json_out_new(true);

	json_out_object(out, NULL);
	json_out_u64(out, "version", PLAN_VERSION);
	json_out_string(out, "kind", "difference");
	json_out_array(out, "steps");
	for (size_t i = 0; i < diff->count; i++)
		write_change(&diff->changes[i], out);
	json_out_end(out);
	json_out_array(out, "missing");
	for (size_t i = 0; i < diff->missing_count; i++)
		write_missing_change(&diff->missing[i], out);
	json_out_end(out);
	json_out_end(out);
	json_out_print(out, stdout);
}

void plan_diff_show(const struct plan_diff *diff, bool json)
{
	json ? print_json(diff) : print_text(diff);
}
