#include "cli/pct/attach.h"
#include "cli/pct/options.h"
#include "cli/pct/pct.h"
#include "lib/err.h"
#include "pve/conf/value.h"

static const struct option_row options[] = {
	{"keep-env", 0, PCT_BOOLEAN, "pass the caller's environment on (default: 1)"},
	{},
};

static int attach(struct pct *pct, const struct options *given, struct err *err)
{
	const char *keep = option_value(given, "keep-env");
	const int keep_env = keep ? value_bool(keep) : 1;
	struct attach attach = {
		.id = given->words[0],
		.args = (const char **)given->words + 1,
		.count = (size_t)given->word_count - 1,
		.keep_env = keep_env,
	};

	if (keep_env < 0)
		return err_plain(err, -EINVAL,
				 "400 Parameter verification failed. keep-env: type check "
				 "('boolean') failed - got '%s'",
				 keep);
	return pct_attach(pct, &attach, err);
}

static int run_exec(struct pct *pct, const struct options *given, struct err *err)
{
	return given->word_count < 2 ? err_plain(err, -EINVAL, "missing command")
				     : attach(pct, given, err);
}

const struct pct_verb pct_exec = {
	.name = "exec",
	.words = "<vmid> -- <command>",
	.help = "run a command in a container",
	.options = options,
	.words_min = 1,
	.words_max = 4096,
	.enters = true,
	.run = run_exec,
};

const struct pct_verb pct_enter = {
	.name = "enter",
	.words = "<vmid>",
	.help = "run root's shell in a container",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.enters = true,
	.run = attach,
};
