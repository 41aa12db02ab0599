#include "seccomp/verdict.h"

#include "lib/arena.h"
#include "lib/json.h"
#include "lib/own.h"
#include "lib/text.h"
#include "seccomp/calls.h"
#include "seccomp/explain.h"
#include "seccomp/filter.h"
#include "seccomp/paths.h"
#include "seccomp/stack.h"
#include "seccomp/summary.h"

#include <linux/seccomp.h>
#include <seccomp.h>
#include <string.h>

static const char *rule_origin(struct arena *arena, const struct filter_stack *stack,
			       const struct filter_rule *rule)
{
	if (!rule)
		return stack_origin(arena, stack, "defaultAction");
	return stack_origin(arena, stack, arena_printf(arena, "syscalls[%u]", rule->index));
}

/* Rules are known of the machine's own architecture: they are what the program was made from, and
 * still the program has the last word. */
static void find_rule(struct arena *arena, const struct filter_stack *stack,
		      struct verdict *verdict)
{
	cleanup_(text_free) struct text why = {};
	struct explanation said;

	if (!stack->profile || verdict->arch != call_arches())
		return;
	said = explain_call(stack->profile, (int)verdict->number, verdict->arg);
	if (said.action != verdict->action)
		return;
	explain_text(&said, &why);
	verdict->why = arena_strdup(arena, strchr(text_str(&why), ':') + 2);
	verdict->origin = rule_origin(arena, stack, said.rule);
}

void verdict_of(struct arena *arena, const struct filter_stack *stack, struct verdict *verdict)
{
	struct seccomp_data data = {.nr = (int)verdict->number, .arch = verdict->arch->audit};

	for (size_t i = 0; i < VERDICT_ARGS; i++)
		data.args[i] = verdict->arg[i];
	verdict->filters = stack->count;
	verdict->action = stack_run(stack, &data, &verdict->filter);
	verdict->why = stack->count ? arena_printf(arena, "filter %zu of %zu", verdict->filter + 1,
						   stack->count)
				    : "no filter";
	find_rule(arena, stack, verdict);
}

void verdict_text(const struct verdict *verdict, struct text *text)
{
	text_addf(text, "%s(", verdict->call);
	for (size_t i = 0; i < verdict->args; i++)
		text_addf(text, verdict->arg[i] < 1024 ? "%s%lu" : "%s0x%lx", i ? ", " : "",
			  verdict->arg[i]);
	text_add(text, "): ");
	action_text(verdict->action, text);
	text_addf(text, ": %s", verdict->why);
	if (verdict->origin)
		text_addf(text, " (from %s)", verdict->origin);
}

static void write_action(uint32_t action, struct json_out *out)
{
	json_out_string(out, "action", action_name(action));
	if ((action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO)
		json_out_u64(out, "errno", action & SECCOMP_RET_DATA);
}

static void write_call(const struct verdict *verdict, struct json_out *out)
{
	json_out_string(out, "call", verdict->call);
	json_out_u64(out, "number", verdict->number);
	json_out_string(out, "arch", verdict->arch->name);
}

void verdict_write(const struct verdict *verdict, struct json_out *out)
{
	write_call(verdict, out);
	json_out_array(out, "args");
	for (size_t i = 0; i < verdict->args; i++)
		json_out_u64(out, NULL, verdict->arg[i]);
	json_out_end(out);
	write_action(verdict->action, out);
	json_out_string(out, "why", verdict->why);
	if (verdict->origin)
		json_out_string(out, "origin", verdict->origin);
}

/* ------------------------------------------------------------------ any arguments */

static bool is_rule_on(const struct filter_rule *rule, const struct verdict *verdict)
{
	return seccomp_syscall_resolve_name_arch(verdict->arch->scmp, rule->name) ==
	       (int)verdict->number;
}

static bool has_rule_on(const struct filter_stack *stack, const struct verdict *verdict)
{
	for (size_t i = 0; stack->profile && i < stack->profile->count; i++)
		if (is_rule_on(&stack->profile->rules[i], verdict))
			return true;
	return false;
}

static void add_outcome(const struct filter_stack *stack, const struct verdict *verdict,
			struct text *text)
{
	cleanup_(arena_free) struct arena arena = {};
	struct paths paths;

	stack_paths(&arena, stack, verdict->arch, verdict->number, &paths);
	outcome_text(&paths, outcome_fallback(stack, verdict->arch), text);
}

/* Where no rule is on a call, its arguments make no difference. */
static void add_default(struct arena *arena, const struct filter_stack *stack,
			const struct verdict *verdict, struct text *text)
{
	struct verdict with_any = *verdict;

	verdict_of(arena, stack, &with_any);
	if (with_any.origin)
		text_addf(text, "  %s (from %s)\n", with_any.why, with_any.origin);
}

void verdict_any(struct arena *arena, const struct filter_stack *stack,
		 const struct verdict *verdict, struct text *text)
{
	text_addf(text, "%s: ", verdict->call);
	add_outcome(stack, verdict, text);
	text_addc(text, '\n');
	if (!has_rule_on(stack, verdict))
		add_default(arena, stack, verdict, text);
	for (size_t i = 0; stack->profile && i < stack->profile->count; i++) {
		const struct filter_rule *rule = &stack->profile->rules[i];

		if (!is_rule_on(rule, verdict))
			continue;
		text_add(text, "  rule on ");
		rule_text(rule, text);
		text_add(text, ": ");
		action_text(rule->action, text);
		text_addf(text, " (from %s)\n", rule_origin(arena, stack, rule));
	}
}

static void write_rule(struct arena *arena, const struct filter_stack *stack,
		       const struct filter_rule *rule, struct json_out *out)
{
	cleanup_(text_free) struct text words = {};

	rule_text(rule, &words);
	json_out_object(out, NULL);
	json_out_string(out, "rule", text_str(&words));
	write_action(rule->action, out);
	json_out_string(out, "origin", rule_origin(arena, stack, rule));
	json_out_end(out);
}

void verdict_any_write(struct arena *arena, const struct filter_stack *stack,
		       const struct verdict *verdict, struct json_out *out)
{
	cleanup_(text_free) struct text outcome = {};

	write_call(verdict, out);
	add_outcome(stack, verdict, &outcome);
	json_out_string(out, "outcome", text_str(&outcome));
	json_out_array(out, "rules");
	for (size_t i = 0; stack->profile && i < stack->profile->count; i++)
		if (is_rule_on(&stack->profile->rules[i], verdict))
			write_rule(arena, stack, &stack->profile->rules[i], out);
	json_out_end(out);
}
