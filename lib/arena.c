#include "lib/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 16 * 1024, ALIGNMENT = 16, PRINTF_FIRST = 256 };

struct arena_block {
	struct arena_block *older;
	size_t size;
	size_t used;
	_Alignas(ALIGNMENT) char memory[];
};

static void *out_of_memory(void)
{
	(void)fputs("pctrun: out of memory\n", stderr);
	exit(1);
}

static struct arena_block *block_new(size_t size)
{
	struct arena_block *block = malloc(sizeof(*block) + size);

	if (!block)
		return out_of_memory();
	block->older = NULL;
	block->size = size;
	block->used = 0;
	return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->newest;
	void *memory;

	if (size > PTRDIFF_MAX / 2)
		return out_of_memory();
	size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	if (!block || block->size - block->used < size) {
		block = block_new(size > BLOCK_SIZE ? size : BLOCK_SIZE);
		block->older = arena->newest;
		arena->newest = block;
	}
	memory = block->memory + block->used;
	block->used += size;
	return memset(memory, 0, size);
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		return out_of_memory();
	return arena_alloc(arena, bytes);
}

char *arena_strndup(struct arena *arena, const char *s, size_t length)
{
	char *copy = arena_alloc(arena, length + 1);

	return memcpy(copy, s, length);
}

char *arena_strdup(struct arena *arena, const char *s)
{
	return arena_strndup(arena, s, strlen(s));
}

char *arena_printf(struct arena *arena, const char *fmt, ...)
{
	char first[PRINTF_FIRST];
	va_list args;
	int length;
	char *s;

	va_start(args, fmt);
	length = vsnprintf(first, sizeof(first), fmt, args);
	va_end(args);
	if (length < 0)
		length = 0;
	if (length < PRINTF_FIRST)
		return arena_strndup(arena, first, (size_t)length);
	s = arena_alloc(arena, (size_t)length + 1);
	va_start(args, fmt);
	(void)vsnprintf(s, (size_t)length + 1, fmt, args);
	va_end(args);
	return s;
}

void arena_free(struct arena *arena)
{
	struct arena_block *older;

	for (struct arena_block *block = arena->newest; block; block = older) {
		older = block->older;
		free(block);
	}
	arena->newest = NULL;
}
