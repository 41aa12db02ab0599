#include "lib/json_path.h"

#include "lib/json.h"

#include <string.h>

/* One part of a path. */
struct part {
	const char *name; /* NULL: an index */
	unsigned int index;
};

/* What stands before @end; *@path behind it. Return: NULL: there is none. */
static const char *until(struct arena *arena, const char **path, char end)
{
	const char *at = strchr(*path, end);
	const char *word = at ? arena_strndup(arena, *path, (size_t)(at - *path)) : NULL;

	*path = at ? at + 1 : *path;
	return word;
}

/* "[3]", "["a.b"]": *@path stands behind the bracket. */
static bool bracket_next(struct arena *arena, const char **path, struct part *part)
{
	const bool quoted = **path == '"';
	const char *word;

	*path += quoted;
	word = until(arena, path, quoted ? '"' : ']');
	if (!word || (quoted && *(*path)++ != ']'))
		return false;
	part->name = quoted ? word : NULL;
	return quoted || parse_u32(word, &part->index) == 0;
}

/* Return: false: what comes next is no part of a path. *@path moves on. */
static bool part_next(struct arena *arena, const char **path, struct part *part)
{
	const size_t length = strcspn(*path, ".[");

	*part = (struct part){};
	if (**path == '[') {
		++*path;
		if (!bracket_next(arena, path, part))
			return false;
	} else {
		part->name = arena_strndup(arena, *path, length);
		*path += length;
	}
	if (**path && **path != '.' && **path != '[')
		return false;
	*path += **path == '.';
	return !part->name || *part->name;
}

static const struct json *child_of(const struct json *at, const struct part *part)
{
	unsigned int index = 0;

	if (part->name)
		return json_find(at, part->name);
	if (!at || at->type != JSON_ARRAY)
		return NULL;
	json_each (child, at)
		if (index++ == part->index)
			return child;
	return NULL;
}

/* The next part, or all that is left where that is a member's name. */
static bool step(struct arena *arena, const struct json *at, const char **path, struct part *part)
{
	if (!json_find(at, *path))
		return part_next(arena, path, part);
	*part = (struct part){.name = arena_strdup(arena, *path)};
	*path += strlen(*path);
	return true;
}

const struct json *json_at(struct arena *arena, const struct json *root, const char *path)
{
	struct part part;

	while (root && *path) {
		if (!step(arena, root, &path, &part))
			return NULL;
		root = child_of(root, &part);
	}
	return root;
}

/* --------------------------------------------------------------------------------- other values */

/* A copy of @value under another name, without neighbours. */
static struct json *named(struct arena *arena, const struct json *value, const char *name)
{
	struct json *copy = arena_alloc(arena, sizeof(*copy));

	*copy = *value;
	copy->name = name;
	copy->next = NULL;
	return copy;
}

static void append(struct json *parent, const struct json ***end, struct json *child)
{
	**end = child;
	*end = (const struct json **)&child->next;
	parent->count++;
}

/* @at with @value in the place of @part; what is null goes. */
static const struct json *replaced(struct arena *arena, const struct json *at,
				   const struct part *part, const struct json *value)
{
	struct json *copy = arena_alloc(arena, sizeof(*copy));
	const struct json *old = child_of(at, part), **end = &copy->first;

	copy->type = at ? at->type : part->name ? JSON_OBJECT : JSON_ARRAY;
	copy->name = at ? at->name : NULL;
	json_each (child, at) {
		const struct json *now = child == old ? value : child;

		if (child != old || value->type != JSON_NULL)
			append(copy, &end, named(arena, now, child->name));
	}
	if (!old && value->type != JSON_NULL)
		append(copy, &end, named(arena, value, part->name));
	return copy;
}

static bool fits(const struct json *at, const struct part *part)
{
	if (!at)
		return part->name || part->index == 0;
	return part->name ? at->type == JSON_OBJECT
			  : at->type == JSON_ARRAY && part->index <= at->count;
}

const struct json *json_with(struct arena *arena, const struct json *root, const char *path,
			     const struct json *value)
{
	struct part part;

	if (!*path)
		return value;
	if (!step(arena, root, &path, &part) || !fits(root, &part))
		return NULL;
	value = json_with(arena, child_of(root, &part), path, value);
	return value ? replaced(arena, root, &part, value) : NULL;
}
