#include "cli/pct/pct.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/file.h"
#include "pve/translate/translate.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>

static const struct option_row options[] = {
	{"output", 0, "DIR", "folder to write config.json into (default: .)"},
	{},
};

static int run(struct pct *pct, const struct options *given, struct err *err)
{
	const char *output = option_value(given, "output");
	struct translation translation = {};
	cleanup_free char *text = NULL;
	char folder[PATH_MAX];
	const char *path;
	int r;

	output = output ? output : ".";
	r = make_dirs(output, 0755, err);
	if (r < 0)
		return r;
	if (!realpath(output, folder))
		return err_set(err, -errno, "folder %s", output);
	r = pct_translate(pct, given->words[0], folder, &translation, err);
	if (r == 0) {
		text = oci_spec_write(translation.spec);
		path = arena_printf(pct->arena, "%s/config.json", folder);
		r = file_replace(AT_FDCWD, path, text, strlen(text), 0644, false, err);
	}
	conf_free(&translation.conf);
	return r;
}

const struct pct_verb pct_bundle = {
	.name = "bundle",
	.reads = true,
	.ours = true,
	.words = "<vmid>",
	.help = "write the OCI bundle that a config comes to",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run,
};
