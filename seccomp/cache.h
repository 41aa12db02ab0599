#pragma once

#include <stddef.h>

struct err;
struct program;

/*
 * Compiled filters on disk, in <state root>/.cache/seccomp: a file is a header, the whole key and
 * the program. Only a file whose key is equal byte for byte is taken, so that an accident of the
 * name's hash can't give a container another one's filter; and only one that is ours and that
 * nobody else can write.
 */

enum { CACHE_FILES_MAX = 64 };

/**
 * cache_open() - the file with the program of @key, at its start
 * Return: a descriptor; -ENOENT where there is none that may be used.
 */
int cache_open(const char *state_root, const char *key);

/**
 * cache_add() - store a program; the oldest go when there are more than CACHE_FILES_MAX
 * Return: a descriptor as of cache_open(), of a file in memory where the cache can't be written.
 */
int cache_add(const char *state_root, const char *key, const struct program *program,
	      struct err *err);

struct arena;
/** cache_program() - the program in a file of the cache, in @arena. Return: 0 or -EBADMSG. */
int cache_program(struct arena *arena, int file_fd, struct program *program);
