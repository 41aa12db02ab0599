#include "lib/json.h"

#include "lib/err.h"

#include <ctype.h>
#include <string.h>
#include <yajl/yajl_parse.h>

enum { DEPTH_MAX = 64 };

/* The open arrays and objects on the way from the root to where the parser is. */
struct reader {
	struct arena *arena;
	struct json *open[DEPTH_MAX];
	struct json *last[DEPTH_MAX]; /* last child of each */
	size_t depth;
	const char *name; /* of the member whose value comes next */
	struct json *root;
	const char *refused; /* why the parser was stopped; NULL: it was not */
};

static struct json *reader_add(struct reader *reader, enum json_type type)
{
	struct json *value = arena_alloc(reader->arena, sizeof(*value));
	struct json **last;

	value->type = type;
	value->name = take_ptr(&reader->name);
	if (reader->depth == 0) {
		reader->root = value;
		return value;
	}
	last = &reader->last[reader->depth - 1];
	if (*last)
		(*last)->next = value;
	else
		reader->open[reader->depth - 1]->first = value;
	*last = value;
	reader->open[reader->depth - 1]->count++;
	return value;
}

static int reader_open(struct reader *reader, enum json_type type)
{
	struct json *value;

	if (reader->depth == DEPTH_MAX) {
		reader->refused = "more than 64 levels of arrays and objects";
		return 0;
	}
	value = reader_add(reader, type);
	reader->open[reader->depth] = value;
	reader->last[reader->depth] = NULL;
	reader->depth++;
	return 1;
}

static int on_null(void *data)
{
	return reader_add(data, JSON_NULL) != NULL;
}

static int on_boolean(void *data, int boolean)
{
	reader_add(data, JSON_BOOL)->boolean = boolean;
	return 1;
}

static int on_text(struct reader *reader, enum json_type type, const char *text, size_t length)
{
	struct json *value = reader_add(reader, type);

	value->text = arena_strndup(reader->arena, text, length);
	value->length = length;
	return 1;
}

static int on_number(void *data, const char *text, size_t length)
{
	return on_text(data, JSON_NUMBER, text, length);
}

static int on_string(void *data, const unsigned char *text, size_t length)
{
	return on_text(data, JSON_STRING, (const char *)text, length);
}

static int on_object(void *data)
{
	return reader_open(data, JSON_OBJECT);
}

static int on_name(void *data, const unsigned char *text, size_t length)
{
	struct reader *reader = data;

	if (memchr(text, '\0', length)) {
		reader->refused = "a name holds a NUL character";
		return 0;
	}
	reader->name = arena_strndup(reader->arena, (const char *)text, length);
	return 1;
}

static int on_array(void *data)
{
	return reader_open(data, JSON_ARRAY);
}

static int on_end(void *data)
{
	struct reader *reader = data;

	reader->depth--;
	return 1;
}

static const yajl_callbacks callbacks = {
	.yajl_null = on_null,
	.yajl_boolean = on_boolean,
	.yajl_number = on_number,
	.yajl_string = on_string,
	.yajl_start_map = on_object,
	.yajl_map_key = on_name,
	.yajl_end_map = on_end,
	.yajl_start_array = on_array,
	.yajl_end_array = on_end,
};

static int refuse(const char *name, const char *text, size_t at, const char *why, struct err *err)
{
	unsigned int line = 1, column = 1;

	for (size_t i = 0; i < at; i++) {
		column = text[i] == '\n' ? 1 : column + 1;
		line += text[i] == '\n';
	}
	return err_plain(err, -EINVAL, "%s: line %u, column %u: %s", name, line, column, why);
}

/* yajl counts the bytes of its last call, and completing takes none. */
static int refuse_parse(yajl_handle parser, const char *name, const char *text, size_t length,
			bool completed, struct err *err)
{
	size_t at = completed ? length : yajl_get_bytes_consumed(parser);
	unsigned char *why = yajl_get_error(parser, 0, (const unsigned char *)text, length);
	size_t end;
	int r;

	for (end = strlen((char *)why); end > 0 && isspace(why[end - 1]); end--)
		why[end - 1] = '\0';
	r = refuse(name, text, at, (const char *)why, err);
	yajl_free_error(parser, why);
	return r;
}

int json_read(struct arena *arena, const char *name, const char *text, size_t length,
	      const struct json **root, struct err *err)
{
	struct reader reader = {.arena = arena};
	yajl_handle parser = yajl_alloc(&callbacks, NULL, &reader);
	bool completed = false;
	yajl_status status;
	int r = 0;

	if (!parser)
		return err_set(err, -ENOMEM, "%s", name);
	status = yajl_parse(parser, (const unsigned char *)text, length);
	if (status == yajl_status_ok) {
		status = yajl_complete_parse(parser);
		completed = true;
	}
	if (reader.refused)
		r = refuse(name, text, yajl_get_bytes_consumed(parser), reader.refused, err);
	else if (status != yajl_status_ok)
		r = refuse_parse(parser, name, text, length, completed, err);
	else if (!reader.root)
		r = refuse(name, text, 0, "is empty", err);
	else
		*root = reader.root;
	yajl_free(parser);
	return r;
}

const struct json *json_find(const struct json *object, const char *name)
{
	const struct json *found = NULL;

	if (!object || object->type != JSON_OBJECT)
		return NULL;
	json_each (member, object)
		if (member->name[0] == name[0] && strcmp(member->name, name) == 0)
			found = member;
	return found && found->type != JSON_NULL ? found : NULL;
}

const char *json_string(const struct json *object, const char *name)
{
	const struct json *member = json_find(object, name);

	return member && member->type == JSON_STRING ? member->text : NULL;
}

int json_u64(const struct json *number, uint64_t *value)
{
	return number && number->type == JSON_NUMBER ? parse_u64(number->text, value) : -EINVAL;
}

int json_i64(const struct json *number, int64_t *value)
{
	return number && number->type == JSON_NUMBER ? parse_i64(number->text, value) : -EINVAL;
}

const char *json_type_name(enum json_type type)
{
	static const char *const names[] = {
		[JSON_NULL] = "null",       [JSON_BOOL] = "a boolean", [JSON_NUMBER] = "a number",
		[JSON_STRING] = "a string", [JSON_ARRAY] = "an array", [JSON_OBJECT] = "an object",
	};

	return names[type];
}
