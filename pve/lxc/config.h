#pragma once

#include "lib/arena.h"

#include <stddef.h>

/*
 * An LXC configuration: lines in their order, each knowing who asked for it. What a container gets
 * is read from the whole list: a single value is the last line's, an empty value takes back all
 * lines of its key before it. Pure.
 */

struct lxc_line {
	const char *key;    /* "lxc.cap.drop" */
	const char *value;  /* without enclosing blanks and quotes; "" resets the key */
	const char *text;   /* the value as it was written */
	const char *origin; /* "lxc.cap.drop: in 100.conf, line 12" */
};

struct lxc_config {
	struct arena *arena;
	size_t count;
	struct lxc_line *items;
};

/** lxc_config_add() - one more line at the end; @key, @value and @origin are kept, not copied
 * @value: blanks around it and one pair of quotes around all of it are taken away, as LXC does */
void lxc_config_add(struct lxc_config *config, const char *key, const char *value,
		    const char *origin);

/** lxc_config_last() - the line that says what @key is. Return: NULL if none does. */
const struct lxc_line *lxc_config_last(const struct lxc_config *config, const char *key);

/** lxc_config_value() - its value, "" without one. */
const char *lxc_config_value(const struct lxc_config *config, const char *key);

/**
 * lxc_config_next() - the next line of @key that no later one took back
 * @line: the one before, NULL to start
 * @key: all keys that start with it when it ends with a dot: "lxc.prlimit."
 */
const struct lxc_line *lxc_config_next(const struct lxc_config *config, const struct lxc_line *line,
				       const char *key);

#define lxc_each(line, config, key)                                                                \
	for (const struct lxc_line *line = NULL; (line = lxc_config_next((config), line, (key)));)

/** struct lxc_key - what becomes of a raw key */
struct lxc_key {
	const char *name; /* ends with a dot: all keys that start with it */
	enum lxc_use {
		LXC_ACTED,      /* the translation acts on it                           */
		LXC_ADVISORY,   /* nothing that isolates: passed over with a word on it */
		LXC_UNENFORCED, /* asks for something that the container won't have    */
	} use;
	const char *why; /* of the last two */
};

/** lxc_key_find() - what becomes of @name. Return: never NULL; unknown ones are unenforced. */
const struct lxc_key *lxc_key_find(const char *name);

/**
 * lxc_key_rename() - today's name for a key of LXC 1 and 2, or of cgroup v1
 * Return: the name, in @arena or constant; @name itself when it needs none; NULL for a key whose
 * meaning is gone: the file of a cgroup v1 controller that v2 has no like of.
 */
const char *lxc_key_rename(struct arena *arena, const char *name);
