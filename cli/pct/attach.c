#include "cli/pct/attach.h"

#include "cli/output.h"
#include "cli/pct/pct.h"
#include "cli/relay.h"
#include "cli/terminal.h"
#include "cli/wait.h"
#include "lib/arena.h"
#include "lib/err.h"
#include "lib/json.h"
#include "lib/msg.h"
#include "lib/plan.h"
#include "lib/sys.h"
#include "oci/spec.h"
#include "pve/guest/guest.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/ioctl.h>

enum { EXIT_ATTACH = 1, EXIT_CANNOT_EXECUTE = 126, EXIT_NOT_FOUND = 127 };

extern char **environ;

static const char path_setting[] =
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/* As Proxmox has it: what Perl's HTTPS needs on the host is wrong inside. */
static bool kept_out(const char *variable)
{
	return strncmp(variable, "SSL_CERT_FILE=", 14) == 0 ||
	       strncmp(variable, "SSL_CERT_DIR=", 13) == 0 || !strchr(variable, '=');
}

/* The container's own come last, and so count where both set one. */
static void set_environment(struct arena *arena, struct oci_process *process, bool keep)
{
	static char *path_only[] = {(char *)path_setting, NULL};
	const struct oci_strings own = process->env;
	struct oci_strings *env = &process->env;
	char **outer = keep ? environ : path_only;
	size_t count = own.count;

	for (char **variable = outer; *variable; variable++)
		count++;
	env->items = arena_array(arena, count, sizeof(*own.items));
	env->count = 0;
	for (char **variable = outer; *variable; variable++)
		if (!kept_out(*variable))
			env->items[env->count++] = *variable;
	for (size_t i = 0; i < own.count; i++)
		env->items[env->count++] = own.items[i];
}

/* The caller's folder if the container has one of that name. */
static const char *folder(struct arena *arena, const struct guest *guest)
{
	cleanup_close int fd = -EBADF;
	char here[PATH_MAX];

	if (!getcwd(here, sizeof(here)) || here[0] != '/')
		return "/";
	fd = sys_open_in_root(guest->root_fd, here, O_PATH | O_DIRECTORY, 0);
	return fd < 0 ? "/" : arena_strdup(arena, here);
}

static void set_command(struct arena *arena, const struct attach *attach, const struct guest *guest,
			struct oci_process *process)
{
	const char **shell = arena_array(arena, 1, sizeof(*shell));

	process->args = (struct oci_strings){.items = attach->args, .count = attach->count};
	if (attach->count)
		return;
	shell[0] = guest_shell(arena, guest_read(arena, guest, "/etc/passwd"), 0);
	process->args = (struct oci_strings){.items = shell, .count = 1};
}

static int describe_process(struct pct *pct, const struct attach *attach,
			    struct oci_process *process, const struct exec_base **base,
			    struct err *err)
{
	cleanup_close int root_fd = container_root(&pct->runtime, attach->id, err);
	const struct guest guest = {.root_fd = root_fd};
	int r;

	if (root_fd < 0)
		return root_fd;
	r = container_process(&pct->runtime, pct->arena, attach->id, process, base, err);
	if (r < 0)
		return r;
	process->cwd = folder(pct->arena, &guest);
	process->user = (struct oci_user){};
	set_command(pct->arena, attach, &guest, process);
	set_environment(pct->arena, process, attach->keep_env);
	return 0;
}

static void add_origins(struct arena *arena, const struct attach *attach, struct json *origins)
{
	origin_add(arena, origins, "process.cwd", "the current folder");
	origin_add(arena, origins, "process.args",
		   attach->count ? "the command line" : "root's shell in /etc/passwd");
}

static void describe_terminal(const struct terminal *terminal, uint8_t ttys,
			      struct exec_options *exec, struct oci_process *process)
{
	struct winsize size;

	exec->console_stdio = ttys;
	process->terminal = ttys != 0;
	process->console_size.set = ttys && terminal_size(terminal, &size);
	if (!process->console_size.set)
		return;
	process->console_size.height = size.ws_row;
	process->console_size.width = size.ws_col;
}

static int failed_status(int r, const struct err *err)
{
	char line[1600];

	output_note("%s", err_text(err, line, sizeof(line)));
	if (r == -ENOENT)
		return EXIT_NOT_FOUND;
	return r == -EACCES || r == -ENOEXEC ? EXIT_CANNOT_EXECUTE : EXIT_ATTACH;
}

static int execute(struct pct *pct, const struct attach *attach, struct oci_process *process,
		   const struct exec_base *base, struct err *err)
{
	cleanup_close int signal_fd = signals_open(err), ours = -EBADF, theirs = -EBADF;
	struct json origins = {.type = JSON_OBJECT};
	struct exec_options exec = {.process = process, .base = base, .origins = &origins};
	int pair[2], status = 0, r;
	struct terminal terminal;
	pid_t pid;

	if (signal_fd < 0)
		return signal_fd;
	r = msg_pair(pair);
	if (r < 0)
		return err_set(err, r, "make a socket");
	ours = pair[0];
	theirs = exec.console_fd = pair[1];
	add_origins(pct->arena, attach, &origins);
	describe_terminal(&terminal, terminal_of_ttys(&terminal), &exec, process);
	r = container_exec(&pct->runtime, attach->id, &exec, &pid, err);
	if (r < 0)
		return failed_status(r, err);
	r = attend(pid, &terminal, pty_receive(ours), signal_fd, &status, err);
	return r < 0 ? r : exit_status_of(status);
}

int pct_attach(struct pct *pct, const struct attach *attach, struct err *err)
{
	const struct exec_base *base;
	struct oci_process process;
	int r;

	if (!pct_running(pct, attach->id))
		return err_plain(err, -ESRCH, "container '%s' not running!", attach->id);
	if (pct_paused(pct, attach->id)) {
		err_plain(err, -EBUSY, "CT %s is suspended", attach->id);
		err_hint(err, "pct resume %s", attach->id);
		return -EBUSY;
	}
	r = describe_process(pct, attach, &process, &base, err);
	if (r < 0)
		return r;
	return execute(pct, attach, &process, base, err);
}
