#pragma once

struct arena;
struct program;

/*
 * Compiled filters on disk, in <state root>/.cache/seccomp: a file is a header, the whole key and
 * the program. Only a file whose key is equal byte for byte is taken, so that an accident of the
 * name's hash can't give a container another one's filter; and only one that is ours and that
 * nobody else can write.
 */

enum { CACHE_FILES_MAX = 64 };

/** cache_find() - the program of @key, in @arena. Return: 0; -ENOENT: there is none to be used. */
int cache_find(struct arena *arena, const char *state_root, const char *key,
	       struct program *program);

/**
 * cache_add() - store a program; the oldest go when there are more than CACHE_FILES_MAX
 * Return: 0 or a negative errno: no cache is no reason to fail.
 */
int cache_add(const char *state_root, const char *key, const struct program *program);
