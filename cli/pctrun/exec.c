#include "cli/pctrun/exec_attached.h"
#include "cli/pctrun/exec_process.h"
#include "cli/pctrun/pctrun.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "oci/spec.h"

#include <fcntl.h>
#include <limits.h>

enum { EXEC_FAILED = 255 };

static const struct option_row options[] = {
	{"process", 'p', "FILE", "process.json: all that is to run"},
	{"cwd", 0, "DIR", "working directory"},
	{"env", 'e', "NAME=VALUE", "one more environment variable"},
	{"user", 'u', "UID[:GID]", "ids to run as"},
	{"additional-gids", 'g', "GID", "one more supplementary group"},
	{"cap", 'c', "CAP", "one more capability"},
	{"no-new-privs", 0, NULL, "set no_new_privs"},
	{"apparmor", 0, "PROFILE", "AppArmor profile to run under"},
	{"process-label", 0, "LABEL", "SELinux label to run under"},
	{"cgroup", 0, "PATH", "cgroup below the container's to run in"},
	{"tty", 't', NULL, "give it a terminal"},
	{"console-socket", 0, "PATH", "socket that gets the terminal's master"},
	{"detach", 'd', NULL, "return once it runs"},
	{"pid-file", 0, "FILE", "file that the process id is written to"},
	{"pidfd-socket", 0, "PATH", "socket that gets a pidfd of the process"},
	{"preserve-fds", 0, "N", "pass N more descriptors on, from 3"},
	{"ignore-paused", 0, NULL, "also in a paused container"},
	{},
};

static int process_from_file(struct arena *arena, const char *path, struct oci_process *process,
			     struct json *origins, struct err *err)
{
	const char *text;
	size_t length;
	int r;

	origin_add(arena, origins, "process", path);
	r = file_read(arena, AT_FDCWD, path, 0, &text, &length, err);
	return r < 0 ? r : oci_process_read(arena, path, text, length, process, err);
}

static int process_from_words(const struct runtime *runtime, struct arena *arena,
			      const struct options *given, struct oci_process *process,
			      struct exec_options *exec, struct json *origins, struct err *err)
{
	int r;

	if (given->word_count < 2)
		return err_plain(err, -EINVAL, "exec: a command, or --process FILE, is needed");
	r = container_process(runtime, arena, given->words[0], process, &exec->base, err);
	if (r < 0)
		return r;
	process->terminal = option_flag(given, "tty");
	process->args.count = (size_t)given->word_count - 1;
	process->args.items = (const char **)given->words + 1;
	origin_add(arena, origins, "process.args", "the command line");
	origin_add(arena, origins, "process.terminal", "--tty");
	return exec_process_options(arena, given, process, origins, err);
}

/* As runc says it; with a terminal of its own or another's a process needs no more. */
static int check_terminal(const struct exec_options *exec, struct err *err)
{
	const bool terminal = exec->process->terminal;

	if (terminal && exec->detach && !exec->console_socket)
		return err_plain(err, -EINVAL,
				 "cannot allocate tty if pctrun will detach without "
				 "setting console socket");
	if (!terminal && exec->console_socket)
		return err_plain(err, -EINVAL,
				 "cannot use console socket if pctrun will not detach "
				 "or allocate tty");
	return 0;
}

static int run(const struct runtime *runtime, const struct options *given, struct err *err)
{
	const char *file = option_value(given, "process"),
		   *fds = option_value(given, "preserve-fds");
	cleanup_(arena_free) struct arena arena = {};
	struct json origins = {.type = JSON_OBJECT};
	struct oci_process process = {};
	struct exec_options exec = {
		.process = &process,
		.origins = &origins,
		.pid_file = option_value(given, "pid-file"),
		.pidfd_socket = option_value(given, "pidfd-socket"),
		.cgroup = option_value(given, "cgroup"),
		.console_socket = option_value(given, "console-socket"),
		.console_fd = -EBADF,
		.detach = option_flag(given, "detach"),
		.ignore_paused = option_flag(given, "ignore-paused"),
	};
	pid_t pid;
	int r;

	if (fds && (parse_u32(fds, &exec.preserve_fds) < 0 || exec.preserve_fds > INT_MAX))
		return err_plain(err, -EINVAL, "--preserve-fds: '%s' is no number", fds);
	r = file ? exec_process_alone(given, err)
		 : process_from_words(runtime, &arena, given, &process, &exec, &origins, err);
	if (r == 0 && file)
		r = process_from_file(&arena, file, &process, &origins, err);
	if (r == 0)
		r = oci_process_check(&process, err);
	if (r == 0)
		r = check_terminal(&exec, err);
	if (r < 0)
		return r;
	return exec.detach ? container_exec(runtime, given->words[0], &exec, &pid, err)
			   : exec_attached(runtime, given->words[0], &exec, &process, err);
}

const struct verb verb_exec = {
	.name = "exec",
	.words = "ID COMMAND [ARGUMENTS]",
	.help = "run a further program in a container",
	.options = options,
	.words_min = 1,
	.words_max = -1,
	.enters = true,
	.first_word_ends = true,
	.failed = EXEC_FAILED,
	.plans = true,
	.run = run,
};
