#include "pve/conf/hint.h"

#include "lib/own.h"
#include "lib/text.h"
#include "pve/conf/value.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static size_t key_length(const char *line)
{
	return strcspn(line, ": \t=");
}

static bool is_indented(const char *line)
{
	return value_is_space(*line);
}

static bool is_header(const char *line)
{
	return *line == '[';
}

static bool is_raw(const char *line)
{
	return starts_with(line, "lxc.");
}

static bool has_capitals(const char *line)
{
	for (size_t i = 0; i < key_length(line); i++)
		if (isupper((unsigned char)line[i]))
			return true;
	return false;
}

static bool has_other_characters(const char *line)
{
	size_t length = key_length(line);

	return line[length] == ':' &&
	       strspn(line, "abcdefghijklmnopqrstuvwxyz_0123456789") < length;
}

static bool has_no_value(const char *line)
{
	const char *colon = line + key_length(line);

	return *colon == ':' && !colon[1 + strspn(colon + 1, " \t\r")];
}

static bool has_early_blank(const char *line)
{
	const char *end = line + key_length(line);

	return *end != ':' && end[strspn(end, " \t")] == ':';
}

/* The first that fits. */
static const struct {
	bool (*fits)(const char *line);
	const char *hint;
} hints[] = {
	{is_indented, "nothing stands before the key"},
	{is_header, "a section is [pve:pending], or a snapshot's name of two or more letters, "
		    "digits, '_', '-'"},
	{is_raw, "no raw key that is let through"},
	{has_capitals, "keys are in lower case"},
	{has_other_characters, "keys are letters and '_', then perhaps a number"},
	{has_no_value, "the value is missing"},
	{has_early_blank, "no blank before the colon"},
};

const char *conf_hint(const char *line)
{
	for (size_t i = 0; i < ARRAY_SIZE(hints); i++)
		if (hints[i].fits(line))
			return hints[i].hint;
	return "write KEY: VALUE";
}
