#include "lib/arena.h"
#include "lib/err.h"
#include "lib/own.h"
#include "lib/text.h"
#include "oci/spec.h"
#include "seccomp/filter.h"
#include "seccomp/words.h"

#include <ctype.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>

struct maker {
	struct arena *arena;
	struct profile *profile;
	size_t room;
	uint32_t index; /* of the rule that is read */
	struct err *err;
};

/* An errno or trace number belongs to two actions only. */
static int make_action(const char *word, const struct opt_u64 *number, const char *path,
		       uint32_t *action, struct err *err)
{
	const struct action_word *found = action_find(word);

	if (!found)
		return err_plain(err, -EINVAL, "%s: \"%s\" is not an action", path,
				 word ? word : "");
	if (number->set && !found->numbered)
		return err_plain(err, -EINVAL, "%s: %s takes no errno", path, word);
	if (number->value > 0xffff)
		return err_plain(err, -EINVAL, "%s: errno %lu is more than 65535", path,
				 number->value);
	*action = found->action;
	if (found->numbered)
		*action |= number->set ? (uint32_t)number->value : EPERM;
	return 0;
}

static struct filter_rule *push_rule(struct maker *maker)
{
	struct profile *profile = maker->profile;

	if (profile->count == maker->room) {
		size_t room = maker->room ? 2 * maker->room : 64;
		struct filter_rule *larger = arena_array(maker->arena, room, sizeof(*larger));

		if (profile->count)
			memcpy(larger, profile->rules, profile->count * sizeof(*larger));
		profile->rules = larger;
		maker->room = room;
	}
	return &profile->rules[profile->count++];
}

static int make_arg(const struct oci_seccomp_arg *from, struct filter_arg *arg, const char *path,
		    struct err *err)
{
	int op = compare_find(from->op);

	if (op < 0)
		return err_plain(err, -EINVAL, "%s: \"%s\" is not an operator", path,
				 from->op ? from->op : "");
	if (from->index >= FILTER_ARGS)
		return err_plain(err, -EINVAL, "%s: a system call has no argument %u", path,
				 from->index);
	*arg = (struct filter_arg){from->index, (uint32_t)op, from->value, 0};
	if (op == SCMP_CMP_MASKED_EQ)
		arg->value_two = from->value_two;
	return 0;
}

static bool index_repeats(const struct oci_seccomp_rule *from)
{
	uint32_t seen = 0;

	for (size_t i = 0; i < from->args.count; i++) {
		uint32_t bit = 1U << (from->args.items[i].index % FILTER_ARGS);

		if (seen & bit)
			return true;
		seen |= bit;
	}
	return false;
}

static int make_args(const struct oci_seccomp_rule *from, struct filter_arg *args, const char *path,
		     struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < from->args.count; i++)
		r = make_arg(&from->args.items[i], &args[i], path, err);
	return r;
}

/* libseccomp can't have two conditions on one argument in a rule: a rule each then, any of which
 * is enough, as other runtimes have it. */
static void push_named(struct maker *maker, const char *name, uint32_t action,
		       const struct filter_arg *args, size_t count, bool split)
{
	for (size_t i = 0; i < (split ? count : 1); i++) {
		struct filter_rule *rule = push_rule(maker);

		*rule = (struct filter_rule){.name = name, .index = maker->index, .action = action};
		rule->arg_count = (uint32_t)(split ? 1 : count);
		rule->args = split ? &args[i] : args;
	}
}

/* The listener has its descriptor only after this call was made. */
static int check_notify(const char *name, const char *path, struct err *err)
{
	if (strcmp(name, "write") != 0 && strcmp(name, "sendmsg") != 0)
		return 0;
	return err_plain(err, -EINVAL, "%s: SCMP_ACT_NOTIFY can't be used for %s", path, name);
}

/* Also what keeps a name from looking like another line of profile_key(). */
static int check_name(const char *name, const char *path, struct err *err)
{
	const char *end = name;

	while (isalnum((unsigned char)*end) || *end == '_')
		end++;
	if (end > name && *end == '\0')
		return 0;
	return err_plain(err, -EINVAL, "%s: \"%s\" is no name of a system call", path, name);
}

static int make_rule(struct maker *maker, const struct oci_seccomp_rule *from, const char *path)
{
	struct filter_arg *args = arena_array(maker->arena, from->args.count + 1, sizeof(*args));
	struct profile *profile = maker->profile;
	uint32_t action;
	int r;

	if (from->names.count == 0)
		return err_plain(maker->err, -EINVAL, "%s: no names", path);
	r = make_action(from->action, &from->errno_ret, path, &action, maker->err);
	if (r == 0)
		r = make_args(from, args, path, maker->err);
	for (size_t i = 0; r == 0 && i < from->names.count; i++) {
		const char *name = from->names.items[i];

		r = check_name(name, path, maker->err);
		if (r == 0 && action == SCMP_ACT_NOTIFY) {
			profile->notifies = true;
			r = check_notify(name, path, maker->err);
		}
		if (r < 0)
			return r;
		/* What the default does already is no rule: libseccomp refuses it. */
		if (action == profile->default_action)
			profile->names[profile->named++] = name;
		else
			push_named(maker, name, action, args, from->args.count,
				   index_repeats(from));
	}
	return r;
}

static int make_arches(const struct oci_seccomp *seccomp, struct profile *profile, struct err *err)
{
	for (size_t i = 0; i < seccomp->architectures.count; i++) {
		const char *word = seccomp->architectures.items[i];
		uint32_t arch = arch_find(word);

		if (!arch || profile->arch_count == FILTER_ARCHES)
			return err_plain(err, -EINVAL,
					 "linux.seccomp.architectures[%zu]: \"%s\" is not known", i,
					 word);
		profile->arches[profile->arch_count++] = arch;
	}
	return 0;
}

static int make_flags(const struct oci_seccomp *seccomp, struct profile *profile, struct err *err)
{
	if (!seccomp->flags_set)
		profile->flags = FLAG_SPEC_ALLOW;
	for (size_t i = 0; i < seccomp->flags.count; i++) {
		int flag = flag_find(seccomp->flags.items[i]);

		if (flag < 0)
			return err_plain(err, -EINVAL,
					 "linux.seccomp.flags[%zu]: \"%s\" is not known", i,
					 seccomp->flags.items[i]);
		profile->flags |= (uint32_t)flag;
	}
	return 0;
}

static int make_rules(struct maker *maker, const struct oci_seccomp *seccomp)
{
	size_t names = 0;
	int r = 0;

	for (size_t i = 0; i < seccomp->syscalls.count; i++)
		names += seccomp->syscalls.items[i].names.count;
	maker->profile->names = arena_array(maker->arena, names + 1, sizeof(char *));
	for (size_t i = 0; r == 0 && i < seccomp->syscalls.count; i++) {
		char path[64];

		(void)snprintf(path, sizeof(path), "linux.seccomp.syscalls[%zu]", i);
		maker->index = (uint32_t)i;
		r = make_rule(maker, &seccomp->syscalls.items[i], path);
	}
	return r;
}

int profile_make(struct arena *arena, const struct oci_seccomp *seccomp, struct profile *profile,
		 struct err *err)
{
	struct maker maker = {.arena = arena, .profile = profile, .err = err};
	int r;

	*profile = (struct profile){};
	r = make_action(seccomp->default_action, &seccomp->default_errno_ret,
			"linux.seccomp.defaultAction", &profile->default_action, err);
	if (r == 0 && profile->default_action == SCMP_ACT_NOTIFY)
		r = err_plain(err, -EINVAL,
			      "linux.seccomp.defaultAction: SCMP_ACT_NOTIFY can't be the default");
	if (r == 0)
		r = make_arches(seccomp, profile, err);
	if (r == 0)
		r = make_flags(seccomp, profile, err);
	if (r == 0)
		r = make_rules(&maker, seccomp);
	if (r == 0 && profile->notifies && !seccomp->listener_path)
		r = err_plain(err, -EINVAL, "linux.seccomp: SCMP_ACT_NOTIFY needs a listenerPath");
	if (r == 0 && profile->flags & FLAG_WAIT_KILLABLE && !profile->notifies)
		r = err_plain(err, -EINVAL,
			      "linux.seccomp.flags: SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV is for "
			      "rules with SCMP_ACT_NOTIFY");
	if (r == 0 && seccomp->listener_metadata && !seccomp->listener_path)
		r = err_plain(err, -EINVAL,
			      "linux.seccomp.listenerMetadata makes no sense without listenerPath");
	return r;
}

/* Hundreds of lines at each start: by hand, as printf would be most of a plan's time. */
static void add_number(struct text *text, char before, uint64_t number)
{
	static const char digits[] = "0123456789abcdef";
	char buffer[18], *at = buffer + sizeof(buffer);

	do
		*--at = digits[number & 15];
	while (number >>= 4);
	*--at = before;
	text_addn(text, at, (size_t)(buffer + sizeof(buffer) - at));
}

static void add_rule(struct text *text, const struct filter_rule *rule)
{
	text_add(text, rule->name);
	add_number(text, ' ', rule->action);
	for (uint32_t i = 0; i < rule->arg_count; i++) {
		add_number(text, ' ', rule->args[i].index);
		add_number(text, ',', rule->args[i].op);
		add_number(text, ',', rule->args[i].value);
		add_number(text, ',', rule->args[i].value_two);
	}
	text_addc(text, '\n');
}

const char *profile_key(struct arena *arena, const char *host, const struct profile *profile)
{
	cleanup_(text_free) struct text text = {};

	text_add(&text, host);
	text_add(&text, "\ndefault");
	add_number(&text, ' ', profile->default_action);
	text_add(&text, "\narch");
	for (size_t i = 0; i < profile->arch_count; i++)
		add_number(&text, ' ', profile->arches[i]);
	text_add(&text, "\nknown");
	for (size_t i = 0; i < profile->named; i++) {
		text_addc(&text, ' ');
		text_add(&text, profile->names[i]);
	}
	text_addc(&text, '\n');
	for (size_t i = 0; i < profile->count; i++)
		add_rule(&text, &profile->rules[i]);
	return arena_strdup(arena, text_str(&text));
}
