/*
 * The runtime-spec's own JSON schema against our reader and writer. A walk over the schema makes a
 * document that has every property, each integer at its largest; then the same document with one
 * value changed, for each value in turn. Nothing here names a property, but those we pass over.
 */
#include "oci/spec.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/text.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define SPECS "/usr/share/gocode/src/github.com/opencontainers/runtime-spec/schema"
#define OURS  "tests/data/oci-schema"

/* Of other platforms; and consoleSize, of 64 bits in the schema, which ours has by its kernel type.
 */
static const char *const passed_over[] = {"solaris",     "windows",  "vm",          "zos",
					  "commandLine", "username", "consoleSize", NULL};

enum { FILES_MAX = 8, PATH_ROOM = 256 };

/* A place in one of the schema's files: "$ref" leads from one to the other. */
struct place {
	const struct json *node, *file;
};

struct schema {
	struct arena arena;
	struct {
		const char *name;
		const struct json *root;
	} files[FILES_MAX];
	size_t count;
};

enum change { KEEP, WRONG_TYPE, MAKE_NULL, TOO_LARGE, TOO_SMALL, FRACTION, CHANGES };

static const char *const documents[] = {"config-schema.json", "config-1.3.json"};

/* One walk: writes the document, with @change made to the value number @target. */
struct walk {
	struct schema *schema;
	const char *document;
	struct text text;
	size_t seen, target; /* number of the present value, of the changed one */
	enum change change;
	char path[PATH_ROOM];    /* of the value that is being written */
	char changed[PATH_ROOM]; /* of the changed one; "" while the change does not apply */
	const char *value;       /* what was written there */
	bool required;           /* by the schema */
};

static const struct json *schema_file(struct schema *schema, const char *name)
{
	char path[PATH_MAX];
	const char *text;
	size_t length;

	for (size_t i = 0; i < schema->count; i++)
		if (strcmp(schema->files[i].name, name) == 0)
			return schema->files[i].root;
	(void)snprintf(path, sizeof(path), "%s/%s", SPECS, name);
	if (access(path, F_OK) < 0)
		(void)snprintf(path, sizeof(path), "%s/%s", OURS, name);
	cr_assert_eq(file_read(&schema->arena, AT_FDCWD, path, 0, &text, &length, NULL), 0, "%s",
		     path);
	cr_assert_lt(schema->count, (size_t)FILES_MAX);
	schema->files[schema->count].name = arena_strdup(&schema->arena, name);
	cr_assert_eq(json_read(&schema->arena, path, text, length,
			       &schema->files[schema->count].root, NULL),
		     0, "%s", path);
	return schema->files[schema->count++].root;
}

/* "defs.json#/definitions/uint32", "#/definitions/Hook" */
static struct place follow(struct schema *schema, struct place place)
{
	const char *ref;

	while ((ref = json_string(place.node, "$ref"))) {
		const char *hash = strchr(ref, '#');
		char name[PATH_ROOM], *part, *rest = name;

		if (hash > ref)
			place.file = schema_file(
				schema, arena_strndup(&schema->arena, ref, (size_t)(hash - ref)));
		place.node = place.file;
		(void)snprintf(name, sizeof(name), "%s", hash + 2);
		while ((part = strsep(&rest, "/")))
			place.node = json_find(place.node, part);
		cr_assert_not_null(place.node, "%s leads nowhere", ref);
	}
	return place;
}

static bool is_passed_over(const struct walk *walk, const char *name)
{
	if (walk->document != documents[0])
		return false;
	for (const char *const *at = passed_over; *at; at++)
		if (strcmp(*at, name) == 0)
			return true;
	return false;
}

static bool is_required(const struct json *schema, const char *name)
{
	json_each (item, json_find(schema, "required"))
		if (strcmp(item->text, name) == 0)
			return true;
	return false;
}

static void put_value(struct walk *walk, struct place place, const char *type);

/* The integer types end where C's do: one more is another number than the schema's largest. */
static const char *beyond(const char *largest)
{
	static const char *const pairs[][2] = {
		{"65535", "65536"},
		{"4294967295", "4294967296"},
		{"9223372036854775807", "9223372036854775808"},
		{"18446744073709551615", "18446744073709551616"},
	};

	for (size_t i = 0; largest && i < ARRAY_SIZE(pairs); i++)
		if (strcmp(pairs[i][0], largest) == 0)
			return pairs[i][1];
	return NULL;
}

static const char *limit_of(const struct json *node, const char *which)
{
	const struct json *limit = json_find(node, which);

	return limit ? limit->text : NULL;
}

/* What stands in the value's place. Return: NULL where the change makes no sense. */
static const char *changed_value(enum change change, const struct json *node, const char *type)
{
	bool integer = strcmp(type, "integer") == 0;
	const char *minimum = limit_of(node, "minimum");

	switch (change) {
	case WRONG_TYPE:
		return strcmp(type, "string") == 0 ? "true" : "\"wrong\"";
	case MAKE_NULL:
		return "null";
	case TOO_LARGE:
		return integer ? beyond(limit_of(node, "maximum")) : NULL;
	case TOO_SMALL:
		if (!integer || !minimum)
			return NULL;
		return minimum[0] == '-' ? "-9223372036854775809" : minimum[0] == '0' ? "-1" : NULL;
	case FRACTION:
		return integer ? "1.5" : NULL;
	default:
		return NULL;
	}
}

static void put(struct walk *walk, struct place place, bool required)
{
	const char *type, *instead = NULL;

	place = follow(walk->schema, place);
	if (json_find(place.node, "anyOf")) {
		put(walk, (struct place){json_find(place.node, "anyOf")->first, place.file},
		    required);
		return;
	}
	type = json_string(place.node, "type");
	type = type ? type : "object";
	if (walk->seen++ == walk->target)
		instead = changed_value(walk->change, place.node, type);
	if (!instead) {
		put_value(walk, place, type);
		return;
	}
	(void)snprintf(walk->changed, sizeof(walk->changed), "%s", walk->path);
	walk->value = instead;
	walk->required = required;
	text_add(&walk->text, instead);
}

/* A value below the present one, which our paths call @path. */
static void put_below(struct walk *walk, const char *path, struct place place, bool required)
{
	size_t length = strlen(walk->path);

	(void)snprintf(walk->path + length, sizeof(walk->path) - length, "%s%s",
		       length && path[0] != '[' ? "." : "", path);
	put(walk, place, required);
	walk->path[length] = '\0';
}

static void put_properties(struct walk *walk, struct place place)
{
	json_each (property, json_find(place.node, "properties")) {
		if (is_passed_over(walk, property->name))
			continue;
		text_addf(&walk->text,
			  "%s\"%s\":", walk->text.at[walk->text.length - 1] == '{' ? "" : ",",
			  property->name);
		put_below(walk, property->name, (struct place){property, place.file},
			  is_required(place.node, property->name));
	}
	json_each (part, json_find(place.node, "allOf"))
		put_properties(walk, follow(walk->schema, (struct place){part, place.file}));
}

static void put_object(struct walk *walk, struct place place)
{
	const struct json *any = json_find(place.node, "additionalProperties"),
			  *patterns = json_find(place.node, "patternProperties");

	text_addc(&walk->text, '{');
	if (patterns)
		any = patterns->first;
	if (any) {
		text_add(&walk->text, "\"some.name\":");
		put_below(walk, "[\"some.name\"]", (struct place){any, place.file}, false);
	} else {
		put_properties(walk, place);
	}
	text_addc(&walk->text, '}');
}

static void put_value(struct walk *walk, struct place place, const char *type)
{
	const char *maximum = limit_of(place.node, "maximum");

	if (strcmp(type, "object") == 0) {
		put_object(walk, place);
	} else if (strcmp(type, "array") == 0) {
		text_addc(&walk->text, '[');
		put_below(walk, "[0]", (struct place){json_find(place.node, "items"), place.file},
			  false);
		text_addc(&walk->text, ']');
	} else if (strcmp(type, "string") == 0) {
		text_addf(&walk->text, "\"value %zu\"", walk->seen);
	} else if (strcmp(type, "boolean") == 0) {
		text_add(&walk->text, "true");
	} else {
		cr_assert_str_eq(type, "integer", "%s", walk->path);
		text_add(&walk->text, maximum ? maximum : "7");
	}
}

static void walk_schema(struct walk *walk)
{
	const struct json *root = schema_file(walk->schema, walk->document);

	put(walk, (struct place){root, root}, true);
}

/* The first value that @a has and @b has not, as a path; "" if there is none. */
static bool differs(const struct json *a, const struct json *b, struct text *path)
{
	const struct json *other = b ? b->first : NULL;
	size_t index = 0;

	if (!b || a->type != b->type || a->boolean != b->boolean)
		return true;
	if (a->type == JSON_ARRAY && a->count != b->count)
		return true;
	if (a->text && strcmp(a->text, b->text) != 0)
		return true;
	json_each (child, a) {
		size_t length = path->length;

		if (a->type == JSON_OBJECT)
			text_addf(path, ".%s", child->name);
		else
			text_addf(path, "[%zu]", index++);
		if (differs(child, a->type == JSON_OBJECT ? json_find(b, child->name) : other,
			    path))
			return true;
		path->length = length;
		path->at[length] = '\0';
		other = other ? other->next : NULL;
	}
	return false;
}

static void have_schema(struct schema *schema)
{
	*schema = (struct schema){};
	if (access(SPECS "/config-schema.json", R_OK) < 0)
		cr_skip_test("golang-github-opencontainers-specs-dev is not installed");
}

Test(schema, every_property_is_read_and_written)
{
	struct schema schema;

	have_schema(&schema);
	for (size_t i = 0; i < ARRAY_SIZE(documents); i++) {
		struct walk walk = {
			.schema = &schema, .document = documents[i], .target = SIZE_MAX};
		cleanup_(text_free) struct text path = {};
		const struct json *before, *after;
		cleanup_free char *written = NULL;
		struct oci_spec spec;
		struct err err = {};

		walk_schema(&walk);
		cr_assert_eq(oci_spec_read(&schema.arena, "c", text_str(&walk.text),
					   walk.text.length, &spec, &err),
			     0, "%s: %s", documents[i], err.what);
		written = oci_spec_write(&spec);
		cr_assert_eq(json_read(&schema.arena, "a", text_str(&walk.text), walk.text.length,
				       &before, NULL),
			     0);
		cr_assert_eq(json_read(&schema.arena, "b", written, strlen(written), &after, NULL),
			     0);
		cr_expect_not(differs(before, after, &path), "%s: %s is not as it was: %s",
			      documents[i], text_str(&path), written);
		cr_expect_gt(walk.seen, 40u);
		text_free(&walk.text);
	}
	arena_free(&schema.arena);
}

/* null is as good as absent; but not as an item, nor where config.md needs more than the schema. */
static bool may_be_null(const struct walk *walk)
{
	static const char *const needed[] = {"personality.domain", "Device[0].rate"};

	for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
		if (ends_with(walk->changed, needed[i]))
			return false;
	return !walk->required && !ends_with(walk->changed, "[0]");
}

static void expect_refusal(const struct walk *walk)
{
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text begin = {};
	struct oci_spec spec;
	struct err err = {};
	int r;

	text_addf(&begin, "c: %s: ", walk->changed);
	r = oci_spec_read(&arena, "c", text_str(&walk->text), walk->text.length, &spec, &err);
	if (walk->change == MAKE_NULL && may_be_null(walk)) {
		cr_expect_eq(r, 0, "%s: null gave '%s'", walk->changed, err.what);
		return;
	}
	cr_expect_eq(r, -EINVAL, "%s: %s was accepted", walk->changed, walk->value);
	cr_expect(starts_with(err.what, text_str(&begin)), "%s: %s gave '%s'", walk->changed,
		  walk->value, err.what);
}

/* Return: how many values the document has. */
static size_t change_value(struct schema *schema, const char *document, size_t target,
			   enum change change, size_t *changes)
{
	struct walk walk = {
		.schema = schema, .document = document, .target = target, .change = change};

	walk_schema(&walk);
	if (*walk.changed) {
		expect_refusal(&walk);
		++*changes;
	}
	text_free(&walk.text);
	return walk.seen;
}

Test(schema, every_wrong_value_is_refused_by_its_path)
{
	struct schema schema;
	size_t changes = 0;

	have_schema(&schema);
	for (size_t i = 0; i < ARRAY_SIZE(documents); i++) {
		size_t values = change_value(&schema, documents[i], SIZE_MAX, KEEP, &changes);

		for (size_t target = 0; target < values; target++)
			for (enum change change = WRONG_TYPE; change < CHANGES; change++)
				(void)change_value(&schema, documents[i], target, change, &changes);
	}
	cr_expect_gt(changes, 500u, "%zu", changes);
	arena_free(&schema.arena);
}
