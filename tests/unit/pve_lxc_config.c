#include "pve/lxc/config.h"

#include "lib/err.h"
#include "lib/text.h"
#include "pve/lxc/command.h"
#include "pve/lxc/devices.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct {
	const char *lines[6]; /* "key=value" */
	const char *key;
	const char *last;
	const char *all; /* with '|' between */
} lists[] = {
	{{"a=1", "a=2"}, "a", "2", "1|2"},
	{{"a=1", "a=", "a=3"}, "a", "3", "3"},
	{{"a=1", "a="}, "a", "", ""},
	{{"a=1", "b="}, "a", "1", "1"},
	{{"a.x=1", "b=2", "a.y=3", "a.x="}, "a.", "", "3"},
	{{"a= \"b c\" "}, "a", "b c", "b c"},
	{{"a='b' 'c'"}, "a", "b' 'c", "b' 'c"},
	{{"a=\"b'"}, "a", "\"b'", "\"b'"},
	{{"a=\"\"", "a=\""}, "a", "\"", "\""},
};

Test(lxc_config, values)
{
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		cleanup_(text_free) struct text all = {};
		struct arena arena = {};
		struct lxc_config config = {.arena = &arena};

		for (size_t j = 0; j < 6 && lists[i].lines[j]; j++) {
			const char *line = lists[i].lines[j];
			size_t length = strcspn(line, "=");

			lxc_config_add(&config, arena_strndup(&arena, line, length),
				       line + length + 1, "test");
		}
		lxc_each(line, &config, lists[i].key)
			text_addf(&all, "%s%s", all.length ? "|" : "", line->value);
		cr_expect_str_eq(lxc_config_value(&config, lists[i].key), lists[i].last, "row %zu",
				 i);
		cr_expect_str_eq(text_str(&all), lists[i].all, "row %zu", i);
		arena_free(&arena);
	}
}

Test(lxc_config, keys)
{
	static const struct {
		const char *key;
		const char *name; /* NULL: gone */
		enum lxc_use use;
	} rows[] = {
		{"lxc.cap.drop", "lxc.cap.drop", LXC_ACTED},
		{"lxc.aa_profile", "lxc.apparmor.profile", LXC_ACTED},
		{"lxc.limit.nofile", "lxc.prlimit.nofile", LXC_ACTED},
		{"lxc.network.type", "lxc.net.type", LXC_ACTED},
		{"lxc.cgroup.devices.deny", "lxc.cgroup2.devices.deny", LXC_ACTED},
		{"lxc.cgroup.memory.soft_limit_in_bytes", NULL, LXC_UNENFORCED},
		{"lxc.mount", "lxc.mount.fstab", LXC_ACTED},
		{"lxc.mount.entry", "lxc.mount.entry", LXC_ACTED},
		{"lxc.log.level", "lxc.log.level", LXC_ADVISORY},
		{"lxc.include", "lxc.include", LXC_UNENFORCED},
		{"lxc.nonsense", "lxc.nonsense", LXC_UNENFORCED},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct arena arena = {};
		const char *name = lxc_key_rename(&arena, rows[i].key);

		cr_expect_str_eq(name ? name : "", rows[i].name ? rows[i].name : "", "%s",
				 rows[i].key);
		if (name)
			cr_expect_eq(lxc_key_find(name)->use, rows[i].use, "%s", rows[i].key);
		arena_free(&arena);
	}
}

static const char *words_text(const struct oci_strings *words, struct text *text)
{
	text_clear(text);
	for (size_t i = 0; i < words->count; i++)
		text_addf(text, "<%s>", words->items[i]);
	return text_str(text);
}

Test(lxc_config, commands)
{
	static const struct {
		const char *text;
		const char *lxc;   /* NULL: a quote is not closed */
		const char *shell; /* likewise */
	} rows[] = {
		{"/sbin/init", "</sbin/init>", "</sbin/init>"},
		{" a  b\tc ", "<a><b><c>", "<a><b><c>"},
		{"a -g 'b c;'", "<a><-g><b c;>", "<a><-g><b c;>"},
		{"a \"b c\"'d'", "<a><b c><d>", "<a><b cd>"},
		{"a b'c d'", "<a><b'c><d'>", "<a><bc d>"},
		{"/opt/a b' --x 'y'", "</opt/a><b'><--x><y>", NULL},
		{"a 'b", NULL, NULL},
		{"a '' \"\"", "<a><><>", "<a><><>"},
		{"a\\ b \"c\\\"d\" '\\'", "<a\\><b><c\\><d\"><\\>", "<a b><c\"d><\\>"},
		{"", "", ""},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(text_free) struct text text = {};
		struct arena arena = {};
		struct oci_strings words;
		bool whole = lxc_command_split(&arena, rows[i].text, &words);

		cr_expect_eq(whole, rows[i].lxc != NULL, "LXC: %s", rows[i].text);
		if (whole && rows[i].lxc)
			cr_expect_str_eq(words_text(&words, &text), rows[i].lxc, "LXC: %s",
					 rows[i].text);
		whole = shell_split(&arena, rows[i].text, &words);
		cr_expect_eq(whole, rows[i].shell != NULL, "shell: %s", rows[i].text);
		if (whole && rows[i].shell)
			cr_expect_str_eq(words_text(&words, &text), rows[i].shell, "shell: %s",
					 rows[i].text);
		arena_free(&arena);
	}
}

static void add_number(struct text *text, const struct opt_i64 *number)
{
	if (number->set)
		text_addf(text, "%ld", number->value);
	else
		text_add(text, "*");
}

static const char *policy_text(const struct lxc_device_policy *policy, struct text *text)
{
	text_add(text, policy->allow_by_default ? "allow" : "deny");
	for (size_t i = 0; i < policy->count; i++) {
		const struct oci_device_rule *rule = &policy->items[i].rule;

		text_addf(text, ", %c%s ", rule->allow ? '+' : '-', rule->type);
		add_number(text, &rule->major);
		text_add(text, ":");
		add_number(text, &rule->minor);
		text_addf(text, " %s", rule->access);
	}
	return text_str(text);
}

Test(lxc_config, devices)
{
	static const struct {
		const char *lines[4]; /* '+' or '-', then the rule */
		const char *policy;   /* NULL: the last line is refused */
	} rows[] = {
		{{"-a", "+c *:* m", "+c 1:3 rwm"}, "deny, +c *:* m, +c 1:3 rwm"},
		{{"+c 1:3 rwm", "+a", "-c 5:1 rwm"}, "allow, -c 5:1 rwm"},
		{{"-a", "+c 5:1 rwm", "-c 5:1 rwm"}, "deny, -c 5:1 rwm"},
		{{"-a", "+c 5:1 rwm", "-c 5:1 rw"}, "deny, +c 5:1 rwm, -c 5:1 rw"},
		{{"+b 8:* r", "+b 8:* r"}, "deny, +b 8:* r"},
		{{"+c 1:3"}, NULL},
		{{"+c 1:3 x"}, NULL},
		{{"+c 1:3 rwmr"}, NULL},
		{{"+d 1:3 r"}, NULL},
		{{"+c 1 r"}, NULL},
		{{"+c"}, NULL},
		{{"+"}, NULL},
		{{"+c 99999999999:1 r"}, NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(text_free) struct text text = {};
		struct arena arena = {};
		struct lxc_device_policy policy = {};
		struct err err = {};
		int r = 0;

		for (size_t j = 0; r == 0 && j < 4 && rows[i].lines[j]; j++)
			r = lxc_device_read(&arena, *rows[i].lines[j] == '+', rows[i].lines[j] + 1,
					    "test", &policy, &err);
		cr_expect_eq(r, rows[i].policy ? 0 : -EINVAL, "row %zu: %d", i, r);
		if (rows[i].policy)
			cr_expect_str_eq(policy_text(&policy, &text), rows[i].policy, "row %zu", i);
		arena_free(&arena);
	}
}
