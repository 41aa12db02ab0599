#include "cli/pctrun/exec_attached.h"
#include "cli/pctrun/pctrun.h"

#include "debug/shell.h"
#include "lib/arena.h"
#include "lib/err.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DEBUG_FAILED = 255 };

/* The layers' rows are in the order and by the names of shell_layers[]. */
#define LAYER(name, what)                                                                          \
	{                                                                                          \
		name, 0, "KEEP|LEAVE", what                                                        \
	}

static const struct option_row options[] = {
	{"tools", 0, "DIR", "a folder of the host with tools (default: a static busybox)"},
	{"at", 0, "PATH", "folder of the container that they cover, for this shell alone"},
	{"tty", 't', NULL, "give it a terminal, also where stdin is none"},
	LAYER("creds", "keep or leave ids, capabilities, no_new_privs (default: leave, be root)"),
	LAYER("lsm", "keep or leave the AppArmor profile or SELinux label (default: leave)"),
	LAYER("seccomp", "keep or leave the system call filter (default: leave)"),
	LAYER("cgroup", "keep or leave the cgroup: limits, device filter (default: keep)"),
	LAYER("user", "keep or leave the user namespace (default: keep)"),
	LAYER("net", "keep or leave the network namespace (default: keep)"),
	LAYER("pid", "keep or leave the pid namespace (default: keep)"),
	LAYER("ipc", "keep or leave the ipc namespace (default: keep)"),
	LAYER("uts", "keep or leave the uts namespace (default: keep)"),
	{},
};

static int read_layers(const struct options *given, struct shell *shell, struct err *err)
{
	for (size_t i = 0; shell_layers[i].name; i++) {
		const char *value = option_value(given, shell_layers[i].name);

		if (!value)
			continue;
		shell->kept[i] = strcmp(value, "keep") == 0;
		if (!shell->kept[i] && strcmp(value, "leave") != 0)
			return err_plain(err, -EINVAL, "--%s: '%s' is neither keep nor leave",
					 shell_layers[i].name, value);
	}
	return 0;
}

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *id = given->words[0];
	struct shell shell;
	int r;

	shell_init(&shell);
	shell.folder = option_value(given, "tools");
	shell.at = option_value(given, "at");
	shell.terminal = option_flag(given, "tty") || (isatty(0) && isatty(1));
	shell.term = shell.terminal ? getenv("TERM") : NULL;
	shell.args.count = (size_t)given->word_count - 1;
	shell.args.items = (const char **)given->words + 1;
	r = read_layers(given, &shell, err);
	if (r == 0)
		r = shell_prepare(runtime, &arena, id, &shell, err);
	return r < 0 ? r : exec_attached(runtime, id, &shell.exec, &shell.process, err);
}

const struct verb verb_debug = {
	.name = "debug",
	.words = "ID [COMMAND [ARGUMENTS]]",
	.help = "a shell with tools of the host in a container that has none",
	.options = options,
	.words_min = 1,
	.words_max = -1,
	.enters = true,
	.first_word_ends = true,
	.failed = DEBUG_FAILED,
	.plans = true,
	.of_running = true,
	.run = run,
};
