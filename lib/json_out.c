#include "lib/json.h"

#include <string.h>
#include <yajl/yajl_gen.h>

enum { DEPTH_MAX = 64 };

struct json_out {
	yajl_gen gen;
	bool array[DEPTH_MAX]; /* of each open one: an array, else an object */
	size_t depth;
	bool indented;
};

static void *out_of_memory(void)
{
	(void)fputs("pctrun: out of memory\n", stderr);
	exit(1);
}

struct json_out *json_out_new(bool indented)
{
	struct json_out *out = calloc(1, sizeof(*out));

	if (!out)
		return out_of_memory();
	out->gen = yajl_gen_alloc(NULL);
	if (!out->gen)
		return out_of_memory();
	out->indented = indented;
	yajl_gen_config(out->gen, yajl_gen_beautify, indented);
	yajl_gen_config(out->gen, yajl_gen_indent_string, "    ");
	return out;
}

static void add_string(struct json_out *out, const char *s, size_t length)
{
	yajl_gen_string(out->gen, (const unsigned char *)s, length);
}

static void add_name(struct json_out *out, const char *name)
{
	if (name)
		add_string(out, name, strlen(name));
}

void json_out_object(struct json_out *out, const char *name)
{
	add_name(out, name);
	yajl_gen_map_open(out->gen);
	if (out->depth < DEPTH_MAX)
		out->array[out->depth++] = false;
}

void json_out_array(struct json_out *out, const char *name)
{
	add_name(out, name);
	yajl_gen_array_open(out->gen);
	if (out->depth < DEPTH_MAX)
		out->array[out->depth++] = true;
}

void json_out_end(struct json_out *out)
{
	if (out->array[--out->depth])
		yajl_gen_array_close(out->gen);
	else
		yajl_gen_map_close(out->gen);
}

void json_out_string(struct json_out *out, const char *name, const char *value)
{
	add_name(out, name);
	add_string(out, value, strlen(value));
}

void json_out_strings(struct json_out *out, const char *name, const char *const *values,
		      size_t count)
{
	json_out_array(out, name);
	for (size_t i = 0; i < count; i++)
		json_out_string(out, NULL, values[i]);
	json_out_end(out);
}

static void add_number(struct json_out *out, const char *name, const char *digits)
{
	add_name(out, name);
	yajl_gen_number(out->gen, digits, strlen(digits));
}

void json_out_u64(struct json_out *out, const char *name, uint64_t value)
{
	char digits[24];

	(void)snprintf(digits, sizeof(digits), "%lu", value);
	add_number(out, name, digits);
}

void json_out_i64(struct json_out *out, const char *name, int64_t value)
{
	char digits[24];

	(void)snprintf(digits, sizeof(digits), "%ld", value);
	add_number(out, name, digits);
}

void json_out_bool(struct json_out *out, const char *name, bool value)
{
	add_name(out, name);
	yajl_gen_bool(out->gen, value);
}

void json_out_value(struct json_out *out, const char *name, const struct json *value)
{
	switch (value->type) {
	case JSON_NULL:
		add_name(out, name);
		yajl_gen_null(out->gen);
		return;
	case JSON_BOOL:
		json_out_bool(out, name, value->boolean);
		return;
	case JSON_NUMBER:
		add_number(out, name, value->text);
		return;
	case JSON_STRING:
		add_name(out, name);
		add_string(out, value->text, value->length);
		return;
	case JSON_ARRAY:
		json_out_array(out, name);
		break;
	case JSON_OBJECT:
		json_out_object(out, name);
		break;
	}
	json_each (child, value)
		json_out_value(out, child->name, child);
	json_out_end(out);
}

char *json_out_take(struct json_out *out)
{
	const unsigned char *text = NULL;
	size_t length = 0;
	char *taken;

	yajl_gen_get_buf(out->gen, &text, &length);
	taken = strndup(text ? (const char *)text : "", length); /* NULL: nothing was added */
	if (!taken)
		return out_of_memory();
	json_out_free(out);
	return taken;
}

char *json_out_keep(struct json_out *out, struct arena *arena)
{
	cleanup_free char *text = json_out_take(out);

	return arena_strdup(arena, text);
}

void json_out_print(struct json_out *out, FILE *file)
{
	const char *end = out->indented ? "" : "\n"; /* the generator ends an indented one itself */
	cleanup_free char *text = json_out_take(out);

	(void)fprintf(file, "%s%s", text, end);
}

void json_out_free(struct json_out *out)
{
	if (!out)
		return;
	yajl_gen_free(out->gen);
	free(out);
}
