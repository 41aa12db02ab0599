#include "cli/options.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/text.h"

#include <limits.h>
#include <string.h>

static const struct option_row *find_name(const struct option_row *table, const char *name,
					  size_t length)
{
	for (const struct option_row *row = table; row->name; row++)
		if (strlen(row->name) == length && strncmp(row->name, name, length) == 0)
			return row;
	return NULL;
}

static const struct option_row *find_letter(const struct option_row *table, char letter)
{
	for (const struct option_row *row = table; row->name; row++)
		if (row->letter && row->letter == letter)
			return row;
	return NULL;
}

static bool says_no(const char *value)
{
	return strcmp(value, "false") == 0 || strcmp(value, "0") == 0;
}

/* One argument that begins with a dash, and perhaps the next one, its value. */
static int take_option(const struct option_row *table, char **argv, int argc, int *at,
		       struct options *options, struct err *err)
{
	const char *name = argv[*at] + 1 + (argv[*at][1] == '-');
	const char *equals = strchr(name, '=');
	size_t length = equals ? (size_t)(equals - name) : strlen(name);
	const struct option_row *row = find_name(table, name, length);
	const char *value = equals ? equals + 1 : NULL;

	if (!row && argv[*at][1] != '-' && length == 1)
		row = find_letter(table, *name);
	if (!row)
		return err_plain(err, -EINVAL, "unknown option %s", argv[*at]);
	if (row->value && !value) {
		if (*at + 1 >= argc)
			return err_plain(err, -EINVAL, "option --%s requires an argument",
					 row->name);
		value = argv[++*at];
	}
	if (!row->value && value && says_no(value))
		return 0;
	if (options->count == OPTIONS_GIVEN_MAX)
		return err_plain(err, -E2BIG, "too many options");
	options->given[options->count++] = (struct option_given){row, row->value ? value : NULL};
	return 0;
}

int options_parse(const struct option_row *table, char **argv, int argc, bool first_word_ends,
		  struct options *options, struct err *err)
{
	int words = 0, at, r;

	*options = (struct options){.words = argv};
	for (at = 0; at < argc; at++) {
		if (strcmp(argv[at], "--") == 0) {
			at++;
			break;
		}
		if (argv[at][0] != '-' || !argv[at][1]) {
			if (first_word_ends)
				break;
			argv[words++] = argv[at];
			continue;
		}
		r = take_option(table, argv, argc, &at, options, err);
		if (r < 0)
			return r;
	}
	if (words == 0) {
		options->words = argv + at;
		words = argc - at;
		at = argc;
	}
	while (at < argc)
		argv[words++] = argv[at++];
	options->word_count = words;
	return 0;
}

const char *option_value(const struct options *options, const char *name)
{
	const char *value = NULL;

	for (size_t i = 0; i < options->count; i++)
		if (strcmp(options->given[i].row->name, name) == 0)
			value = options->given[i].value;
	return value;
}

bool option_flag(const struct options *options, const char *name)
{
	for (size_t i = 0; i < options->count; i++)
		if (strcmp(options->given[i].row->name, name) == 0)
			return true;
	return false;
}

const char *const *option_values(struct arena *arena, const struct options *options,
				 const char *name)
{
	const char **values = arena_array(arena, options->count + 1, sizeof(*values));
	size_t count = 0;

	for (size_t i = 0; i < options->count; i++)
		if (strcmp(options->given[i].row->name, name) == 0)
			values[count++] = options->given[i].value;
	return values;
}

int option_pid(const struct options *options, const char *name, pid_t *pid, struct err *err)
{
	const char *word = option_value(options, name);
	unsigned int number;

	if (!word)
		return 0;
	if (parse_u32(word, &number) < 0 || number == 0 || number > INT_MAX)
		return err_plain(err, -EINVAL, "--%s: '%s' is no process id", name, word);
	*pid = (pid_t)number;
	return 0;
}

int option_is_json(const struct options *options, const char *name, const char *other, bool *json,
		   struct err *err)
{
	const char *value = option_value(options, name);

	*json = value && strcmp(value, "json") == 0;
	if (!value || *json || strcmp(value, other) == 0)
		return 0;
	return err_plain(err, -EINVAL, "--%s: '%s' is neither %s nor json", name, value, other);
}
