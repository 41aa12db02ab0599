#include "oci/spec.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/text.h"
#include "oci/spec_default.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <string.h>

static const char *const files[] = {
	"tests/data/oci-podman/config.json",
	"tests/data/oci-kubernetes/config.json",
	"tests/data/oci-full/config.json",
};

static bool same(const struct json *a, const struct json *b);

static bool same_children(const struct json *a, const struct json *b)
{
	const struct json *other = b->first;

	json_each (child, a) {
		const struct json *match =
			a->type == JSON_OBJECT ? json_find(b, child->name) : other;

		if (!match || !same(child, match))
			return false;
		other = other->next;
	}
	return true;
}

/* Members in any order. */
static bool same(const struct json *a, const struct json *b)
{
	if (a->type != b->type || a->count != b->count || a->boolean != b->boolean)
		return false;
	if (a->type == JSON_NUMBER || a->type == JSON_STRING)
		return strcmp(a->text, b->text) == 0;
	return same_children(a, b);
}

static void read_spec(struct arena *arena, const char *name, const char *text,
		      struct oci_spec *spec)
{
	struct err err = {};
	char line[1200];

	cr_assert_eq(oci_spec_read(arena, name, text, strlen(text), spec, &err), 0, "%s",
		     err_text(&err, line, sizeof(line)));
	cr_expect_eq(oci_spec_check(spec, &err), 0, "%s: %s", name,
		     err_text(&err, line, sizeof(line)));
}

Test(spec, what_is_read_is_written)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		cleanup_(arena_free) struct arena arena = {};
		cleanup_free char *written = NULL;
		const struct json *before, *after;
		struct oci_spec spec;
		const char *text;

		cr_assert_eq(file_read(&arena, AT_FDCWD, files[i], 0, &text, NULL, NULL), 0, "%s",
			     files[i]);
		read_spec(&arena, files[i], text, &spec);
		written = oci_spec_write(&spec);
		cr_assert_eq(json_read(&arena, "before", text, strlen(text), &before, NULL), 0);
		cr_assert_eq(json_read(&arena, "after", written, strlen(written), &after, NULL), 0);
		cr_expect(same(before, after), "%s became %s", files[i], written);
	}
}

Test(spec, default_is_sound)
{
	const struct oci_spec_owner owner = {.uid = 1000, .gid = 100};
	const struct oci_spec_owner *const rows[] = {NULL, &owner};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		cleanup_free char *once = NULL, *twice = NULL;
		struct oci_spec spec;

		oci_spec_default(&arena, rows[i], &spec);
		once = oci_spec_write(&spec);
		read_spec(&arena, rows[i] ? "rootless" : "root's", once, &spec);
		twice = oci_spec_write(&spec);
		cr_expect_str_eq(once, twice);
		cr_expect_eq(oci_namespace_find(&spec, "user") != NULL, rows[i] != NULL);
		cr_expect_eq(oci_namespace_find(&spec, "network") != NULL, rows[i] == NULL);
	}
}

static void expect_line(const char *text, size_t length, const char *line)
{
	cleanup_(arena_free) struct arena arena = {};
	struct oci_spec spec;
	struct err err = {};
	char got[1200];

	cr_expect_eq(oci_spec_read(&arena, "c", text, length, &spec, &err), -EINVAL, "%s", text);
	cr_expect_str_eq(err_text(&err, got, sizeof(got)), line, "%s gave '%s'", text, got);
}

Test(spec, hostile_documents)
{
	enum { DEPTH = 100, MANY = 200000 };
	static const char nul[] = "{\"ociVersion\": \"1.0.0\", \0 \"hostname\": 1}";
	cleanup_(text_free) struct text deep = {}, many = {};

	expect_line(nul, sizeof(nul) - 1,
		    "c: line 1, column 26: lexical error: invalid char in json text.");
	text_add(&deep, "{\"unknown\": ");
	for (int i = 0; i < DEPTH; i++)
		text_addc(&deep, '[');
	expect_line(text_str(&deep), deep.length,
		    "c: line 1, column 77: more than 64 levels of arrays and objects");
	text_add(&many, "{\"ociVersion\": \"1.0.0\", \"annotations\": {\"last\": \"\"");
	for (int i = 0; i < MANY; i++)
		text_addf(&many, ", \"%d\": \"\"", i);
	text_add(&many, ", \"last\": \"\"}}");
	expect_line(text_str(&many), many.length, "c: annotations[\"last\"]: is there twice");
}

Test(spec, wrong_documents)
{
	static const struct {
		const char *text, *line;
	} rows[] = {
		{"[]", "c: is an array, an object is needed"},
		{"{}", "c: ociVersion: is missing"},
		{"{\"ociVersion\": null}", "c: ociVersion: is missing"},
		{"{\"ociVersion\": 1}", "c: ociVersion: is a number, a string is needed"},
		{"{\"ociVersion\": \"1\\u0000\"}", "c: ociVersion: holds a NUL character"},
		{"{\"ociVersion\": \"1.0.0\", \"mounts\": [{}]}",
		 "c: mounts[0].destination: is missing"},
		{"{\"ociVersion\": \"1.0.0\", \"mounts\": [{\"destination\": \"/a\"}, "
		 "{\"destination\": \"/b\", \"options\": [\"ro\", 1]}]}",
		 "c: mounts[1].options[1]: is a number, a string is needed"},
		{"{\"ociVersion\": \"1.0.0\", \"annotations\": {\"a.b\": true}}",
		 "c: annotations[\"a.b\"]: is a boolean, a string is needed"},
		{"{\"ociVersion\": \"1.0.0\", \"linux\": {\"uidMappings\": [{\"containerID\": 0, "
		 "\"hostID\": 4294967296, \"size\": 1}]}}",
		 "c: linux.uidMappings[0].hostID: 4294967296 is not within 0 to 4294967295"},
		{"{\"ociVersion\": \"1.0.0\", \"linux\": {\"resources\": {\"pids\": {\"limit\": "
		 "1.5}}}}",
		 "c: linux.resources.pids.limit: 1.5 is not a whole number"},
		{"{\"ociVersion\": \"1.0.0\", \"process\": {\"user\": {\"uid\": 0, \"gid\": 0}, "
		 "\"args\": [\"a\"]}}",
		 "c: process.cwd: is missing"},
		{"{\"ociVersion\": \"1.0.0\", \"hostname\": \"a\", \"hostname\": \"b\"}",
		 "c: hostname: is there twice"},
		{"{\"ociVersion\": \"1.0.0\", \"annotations\": {\"b\": \"\", \"a\": \"\", \"b\": "
		 "\"\"}}",
		 "c: annotations[\"b\"]: is there twice"},
		{"{\"ociVersion\": \"1.0.0\"} {}",
		 "c: line 1, column 26: parse error: trailing garbage"},
		{"{\"ociVersion\": \"1.0.0\"", "c: line 1, column 23: parse error: premature EOF"},
		{"{\"ociVersion\":\n\"1.0\xff\"}",
		 "c: line 2, column 6: lexical error: invalid bytes in UTF8 string."},
		{"{\"a\\u0000b\": 1}", "c: line 1, column 12: a name holds a NUL character"},
		{"", "c: line 1, column 1: parse error: premature EOF"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		expect_line(rows[i].text, strlen(rows[i].text), rows[i].line);
}

static void read_resources(struct arena *arena, const char *text, struct oci_resources *resources)
{
	cr_assert_eq(oci_resources_read(arena, "r", text, strlen(text), resources, NULL), 0, "%s",
		     text);
}

Test(spec, changes_of_resources)
{
	static const char before[] = "{\"memory\": {\"limit\": 1, \"swap\": 2}, \"cpu\": "
				     "{\"cpus\": \"0\"}, \"unified\": "
				     "{\"a.b\": \"1\"}, \"devices\": [{\"allow\": true}]}";
	static const char changes[] = "{\"memory\": {\"limit\": 0, \"checkBeforeUpdate\": false}, "
				      "\"pids\": {\"limit\": 3}, "
				      "\"unified\": {\"c.d\": \"2\", \"e.f\": \"3\"}}";
	cleanup_(arena_free) struct arena arena = {};
	struct oci_resources resources, changed;

	read_resources(&arena, before, &resources);
	read_resources(&arena, changes, &changed);
	oci_resources_merge(&changed, &resources);
	cr_expect(resources.memory.limit.set && resources.memory.limit.value == 0);
	cr_expect_eq(resources.memory.swap.value, 2);
	cr_expect(resources.memory.check_before_update.set);
	cr_expect_str_eq(resources.cpu.cpus, "0");
	cr_expect_eq(resources.pids_limit.value, 3);
	cr_expect_eq(resources.devices.count, 1u);
	cr_expect_eq(resources.unified.count, 2u);
	cr_expect_str_eq(oci_map_find(&resources.unified, "e.f"), "3");
}
