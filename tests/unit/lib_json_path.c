#include "lib/arena.h"
#include "lib/json.h"
#include "lib/json_path.h"

#include <criterion/criterion.h>
#include <string.h>

static const char document[] =
	"{\"a\":{\"b\":[1,{\"c\":\"x\"}],\"d.e\":7},\"net.ipv4\":{\"f\":null},\"s\":\"t\"}";

static const struct json *read_text(struct arena *arena, const char *text)
{
	const struct json *root = NULL;

	cr_assert_eq(json_read(arena, "test", text, strlen(text), &root, NULL), 0, "%s", text);
	return root;
}

static const char *text_of(struct arena *arena, const struct json *json)
{
	struct json_out *out = json_out_new(false);
	cleanup_free char *text = NULL;

	json_out_value(out, NULL, json);
	text = json_out_take(out);
	text[strcspn(text, "\n")] = '\0';
	return arena_strdup(arena, text);
}

Test(json_path, members)
{
	static const struct {
		const char *path, *want; /* NULL: none */
	} rows[] = {
		{"a.b[0]", "1"},
		{"a.b[1].c", "\"x\""},
		{"a.d.e", "7"},
		{"a[\"d.e\"]", "7"},
		{"net.ipv4", "{\"f\":null}"},
		{"s", "\"t\""},
		{"a.b[2]", NULL},
		{"a.b[x]", NULL},
		{"a.b[0", NULL},
		{"a.b[0]c", NULL},
		{"a.b.c", NULL},
		{"a[0]", NULL},
		{"s.t", NULL},
		{"none", NULL},
		{"a..b", NULL},
		{"a[\"d.e]", NULL},
	};
	cleanup_(arena_free) struct arena arena = {};
	const struct json *root = read_text(&arena, document);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct json *found = json_at(&arena, root, rows[i].path);

		cr_expect_eq(found != NULL, rows[i].want != NULL, "%s", rows[i].path);
		if (found && rows[i].want)
			cr_expect_str_eq(text_of(&arena, found), rows[i].want, "%s", rows[i].path);
	}
}

Test(json_path, other_values)
{
	static const struct {
		const char *path, *value, *want; /* NULL: refused */
	} rows[] = {
		{"a.b[0]", "2",
		 "{\"a\":{\"b\":[2,{\"c\":\"x\"}],\"d.e\":7},\"net.ipv4\":{\"f\":null},\"s\":"
		 "\"t\"}"},
		{"a.b[2]", "[]",
		 "{\"a\":{\"b\":[1,{\"c\":\"x\"},[]],\"d.e\":7},\"net.ipv4\":{\"f\":null},\"s\":"
		 "\"t\"}"},
		{"a.b[0]", "null",
		 "{\"a\":{\"b\":[{\"c\":\"x\"}],\"d.e\":7},\"net.ipv4\":{\"f\":null},\"s\":\"t\"}"},
		{"a.d.e", "8",
		 "{\"a\":{\"b\":[1,{\"c\":\"x\"}],\"d.e\":8},\"net.ipv4\":{\"f\":null},\"s\":"
		 "\"t\"}"},
		{"a", "{}", "{\"a\":{},\"net.ipv4\":{\"f\":null},\"s\":\"t\"}"},
		{"x.y[0].z", "true",
		 "{\"a\":{\"b\":[1,{\"c\":\"x\"}],\"d.e\":7},\"net.ipv4\":{\"f\":null},\"s\":\"t\","
		 "\"x\":{\"y\":[{\"z\":true}]}}"},
		{"a.b[3]", "1", NULL},
		{"s.t", "1", NULL},
		{"s[0]", "1", NULL},
		{"a.b.c", "1", NULL},
		{"x[1]", "1", NULL},
		{"a..b", "1", NULL},
	};
	cleanup_(arena_free) struct arena arena = {};
	const struct json *root = read_text(&arena, document);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct json *value = read_text(&arena, rows[i].value);
		const struct json *changed = json_with(&arena, root, rows[i].path, value);

		cr_expect_eq(changed != NULL, rows[i].want != NULL, "%s", rows[i].path);
		if (changed && rows[i].want)
			cr_expect_str_eq(text_of(&arena, changed), rows[i].want, "%s",
					 rows[i].path);
		cr_expect_str_eq(text_of(&arena, root), document, "%s left a mark", rows[i].path);
	}
}
