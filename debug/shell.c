#include "debug/shell.h"

#include "debug/capabilities.h"
#include "lib/arena.h"
#include "lib/err.h"
#include "lib/host.h"
#include "lib/list.h"
#include "lib/own.h"
#include "lib/plan.h"
#include "lib/sys.h"
#include "oci/state.h"
#include "runtime/join.h"

#include <fcntl.h>
#include <string.h>

enum { CREDS, LSM, SECCOMP, CGROUP, USER };

/* CREDS: ids, capabilities and no_new_privs of its program. LSM: its profile or label. CGROUP: its
 * limits and device filter with the namespace. */
const struct shell_layer shell_layers[SHELL_LAYERS + 1] = {
	[CREDS] = {"creds", false, 0},
	[LSM] = {"lsm", false, 0},
	[SECCOMP] = {"seccomp", false, 0},
	[CGROUP] = {"cgroup", true, CLONE_NEWCGROUP},
	[USER] = {"user", true, CLONE_NEWUSER},
	{"net", true, CLONE_NEWNET},
	{"pid", true, CLONE_NEWPID},
	{"ipc", true, CLONE_NEWIPC},
	{"uts", true, CLONE_NEWUTS},
	{},
};

void shell_init(struct shell *shell)
{
	*shell = (struct shell){};
	for (size_t i = 0; i < SHELL_LAYERS; i++)
		shell->kept[i] = shell_layers[i].kept;
}

/* In a user namespace of its own root has all capabilities, on the host those of the caller. */
static int be_root(struct arena *arena, bool own_userns, struct oci_process *process,
		   struct err *err)
{
	struct oci_capabilities *caps = arena_alloc(arena, sizeof(*caps));
	struct oci_strings names = {};
	struct host host;
	int r = host_probe(arena, &host, err);

	if (r < 0)
		return r;
	for (unsigned int i = 0; i <= host.last_cap && i < CAPABILITIES; i++)
		if (own_userns || host.capabilities >> i & 1)
			*list_extend(arena, &names) = capability_name(i);
	caps->bounding = caps->effective = caps->permitted = names;
	process->capabilities = caps;
	process->user = (struct oci_user){.umask = process->user.umask};
	process->no_new_privileges = false;
	process->rlimits.count = 0;
	return 0;
}

static const char *without(const char *entry, const char *name)
{
	const size_t length = strlen(name);

	return strncmp(entry, name, length) == 0 && entry[length] == '=' ? entry + length + 1
									 : NULL;
}

/* Its environment; the tools are found before what the container has itself. */
static void make_env(struct arena *arena, struct shell *shell)
{
	static const char usual[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	const struct oci_strings own = shell->process.env;
	const char *path = usual, *at = shell->tools.at;
	struct oci_strings env = {};

	for (size_t i = 0; i < own.count; i++) {
		const char *value = without(own.items[i], "PATH");

		if (value)
			path = value;
		else if (!shell->term || !without(own.items[i], "TERM"))
			*list_extend(arena, &env) = own.items[i];
	}
	shell->tools.path = path;
	*list_extend(arena, &env) =
		arena_printf(arena, "PATH=%s:%s/bin:%s/sbin:%s", at, at, at, path);
	if (shell->term)
		*list_extend(arena, &env) = arena_printf(arena, "TERM=%s", shell->term);
	shell->process.env = env;
}

static void leave_layers(struct shell *shell)
{
	struct exec_changes *changes = &shell->changes;

	*changes = (struct exec_changes){
		.own_cgroup = !shell->kept[CGROUP],
		.unfiltered = !shell->kept[SECCOMP],
		.unlabelled = !shell->kept[LSM],
		.plan = tools_plan,
		.data = &shell->tools,
	};
	for (size_t i = 0; i < SHELL_LAYERS; i++)
		if (!shell->kept[i])
			changes->stay |= shell_layers[i].namespace;
}

static bool has_terminals(int root_fd)
{
	cleanup_close int fd = sys_open_real(root_fd, "/dev/pts", O_PATH | O_DIRECTORY);

	return fd >= 0;
}

static int make_process(struct arena *arena, bool own_userns, struct shell *shell, struct err *err)
{
	struct oci_process *process = &shell->process;
	int r = 0;

	process->cwd = "/";
	process->terminal = shell->terminal;
	process->args = shell->args;
	shell->origins.type = JSON_OBJECT;
	origin_add(arena, &shell->origins, "process.cwd", "pctrun debug");
	origin_add(arena, &shell->origins, "process.args",
		   process->args.count ? "the command line" : "pctrun debug");
	if (!process->args.count)
		*list_extend(arena, &process->args) = "sh";
	if (!shell->kept[LSM])
		process->apparmor_profile = process->selinux_label = NULL;
	if (!shell->kept[CREDS])
		r = be_root(arena, own_userns, process, err);
	make_env(arena, shell);
	return r;
}

static int check_running(const struct runtime *runtime, struct arena *arena, const char *id,
			 pid_t *pid, struct err *err)
{
	struct oci_state state;
	int r = container_state(runtime, arena, id, &state, err);

	if (r < 0)
		return r;
	if (strcmp(state.status, "stopped") == 0)
		return err_plain(err, -ESRCH, "cannot debug a stopped container: %s", id);
	*pid = state.pid;
	return 0;
}

int shell_prepare(const struct runtime *runtime, struct arena *arena, const char *id,
		  struct shell *shell, struct err *err)
{
	cleanup_close int root_fd = -EBADF;
	const struct exec_base *base;
	uint64_t differing = 0;
	pid_t pid = 0;
	int r = check_running(runtime, arena, id, &pid, err);

	if (r == 0)
		r = join_differing(pid, CLONE_NEWUSER, &differing, err);
	if (r == 0)
		r = container_process(runtime, arena, id, &shell->process, &base, err);
	if (r == 0)
		r = root_fd = container_root(runtime, id, err);
	if (r >= 0)
		r = tools_find(arena, shell->folder, root_fd, shell->at, &shell->tools, err);
	if (r == 0)
		r = make_process(arena, shell->kept[USER] && differing & CLONE_NEWUSER, shell, err);
	if (r == 0) {
		r = tools_check(arena, &shell->tools, shell->process.args.items[0], root_fd, err);
		err_origin(err, shell->args.count ? "the command line" : NULL);
	}
	if (r < 0)
		return r;
	shell->tools.own_terminals = shell->terminal && has_terminals(root_fd);
	leave_layers(shell);
	shell->exec = (struct exec_options){
		.process = &shell->process,
		.base = base,
		.origins = &shell->origins,
		.console_fd = -EBADF,
		.ignore_paused = shell->changes.own_cgroup,
		.changes = &shell->changes,
	};
	return 0;
}
