#pragma once

#include "lib/arena.h"
#include "lib/own.h"
#include "lib/text.h"

#include <stdint.h>
#include <stdio.h>

struct err;

/*
 * JSON as a tree in an arena, read by yajl, and a writer over yajl's generator. Numbers stay text
 * until somebody asks for one kind of number: the spec has values above INT64_MAX.
 * A document with a name twice in one object keeps both; json_find() gives the last.
 */

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json {
	enum json_type type;
	bool boolean;             /* JSON_BOOL                                       */
	const char *name;         /* the member's name, when it is one of an object  */
	const char *text;         /* JSON_STRING; JSON_NUMBER as written             */
	size_t length;            /* of @text; a string with \u0000 has a shorter strlen() */
	size_t count;             /* JSON_ARRAY, JSON_OBJECT: number of children     */
	const struct json *first; /* first child, in the document's order           */
	const struct json *next;
};

#define json_each(child, parent)                                                                   \
	for (const struct json *child = (parent) ? (parent)->first : NULL; child;                  \
	     child = child->next)

/**
 * json_read() - parse a whole document
 * @name: what messages call it: "config.json"
 * @root: the tree; lives in @arena, as do all its strings
 * Return: 0; -EINVAL with name, line and column of what is wrong: also more than 64 levels, bytes
 * that are no UTF-8, a NUL character in a name, anything behind the document.
 */
int json_read(struct arena *arena, const char *name, const char *text, size_t length,
	      const struct json **root, struct err *err);

/** json_find() - the member @name of @object. Return: NULL if absent, null, or @object is none. */
const struct json *json_find(const struct json *object, const char *name);

/** json_string() - the string member @name. Return: NULL if absent or of another type. */
const char *json_string(const struct json *object, const char *name);

/* A number as one kind. Return: 0; -EINVAL: not a whole number; -ERANGE: does not fit. */
int json_u64(const struct json *number, uint64_t *value);
int json_i64(const struct json *number, int64_t *value);

const char *json_type_name(enum json_type type);

/*
 * Writing. The writer keeps no errors to ask for: a text grows or the program ends.
 *
 *	struct json_out *out = json_out_new(true);
 *	json_out_object(out, NULL);            {
 *	json_out_string(out, "id", "100");         "id": "100"
 *	json_out_end(out);                     }
 *	text = json_out_take(out);
 *
 * @name is the member's name inside an object, NULL inside an array and at the top.
 */
struct json_out;

struct json_out *json_out_new(bool indented);
void json_out_object(struct json_out *out, const char *name);
void json_out_array(struct json_out *out, const char *name);
void json_out_end(struct json_out *out); /* of the innermost open object or array */
void json_out_string(struct json_out *out, const char *name, const char *value);
/** json_out_strings() - an array of strings */
void json_out_strings(struct json_out *out, const char *name, const char *const *values,
		      size_t count);
void json_out_u64(struct json_out *out, const char *name, uint64_t value);
void json_out_i64(struct json_out *out, const char *name, int64_t value);
void json_out_bool(struct json_out *out, const char *name, bool value);
/** json_out_value() - write a parsed tree again, numbers as they were written. */
void json_out_value(struct json_out *out, const char *name, const struct json *value);

/*
 * The end of a document; each frees @out.
 * json_out_take() - the text, the caller's to free
 * json_out_keep() - the text, in @arena
 * json_out_print() - write it to @file, with one line break behind it
 */
char *json_out_take(struct json_out *out);
char *json_out_keep(struct json_out *out, struct arena *arena);
void json_out_print(struct json_out *out, FILE *file);
void json_out_free(struct json_out *out);
