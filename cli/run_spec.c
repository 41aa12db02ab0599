#include "cli/pctrun.h"

#include "lib/err.h"
#include "oci/spec.h"
#include "oci/spec_default.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "lib/file.h"

static const struct option_row options[] = {
	{"bundle", 'b', "DIR", "folder to write config.json into (default: .)"},
	{},
};

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	const char *bundle = option_value(given, "bundle");
	cleanup_free char *text = NULL;
	cleanup_close int fd = -EBADF;
	char path[PATH_MAX];
	struct oci_spec spec;
	int r;

	(void)snprintf(path, sizeof(path), "%s/config.json", bundle ? bundle : ".");
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0 && errno == EEXIST)
		return err_plain(err, -EEXIST, "config.json already exists: %s", path);
	if (fd < 0)
		return err_set(err, -errno, "write %s", path);
	oci_spec_default(&spec);
	text = oci_spec_write(&spec);
	r = write_all(fd, text, strlen(text));
	return r < 0 ? err_set(err, r, "write %s", path) : 0;
}

const struct verb verb_spec = {
	.name = "spec",
	.words = "",
	.help = "write an example config.json",
	.options = options,
	.run = run,
};
