#include "seccomp/explain.h"

#include "lib/text.h"
#include "seccomp/filter.h"
#include "seccomp/stub.h"

#include <seccomp.h>
#include <string.h>

static bool arg_holds(const struct filter_arg *arg, const uint64_t *args)
{
	uint64_t value = args[arg->index];

	switch ((enum scmp_compare)arg->op) {
	case SCMP_CMP_NE:
		return value != arg->value;
	case SCMP_CMP_LT:
		return value < arg->value;
	case SCMP_CMP_LE:
		return value <= arg->value;
	case SCMP_CMP_EQ:
		return value == arg->value;
	case SCMP_CMP_GE:
		return value >= arg->value;
	case SCMP_CMP_GT:
		return value > arg->value;
	case SCMP_CMP_MASKED_EQ: /* libseccomp masks the datum too */
		return (value & arg->value) == (arg->value_two & arg->value);
	default:
		return false;
	}
}

static bool rule_holds(const struct filter_rule *rule, const uint64_t *args)
{
	for (uint32_t i = 0; i < rule->arg_count; i++)
		if (!arg_holds(&rule->args[i], args))
			return false;
	return true;
}

/* seccomp(2): as a signed number, the least wins. */
static bool stronger(uint32_t a, uint32_t b)
{
	return (int32_t)(a & 0xffff0000) < (int32_t)(b & 0xffff0000);
}

static bool beats(const struct filter_rule *rule, const struct filter_rule *best)
{
	if (!best)
		return true;
	if ((rule->arg_count == 0) != (best->arg_count == 0))
		return rule->arg_count == 0;
	return stronger(rule->action, best->action);
}

struct explanation explain_call(const struct profile *profile, int number, const uint64_t *args)
{
	struct explanation answer = {.action = profile->default_action};

	if (stub_answers(profile, number)) {
		answer.action = SCMP_ACT_ERRNO(ENOSYS);
		answer.too_new = true;
		return answer;
	}
	for (size_t i = 0; i < profile->count; i++) {
		const struct filter_rule *rule = &profile->rules[i];

		if (seccomp_syscall_resolve_name(rule->name) == number && rule_holds(rule, args) &&
		    beats(rule, answer.rule))
			answer.rule = rule;
	}
	if (answer.rule)
		answer.action = answer.rule->action;
	return answer;
}

static const char *const compare_signs[] = {
	[SCMP_CMP_NE] = "!=", [SCMP_CMP_LT] = "<",  [SCMP_CMP_LE] = "<=",
	[SCMP_CMP_EQ] = "==", [SCMP_CMP_GE] = ">=", [SCMP_CMP_GT] = ">",
};

static void describe_arg(const struct filter_arg *arg, struct text *text)
{
	if (arg->op == SCMP_CMP_MASKED_EQ)
		text_addf(text, "arg%u & 0x%lx == 0x%lx", arg->index, arg->value, arg->value_two);
	else
		text_addf(text, "arg%u %s %lu", arg->index, compare_signs[arg->op], arg->value);
}

void action_text(uint32_t action, struct text *text)
{
	uint32_t number = action & 0xffff, kind = action & 0xffff0000;

	text_add(text, action_name(action));
	if (kind == SCMP_ACT_ERRNO(0) && strerrorname_np((int)number))
		text_addf(text, " %s", number ? strerrorname_np((int)number) : "0");
	else if (kind == SCMP_ACT_ERRNO(0) || (kind == SCMP_ACT_TRACE(0) && number))
		text_addf(text, " %u", number);
}

void rule_text(const struct filter_rule *rule, struct text *text)
{
	text_add(text, rule->name);
	for (uint32_t i = 0; i < rule->arg_count; i++) {
		text_add(text, i == 0 ? " where " : " and ");
		describe_arg(&rule->args[i], text);
	}
}

void explain_text(const struct explanation *explanation, struct text *text)
{
	action_text(explanation->action, text);
	if (explanation->too_new) {
		text_add(text, ": newer than every call that the profile names");
	} else if (!explanation->rule) {
		text_add(text, ": no rule matches, the default");
	} else {
		text_add(text, ": rule on ");
		rule_text(explanation->rule, text);
	}
}
