#include "cli/help.h"

#include <string.h>

enum { OPTION_ROOM = 160 };

void help_row(FILE *out, const char *verb, const char *about)
{
	(void)fprintf(out, "  %-10s  %s\n", verb, about);
}

void help_options(FILE *out, const struct option_row *options)
{
	bool heading = false;

	for (const struct option_row *row = options; row && row->name; row++) {
		char left[OPTION_ROOM];

		if (row->hidden)
			continue;
		if (!heading)
			(void)fprintf(out, "\nOptions:\n");
		heading = true;
		(void)snprintf(left, sizeof(left), "%s%c%s--%s%s%s", row->letter ? "-" : " ",
			       row->letter ? row->letter : ' ', row->letter ? ", " : "  ",
			       row->shown ? row->shown : row->name, row->value ? " " : "",
			       row->value ? row->value : "");
		(void)fprintf(out, "  %-30s  %s\n", left, row->help);
	}
}

void help_verb(FILE *out, const char *program, const char *verb, const char *words,
	       const char *about, const struct option_row *options)
{
	bool any = options && options->name;

	(void)fprintf(out, "usage: %s %s%s%s%s\n\n%s\n", program, verb, any ? " [OPTIONS]" : "",
		      *words ? " " : "", words, about);
	help_options(out, options);
}

bool help_asked(char *const *argv, int argc, bool first_word_ends)
{
	if (argc > 0 && strcmp(argv[0], "-h") == 0)
		return true;
	for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--help") == 0)
			return true;
		if (first_word_ends && argv[i][0] != '-')
			return false;
	}
	return false;
}
