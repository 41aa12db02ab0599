#include "pve/conf/schema.h"

#include "lib/arena.h"
#include "lib/err.h"

#include <criterion/criterion.h>
#include <string.h>

Test(schema, names)
{
	static const struct {
		const char *key;
		const char *row; /* NULL: none */
	} rows[] = {
		{"memory", "memory"}, {"net0", "net"},
		{"net31", "net"},     {"net32", NULL},
		{"net", NULL},        {"net00", NULL},
		{"net-1", NULL},      {"mp255", "mp"},
		{"mp256", NULL},      {"unused255", "unused"},
		{"dev0", "dev"},      {"tty1", NULL},
		{"", NULL},           {"memoryx", NULL},
		{"shared", NULL},     {"net99999999999", NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct schema_key *row = schema_find(rows[i].key);

		cr_expect_str_eq(row ? row->name : "none", rows[i].row ?: "none", "%s",
				 rows[i].key);
	}
}

/* What a file may have, what a command may set, and what is kept. */
Test(schema, checks)
{
	static const struct {
		const char *key, *text;
		const char *value; /* NULL: refused in files */
		const char *api;   /* why commands refuse it, NULL: they don't */
	} rows[] = {
		{"memory", "0512", "512"},
		{"memory", "8", "8", "value must have a minimum value of 16"},
		{"memory", "-8"},
		{"memory", ""},
		{"tty", "9", "9", "value must have a maximum value of 6"},
		{"arch", "x86", "x86",
		 "value 'x86' does not have a value in the enumeration 'amd64, i386, arm64, armhf, "
		 "riscv32, riscv64'"},
		{"ostype", "openeuler", "openeuler"},
		{"cmode", "shell", "shell"},
		{"cpulimit", "1.5", "1.5"},
		{"cpulimit", "9999", "9999", "value must have a maximum value of 8192"},
		{"cpulimit", ".5"},
		{"cpulimit", "1."},
		{"console", "On", "1"},
		{"console", "NO", "0"},
		{"console", "2"},
		{"hostname", "a-b.example", "a-b.example"},
		{"hostname", "-a"},
		{"nameserver", "192.0.2.1,2001:db8::1 fe80::1%eth0",
		 "192.0.2.1,2001:db8::1 fe80::1%eth0"},
		{"nameserver", "host"},
		{"features", "keyctl=on", "keyctl=on"},
		{"features", "nesting"},
		{"startup", "2,up=10", "2,up=10"},
		{"startup", "order=x"},
		{"entrypoint", "a\tb", "a\tb"},
		{"entrypoint", "a\x01", "a\x01", "value does not match the regex pattern"},
		{"description", "a\nb", "a\nb"},
		{"lock", "a\nb", "a\nb", "value 'a"},
		{"tags", "a;b", "a;b"},
		{"tags", "a!b"},
		{"nothing", "1"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		const char *key = rows[i].key, *text = rows[i].text, *value = NULL;
		struct err err = {};
		int r = schema_check(&arena, key, text, &value, &err);

		cr_expect_eq(r, rows[i].value ? 0 : -EINVAL, "%s: %s: %s", key, text, err.what);
		cr_expect_str_eq(value ?: "none", rows[i].value ?: "none", "%s: %s", key, text);
		if (!rows[i].value)
			continue;
		r = schema_check_api(&arena, key, text, &value, &err);
		cr_expect_eq(r, rows[i].api ? -EINVAL : 0, "%s: %s: %s", key, text, err.what);
		cr_expect_eq(strncmp(err.what, rows[i].api ?: "", strlen(rows[i].api ?: "")), 0,
			     "%s: %s: %s", key, text, err.what);
	}
}

/* Each default is one that a command may set, each row can be found by its own name. */
Test(schema, table)
{
	for (const struct schema_key *row = schema_keys; row->name; row++) {
		cleanup_(arena_free) struct arena arena = {};
		const char *key = row->count
					  ? arena_printf(&arena, "%s%u", row->name, row->count - 1)
					  : row->name;
		struct err err = {};

		cr_expect_eq(schema_find(key), row, "%s", key);
		cr_expect(row->help && *row->help, "%s", key);
		if (row->default_value)
			cr_expect_eq(schema_check_api(&arena, key, row->default_value, NULL, &err),
				     0, "%s: %s", key, err.what);
	}
}
