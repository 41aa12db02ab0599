#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * The keys by which a person leaves a console: a prefix, then q. The prefix twice is the prefix
 * itself; before any other key it is dropped.
 */
struct escape {
	char prefix; /* 1 (Ctrl+a) to 26 (Ctrl+z) */
	bool begun;
};

/** escape_read() - "^a" or "a": both are Ctrl+a. Return: 0 or -EINVAL. */
int escape_read(const char *text, struct escape *escape);

/**
 * escape_filter() - take the escapes out of what was typed
 * @data: what is left for the container afterwards
 * @leave: set when the person wants to leave; what was typed behind that is dropped
 * Return: the length of what is left. An escape may begin in one call and end in the next.
 */
size_t escape_filter(struct escape *escape, char *data, size_t length, bool *leave);
