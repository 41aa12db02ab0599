#include "cli/pct.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/text.h"
#include "pve/create.h"
#include "pve/schema.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

enum { ROWS_MAX = 1024, PERCENT = 100 };

/* What create has beside the options of the config itself. */
static const struct option_row own_options[] = {
	{"storage", 0, "ID", "storage for volumes (default: local)"},
	{"password", 0, "TEXT", "root's password inside, plain or as crypt(3) makes it"},
	{"ssh-public-keys", 0, "FILE", "keys that may log in as root"},
	{"shift-free", 0, NULL,
	 "files are owned by 0 to 65535 and shown through an id-mapped mount"},
};

/* The own ones and a row for each key of the schema: net0 to net31 and all. */
static const struct option_row *all_options(struct arena *arena)
{
	struct option_row *rows = arena_array(arena, ROWS_MAX, sizeof(*rows));
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(own_options); i++)
		rows[n++] = own_options[i];
	for (const struct schema_key *key = schema_keys; key->name; key++)
		for (unsigned int i = 0; i < (key->count ? key->count : 1) && n + 1 < ROWS_MAX; i++)
			rows[n++] = (struct option_row){
				.name = key->count ? arena_printf(arena, "%s%u", key->name, i)
						   : key->name,
				.value = key->value_help ? key->value_help : "VALUE",
				.help = key->help,
			};
	return rows;
}

static bool is_own(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(own_options); i++)
		if (strcmp(own_options[i].name, name) == 0)
			return true;
	return false;
}

/* rootfs and mpN may ask for a volume to be made, which no file ever says. */
static bool is_volume(const char *name)
{
	return strcmp(name, "rootfs") == 0 || (starts_with(name, "mp") && isdigit(name[2]));
}

static int read_settings(struct arena *arena, const struct options *given,
			 struct create_request *request, struct err *err)
{
	const char *(*pairs)[2] = arena_array(arena, given->count, sizeof(*pairs));

	for (size_t i = 0; i < given->count; i++) {
		const char *name = given->given[i].row->name, *value = given->given[i].value;
		int r = 0;

		if (is_own(name))
			continue;
		if (!is_volume(name))
			r = schema_check_api(arena, name, value, &value, err);
		if (r < 0) {
			err_add(err, "400 Parameter verification failed. %s", name);
			return r;
		}
		pairs[request->count][0] = name;
		pairs[request->count++][1] = value;
	}
	request->options = (const char *const(*)[2])pairs;
	return 0;
}

static void show_progress(void *data, uint64_t done, uint64_t total)
{
	unsigned int *shown = data, percent = total ? (unsigned int)(done * PERCENT / total) : 0;

	if (percent == *shown)
		return;
	*shown = percent;
	(void)fprintf(stderr, "\rextracting archive: %u %%%s", percent,
		      percent == PERCENT ? "\n" : "");
}

static int create(struct pct *pct, const struct options *given, struct err *err)
{
	const char *keys = option_value(given, "ssh-public-keys");
	unsigned int shown = 0;
	struct create_request request = {
		.etc = &pct->etc,
		.id = given->words[0],
		.archive = given->words[1],
		.storage = option_value(given, "storage"),
		.password = option_value(given, "password"),
		.shift_free = option_flag(given, "shift-free"),
		.progress = isatty(2) ? show_progress : NULL,
		.data = &shown,
	};
	int r;

	r = read_settings(pct->arena, given, &request, err);
	if (r == 0 && keys)
		r = file_read(pct->arena, AT_FDCWD, keys, 0, &request.keys, NULL, err);
	return r < 0 ? r : create_container(&request, err);
}

const struct pct_verb pct_create = {
	.name = "create",
	.words = "<vmid> <ostemplate>",
	.help = "make a container from a template",
	.make_options = all_options,
	.words_min = 2,
	.words_max = 2,
	.run = create,
};
