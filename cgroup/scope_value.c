#include "cgroup/scope.h"

#include "lib/arena.h"
#include "lib/text.h"

#include <string.h>

/*
 * GVariant's text form (GLib's documentation, "GVariant Text Format"), as far as unit properties
 * need it: strings, booleans, whole numbers, arrays and tuples of them, types by keyword or "@".
 */

enum { WORDS_MAX = 256, DEPTH_MAX = 8 };

static const struct {
	const char *word;
	const char *type;
} keywords[] = {
	{"boolean", "b"}, {"byte", "y"},   {"int32", "i"},      {"uint32", "u"},    {"int64", "x"},
	{"uint64", "t"},  {"string", "s"}, {"objectpath", "o"}, {"signature", "g"},
};

struct reader {
	struct arena *arena;
	const char *at;
	const char **words;
	size_t count;
	int depth;
};

static void skip_blanks(struct reader *reader)
{
	reader->at += strspn(reader->at, " \t\n");
}

static bool skip(struct reader *reader, char c)
{
	skip_blanks(reader);
	if (*reader->at != c)
		return false;
	reader->at++;
	return true;
}

static int add_word(struct reader *reader, const char *word)
{
	if (reader->count == WORDS_MAX)
		return -E2BIG;
	reader->words[reader->count++] = word;
	return 0;
}

static int read_string(struct reader *reader, const char *type, const char **signature)
{
	const char quote = *reader->at++;
	char *word = arena_alloc(reader->arena, strlen(reader->at) + 1), *to = word;

	while (*reader->at && *reader->at != quote) {
		reader->at += *reader->at == '\\' && reader->at[1];
		*to++ = *reader->at++;
	}
	if (!*reader->at || (type && !strchr("sog", *type)))
		return -EINVAL;
	reader->at++;
	*signature = type ? type : "s";
	return add_word(reader, word);
}

static int read_number(struct reader *reader, const char *type, const char **signature)
{
	size_t length = strspn(reader->at, "+-0123456789");
	const char *word = arena_strndup(reader->arena, reader->at, length);
	const bool is_signed = !type || strchr("ix", *type);
	unsigned long natural;
	long whole;

	if (type && !strchr("yiuxt", *type))
		return -EINVAL;
	if (is_signed ? parse_i64(word, &whole) < 0 : parse_u64(word, &natural) < 0)
		return -EINVAL;
	reader->at += length;
	*signature = type ? type : "i";
	return add_word(reader, word);
}

static int read_value(struct reader *reader, const char *type, const char **signature);

/* The first member says what the others are. */
static int read_array(struct reader *reader, const char *type, const char **signature)
{
	const char *inner = type ? type + 1 : NULL;
	size_t count_at = reader->count, members = 0;
	int r;

	if (type && *type != 'a')
		return -EINVAL;
	r = add_word(reader, "0");
	while (r == 0 && !skip(reader, ']')) {
		if (members++ > 0 && !skip(reader, ','))
			return -EINVAL;
		r = read_value(reader, inner, &inner);
	}
	if (r == 0 && !inner)
		r = -EINVAL; /* an empty one of nothing known */
	if (r < 0)
		return r;
	reader->words[count_at] = arena_printf(reader->arena, "%zu", members);
	*signature = arena_printf(reader->arena, "a%s", inner);
	return 0;
}

/* Its members' own keywords decide; a type from outside is checked at the end. */
static int read_tuple(struct reader *reader, const char *type, const char **signature)
{
	cleanup_(text_free) struct text all = {};
	int r = 0;

	text_addc(&all, '(');
	for (size_t members = 0; r == 0 && !skip(reader, ')'); members++) {
		const char *one = NULL;

		if (members > 0 && !skip(reader, ','))
			return -EINVAL;
		r = read_value(reader, NULL, &one);
		text_add(&all, one ? one : "");
	}
	text_addc(&all, ')');
	*signature = arena_strdup(reader->arena, text_str(&all));
	return r == 0 && type && strcmp(type, *signature) != 0 ? -EINVAL : r;
}

/* Return: the type that a keyword or "@type" before the value names; @type where there is none. */
static const char *read_type(struct reader *reader, const char *type)
{
	size_t length = strcspn(reader->at, " ");

	if (*reader->at == '@') {
		type = arena_strndup(reader->arena, reader->at + 1, length - 1);
		reader->at += length;
		skip_blanks(reader);
		return type;
	}
	for (size_t i = 0; i < ARRAY_SIZE(keywords); i++)
		if (strlen(keywords[i].word) == length &&
		    strncmp(keywords[i].word, reader->at, length) == 0) {
			reader->at += length;
			skip_blanks(reader);
			return keywords[i].type;
		}
	return type;
}

static int read_boolean(struct reader *reader, const char *type, const char **signature)
{
	const char *word = starts_with(reader->at, "true") ? "true" : "false";

	if (!starts_with(reader->at, word) || (type && *type != 'b'))
		return -EINVAL;
	reader->at += strlen(word);
	*signature = "b";
	return add_word(reader, word);
}

static int read_value(struct reader *reader, const char *type, const char **signature)
{
	int r;

	skip_blanks(reader);
	type = read_type(reader, type);
	if (reader->depth == DEPTH_MAX)
		return -E2BIG;
	reader->depth++;
	if (*reader->at == '\'' || *reader->at == '"')
		r = read_string(reader, type, signature);
	else if (*reader->at && strchr("+-0123456789", *reader->at))
		r = read_number(reader, type, signature);
	else if (skip(reader, '['))
		r = read_array(reader, type, signature);
	else if (skip(reader, '('))
		r = read_tuple(reader, type, signature);
	else
		r = read_boolean(reader, type, signature);
	reader->depth--;
	return r;
}

int scope_value_read(struct arena *arena, const char *text, const char **signature,
		     const char *const **words)
{
	struct reader reader = {
		.arena = arena,
		.at = text,
		.words = arena_array(arena, WORDS_MAX + 1, sizeof(*reader.words)),
	};
	int r = read_value(&reader, NULL, signature);

	skip_blanks(&reader);
	if (r < 0 || *reader.at)
		return -EINVAL;
	*words = reader.words;
	return 0;
}
