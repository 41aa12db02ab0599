#include "cli/pctrun/criu_options.h"

#include "cli/options.h"

#include "lib/err.h"

#include <string.h>

static const struct {
	const char *name;
	enum criu_flag flag;
} flags[] = {
	{"tcp-established", CRIU_FLAG_TCP_ESTABLISHED},
	{"tcp-skip-in-flight", CRIU_FLAG_TCP_SKIP_IN_FLIGHT},
	{"tcp-close", CRIU_FLAG_TCP_CLOSE},
	{"ext-unix-sk", CRIU_FLAG_EXT_UNIX_SK},
	{"shell-job", CRIU_FLAG_SHELL_JOB},
	{"file-locks", CRIU_FLAG_FILE_LOCKS},
	{"link-remap", CRIU_FLAG_LINK_REMAP},
	{"auto-dedup", CRIU_FLAG_AUTO_DEDUP},
};

static const char *const refused[] = {"lazy-pages", "page-server"};

static int refuse(const struct options *given, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		if (!option_flag(given, refused[i]))
			continue;
		err_plain(err, -ENOTSUP, "--%s: memory can't be left with a page server",
			  refused[i]);
		err_hint(err, "--pre-dump and --parent-path make the last checkpoint short too");
		return -ENOTSUP;
	}
	return 0;
}

int criu_options_of(const struct options *given, struct criu_options *criu, struct err *err)
{
	const char *empty = option_value(given, "empty-ns");

	*criu = (struct criu_options){
		.image_path = option_value(given, "image-path"),
		.work_path = option_value(given, "work-path"),
		.cgroups_mode = option_value(given, "manage-cgroups-mode"),
		.empty_network = empty,
	};
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		criu->flags |= option_flag(given, flags[i].name) ? flags[i].flag : 0U;
	if (empty && strcmp(empty, "network") != 0)
		return err_plain(err, -EINVAL, "--empty-ns: '%s' is not network", empty);
	return refuse(given, err);
}
