#pragma once

#include "lib/own.h"

#include <stddef.h>

/*
 * Memory that is freed as a whole. A parsed document and a plan own one each; nothing in them is
 * freed alone.
 */
struct arena {
	struct arena_block *newest;
};

/**
 * arena_alloc() - zeroed memory, aligned for any type, that lives as long as @arena
 * Return: the memory; out of memory ends the program with a message and status 1, as there is no
 * sensible way on before anything was changed, and the journal undoes what was.
 */
void *arena_alloc(struct arena *arena, size_t size);

/** arena_array() - room for @count members of @size bytes each, zeroed; checks for overflow. */
void *arena_array(struct arena *arena, size_t count, size_t size);

char *arena_strdup(struct arena *arena, const char *s);
char *arena_strndup(struct arena *arena, const char *s, size_t length);
char *arena_printf(struct arena *arena, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** arena_free() - give everything back; @arena is empty and usable again. */
void arena_free(struct arena *arena);
DEFINE_CLEANUP(struct arena, arena_free);
