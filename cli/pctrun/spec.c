#include "cli/pctrun/pctrun.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/file.h"
#include "oci/spec.h"
#include "oci/spec_default.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

static const struct option_row options[] = {
	{"rootless", 0, NULL, "for an ordinary user: ids mapped to the caller's"},
	{"bundle", 'b', "DIR", "folder to write config.json into (default: .)"},
	{},
};

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	const char *bundle = option_value(given, "bundle");
	const struct oci_spec_owner owner = {geteuid(), getegid()};
	cleanup_(arena_free) struct arena arena = {};
	cleanup_free char *text = NULL;
	cleanup_close int fd = -EBADF;
	char path[PATH_MAX];
	struct oci_spec spec;
	int r;

	(void)snprintf(path, sizeof(path), "%s/config.json", bundle ? bundle : ".");
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0 && errno == EEXIST)
		return err_plain(err, -EEXIST, "config.json already exists: %s", path);
	if (fd < 0) {
		r = err_set(err, -errno, "write %s", path);
		if (bundle && (r == -ENOENT || r == -ENOTDIR))
			err_hint(err, "make the folder first: mkdir -p %s", bundle);
		return r;
	}
	oci_spec_default(&arena, option_flag(given, "rootless") ? &owner : NULL, &spec);
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
