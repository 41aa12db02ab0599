#include "cgroup/rdt.h"

#include <string.h>

/* "  L3:0=7ff;1=0f\n": a resource, then what it gives for each id. */

static size_t number_length(const char **number)
{
	size_t length = strcspn(*number, "=;\n");

	while (length > 1 && **number == '0') {
		(*number)++;
		length--;
	}
	return length;
}

static bool same_number(const char *a, const char *b)
{
	size_t length_a = number_length(&a), length_b = number_length(&b);

	return length_a == length_b && strncmp(a, b, length_a) == 0;
}

/* @line: behind "L3:". Return: what stands behind "ID="; NULL if nothing. */
static const char *value_of(const char *line, const char *id)
{
	for (const char *at = line; *at && *at != '\n'; at += strcspn(at, ";\n"), at += *at == ';')
		if (same_number(at, id))
			return strchr(at, '=') ? strchr(at, '=') + 1 : NULL;
	return NULL;
}

/* Return: what stands behind "NAME:" in the line of the same resource as @line; NULL: none. */
static const char *line_of(const char *text, const char *line)
{
	size_t length = strcspn(line, ":\n") + 1;

	for (const char *at = text; *at; at += strcspn(at, "\n"), at += *at == '\n') {
		at += strspn(at, " ");
		if (strncmp(at, line, length) == 0)
			return at + length;
	}
	return NULL;
}

static bool line_holds(const char *seen, const char *wanted)
{
	for (const char *at = wanted; *at && *at != '\n';
	     at += strcspn(at, ";\n"), at += *at == ';') {
		const char *value = value_of(seen, at), *equal = strpbrk(at, "=;\n");

		if (!value || !equal || *equal != '=' || !same_number(value, equal + 1))
			return false;
	}
	return true;
}

bool rdt_schemata_hold(const char *seen, const char *wanted)
{
	for (const char *at = wanted; *at; at += strcspn(at, "\n"), at += *at == '\n') {
		const char *line = line_of(seen, at);

		if (!line || !line_holds(line, at + strcspn(at, ":") + 1))
			return false;
	}
	return true;
}
