#include "cli/pct.h"
#include "cli/wait.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "oci/spec.h"

#include <stdio.h>
#include <string.h>

enum { EXIT_ATTACH = 1, EXIT_CANNOT_EXECUTE = 126, EXIT_NOT_FOUND = 127 };

extern char **environ;

static const struct option_row options[] = {
	{"keep-env", 0, "0|1", "pass the caller's environment on (default: 1)"},
	{},
};

static const char path_setting[] =
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

static bool kept_out(const char *variable)
{
	return strncmp(variable, "SSL_CERT_FILE=", 14) == 0 ||
	       strncmp(variable, "SSL_CERT_DIR=", 13) == 0 || !strchr(variable, '=');
}

/* The caller's variables, or a PATH alone; then the container's own, which win. */
static void set_environment(struct arena *arena, struct oci_process *process, bool keep)
{
	const struct oci_strings own = process->env;
	size_t count = 1;

	for (char **variable = environ; *variable; variable++)
		count++;
	process->env.items = arena_array(arena, count + own.count, sizeof(*own.items));
	process->env.count = 0;
	for (char **variable = environ; keep && *variable; variable++)
		if (!kept_out(*variable))
			process->env.items[process->env.count++] = *variable;
	if (!keep)
		process->env.items[process->env.count++] = path_setting;
	for (size_t i = 0; i < own.count; i++)
		process->env.items[process->env.count++] = own.items[i];
}

static int describe_process(struct pct *pct, const struct options *given, const char **args,
			    size_t count, struct oci_process *process, struct err *err)
{
	const char *keep = option_value(given, "keep-env");
	int r;

	r = container_process(&pct->runtime, pct->arena, given->words[0], process, err);
	if (r < 0)
		return r;
	process->terminal = false;
	process->cwd = "/";
	process->args.items = args;
	process->args.count = count;
	process->user = (struct oci_user){};
	set_environment(pct->arena, process, !keep || strcmp(keep, "0") != 0);
	return 0;
}

static int failed_status(int r, const struct err *err)
{
	char line[1600];

	(void)fprintf(stderr, "%s\n", err_text(err, line, sizeof(line)));
	if (r == -ENOENT)
		return EXIT_NOT_FOUND;
	return r == -EACCES || r == -ENOEXEC ? EXIT_CANNOT_EXECUTE : EXIT_ATTACH;
}

static int attach(struct pct *pct, const struct options *given, const char **args, size_t count,
		  struct err *err)
{
	cleanup_close int signal_fd = -EBADF;
	struct oci_process process;
	struct exec_options exec = {.process = &process};
	int console_fd, status = 0, r;
	pid_t pid;

	if (!pct_running(pct, given->words[0]))
		return err_plain(err, -ESRCH, "container '%s' not running!", given->words[0]);
	r = describe_process(pct, given, args, count, &process, err);
	if (r < 0)
		return r;
	signal_fd = signals_open(err);
	if (signal_fd < 0)
		return signal_fd;
	r = container_exec(&pct->runtime, given->words[0], &exec, &pid, &console_fd, err);
	if (r < 0)
		return failed_status(r, err);
	r = wait_forwarding(pid, signal_fd, &status, err);
	return r < 0 ? r : exit_status_of(status);
}

static int run_exec(struct pct *pct, const struct options *given, struct err *err)
{
	if (given->word_count < 2)
		return err_plain(err, -EINVAL, "missing command");
	return attach(pct, given, (const char **)given->words + 1, (size_t)given->word_count - 1,
		      err);
}

static int run_enter(struct pct *pct, const struct options *given, struct err *err)
{
	static const char *shell[] = {"/bin/sh"};

	return attach(pct, given, shell, 1, err);
}

const struct pct_verb pct_exec = {
	.name = "exec",
	.words = "<vmid> -- <command>",
	.help = "run a command in a container",
	.options = options,
	.words_min = 1,
	.words_max = 4096,
	.run = run_exec,
};

const struct pct_verb pct_enter = {
	.name = "enter",
	.words = "<vmid>",
	.help = "run a shell in a container",
	.options = options,
	.words_min = 1,
	.words_max = 1,
	.run = run_enter,
};
