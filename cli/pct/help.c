#include "cli/pct/help.h"

#include "cli/help.h"
#include "cli/pct/options.h"
#include "lib/text.h"

#include <string.h>

/* ----------------------------------------------------------------------------------- verbs */

static bool is_name(const struct pct_verb *verb, const char *name)
{
	return strcmp(verb->name, name) == 0 || (verb->alias && strcmp(verb->alias, name) == 0);
}

static const struct pct_verb *find_shortened(const char *name, bool ours, size_t *matches)
{
	const struct pct_verb *found = NULL;

	*matches = 0;
	for (size_t i = 0; pct_verbs[i]; i++) {
		if (pct_verbs[i]->ours != ours || !starts_with(pct_verbs[i]->name, name))
			continue;
		found = pct_verbs[i];
		++*matches;
	}
	return *matches == 1 ? found : NULL;
}

const struct pct_verb *verb_find(const char *name)
{
	const struct pct_verb *found;
	size_t matches;

	for (size_t i = 0; pct_verbs[i]; i++)
		if (is_name(pct_verbs[i], name))
			return pct_verbs[i];
	found = find_shortened(name, false, &matches);
	return matches ? found : find_shortened(name, true, &matches);
}

const struct option_row *verb_options(const struct pct_verb *verb, struct arena *arena)
{
	return verb->make_options ? verb->make_options(arena) : verb->options;
}

/* ------------------------------------------------------------------------------------ help */

static const struct option_row help_rows[] = {
	{"verbose", 0, PCT_BOOLEAN, "each command as `help COMMAND` has it"},
	{},
};

static void print_verb(const struct pct_verb *verb, struct arena *arena)
{
	help_verb(stdout, "pct", verb->name, verb->words, verb->help, verb_options(verb, arena));
}

void pct_help_print(FILE *out)
{
	(void)fprintf(out, "USAGE: pct <COMMAND> [ARGS] [OPTIONS]\n\n"
			   "manage containers described by <vmid>.conf\n\nCommands:\n");
	for (size_t i = 0; pct_verbs[i]; i++)
		help_row(out, pct_verbs[i]->name, pct_verbs[i]->help);
	help_row(out, "help", "print this help, or that of a command");
}

static void print_all(struct arena *arena)
{
	pct_help_print(stdout);
	for (size_t i = 0; pct_verbs[i]; i++) {
		(void)printf("\n");
		print_verb(pct_verbs[i], arena);
	}
}

static bool is_help(const char *word)
{
	return strcmp(word, "help") == 0 || strcmp(word, "--help") == 0;
}

/* What comes after "help". Return: whether it was answered. */
static bool answer_help(char **argv, int argc, struct arena *arena)
{
	const struct pct_verb *verb;
	struct options given;
	const char *verbose;

	if (pct_options_parse(help_rows, "", argv, argc, &given, NULL) < 0)
		return false;
	verbose = option_value(&given, "verbose");
	verb = given.word_count ? verb_find(given.words[0]) : NULL;
	if (verb)
		print_verb(verb, arena);
	else if (given.word_count && is_help(given.words[0]))
		help_verb(stdout, "pct", "help", "[<command>]", "say what pct can do", help_rows);
	else if (given.word_count)
		return false;
	else if (verbose && strcmp(verbose, "1") == 0)
		print_all(arena);
	else
		pct_help_print(stdout);
	return true;
}

bool pct_help_answer(char **argv, int argc, struct arena *arena)
{
	const struct pct_verb *verb;

	if (strcmp(argv[0], "--version") == 0) {
		(void)printf("pct version %s\n", PCTRUN_VERSION);
		return true;
	}
	if (is_help(argv[0]))
		return answer_help(argv + 1, argc - 1, arena);
	verb = help_asked(argv + 1, argc - 1, false) ? verb_find(argv[0]) : NULL;
	if (verb)
		print_verb(verb, arena);
	return verb;
}

const char *pct_help_unknown(char **argv, int argc)
{
	return argc > 1 && is_help(argv[0]) ? argv[1] : argv[0];
}
