#include "cli/pct/options.h"

#include "cli/options.h"
#include "lib/err.h"
#include "pve/conf/value.h"

#include <string.h>
#include <strings.h>

static bool is_row(const struct option_row *row, const char *name, size_t length)
{
	return strncasecmp(row->name, name, length) == 0;
}

/* The whole name, or a beginning that only one has. */
static const struct option_row *find_row(const struct option_row *table, const char *name,
					 size_t length)
{
	const struct option_row *found = NULL;
	size_t matches = 0;

	for (const struct option_row *row = table; row->name && length; row++) {
		if (!is_row(row, name, length))
			continue;
		if (strlen(row->name) == length)
			return row;
		found = row;
		matches++;
	}
	return matches == 1 ? found : NULL;
}

/* A boolean's value: what stands behind '=', the next word if it is one, or none. */
static int read_boolean(const struct option_row *row, const char *value, char **argv, int argc,
			int *at, struct err *err)
{
	int r;

	if (!value && *at + 1 < argc && value_bool(argv[*at + 1]) >= 0)
		value = argv[++*at];
	if (!value)
		return true;
	r = value_bool(value);
	if (r < 0)
		return err_plain(err, -EINVAL, "400 unable to parse boolean option: --%s=%s",
				 row->name, value);
	return r;
}

static int add(struct options *options, const struct option_row *row, const char *value,
	       struct err *err)
{
	if (options->count == OPTIONS_GIVEN_MAX)
		return err_plain(err, -E2BIG, "400 too many options");
	options->given[options->count++] = (struct option_given){row, value};
	return 0;
}

static void drop(struct options *options, const struct option_row *row)
{
	size_t kept = 0;

	for (size_t i = 0; i < options->count; i++)
		if (options->given[i].row != row)
			options->given[kept++] = options->given[i];
	options->count = kept;
}

/* A flag is given or not; an option of the config has its value. */
static int add_boolean(struct options *options, const struct option_row *row, bool value,
		       struct err *err)
{
	if (row->value)
		return add(options, row, value ? "1" : "0", err);
	drop(options, row);
	return value ? add(options, row, NULL, err) : 0;
}

/* Is it the name of a word: in "<vmid> <disk>"? */
static bool is_word(const char *words, const char *name, size_t length)
{
	for (const char *at = strchr(words, '<'); at; at = strchr(at + 1, '<'))
		if (strncasecmp(at + 1, name, length) == 0 && at[1 + length] == '>')
			return true;
	return false;
}

/* Whether the word that it stands for is there is seen when words are counted. */
static int pass_over(const char *value, char **argv, int argc, int *at, struct err *err)
{
	if (!value && *at + 1 >= argc)
		return err_plain(err, -EINVAL,
				 "400 unable to parse option: option %s requires an argument",
				 argv[*at]);
	*at += !value;
	return 0;
}

static int take_option(const struct option_row *table, const char *words, char **argv, int argc,
		       int *at, struct options *options, struct err *err)
{
	const char *name = argv[*at] + 1 + (argv[*at][1] == '-');
	const char *value = strchr(name, '=');
	size_t length = value ? (size_t)(value - name) : strlen(name);
	const struct option_row *row = find_row(table, name, length);
	int r;

	value = value ? value + 1 : NULL;
	if (!row && is_word(words, name, length))
		return pass_over(value, argv, argc, at, err);
	if (!row)
		return err_plain(err, -EINVAL, "400 unable to parse option: unknown option %s",
				 argv[*at]);
	if (!row->value || strcmp(row->value, PCT_BOOLEAN) == 0) {
		r = read_boolean(row, value, argv, argc, at, err);
		return r < 0 ? r : add_boolean(options, row, r, err);
	}
	if (!value && *row->value == '[' && (*at + 1 >= argc || argv[*at + 1][0] == '-'))
		value = "";
	if (!value && *at + 1 >= argc)
		return err_plain(err, -EINVAL,
				 "400 unable to parse option: option --%s requires an argument",
				 row->name);
	return add(options, row, value ? value : argv[++*at], err);
}

int pct_options_parse(const struct option_row *table, const char *words, char **argv, int argc,
		      struct options *options, struct err *err)
{
	int count = 0, at, r;

	*options = (struct options){.words = argv};
	for (at = 0; at < argc; at++) {
		if (strcmp(argv[at], "--") == 0) {
			at++;
			break;
		}
		if (argv[at][0] != '-' || !argv[at][1]) {
			argv[count++] = argv[at];
			continue;
		}
		r = take_option(table, words, argv, argc, &at, options, err);
		if (r < 0)
			return r;
	}
	while (at < argc)
		argv[count++] = argv[at++];
	options->word_count = count;
	return 0;
}
