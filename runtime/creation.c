#include "runtime/creation.h"

#include "lib/date.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/msg.h"
#include "lib/sys.h"
#include "runtime/activation.h"
#include "runtime/device_denial.h"
#include "runtime/fault.h"
#include "runtime/hooks.h"
#include "runtime/missing.h"
#include "runtime/pidfile.h"
#include "runtime/plan.h"
#include "runtime/readiness.h"
#include "runtime/state.h"
#include "runtime/undo.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

void creation_init(struct creation *creation, const struct runtime *runtime, const char *id,
		   const struct create_options *options)
{
	struct run *run = &creation->run;

	*creation = (struct creation){.runtime = runtime, .options = options, .console_fd = -EBADF};
	run_init(run);
	run->id = id;
	run->host = &creation->host;
	run->state_root = runtime->root;
	run->before_step = fault_before_step;
	run->before_data = (void *)runtime;
	run->trace = trace_new(runtime->trace_fd);
}

void creation_free(struct creation *creation)
{
	trace_free(creation->run.trace);
	journal_close(creation->run.journal);
	run_close(&creation->run);
	close_fd(creation->console_fd);
	plan_free(&creation->plan);
	arena_free(&creation->arena);
}

static const char *absolute(struct arena *arena, const char *base, const char *path)
{
	return path[0] == '/' ? path : arena_printf(arena, "%s/%s", base, path);
}

static int add_readiness(struct creation *creation, struct err *err)
{
	const char *root = creation->run.state_root;
	char cwd[PATH_MAX] = "";

	if (root[0] != '/' && !getcwd(cwd, sizeof(cwd)))
		return err_set(err, -errno, "find out where the folder %s is", root);
	root = absolute(&creation->arena, cwd, root);
	readiness_add(&creation->arena, &creation->spec,
		      arena_printf(&creation->arena, "%s/%s/notify", root, creation->run.id));
	return 0;
}

static int read_bundle(struct creation *creation, struct err *err)
{
	const struct create_options *options = creation->options;
	char resolved[PATH_MAX];
	const char *name;
	int r;

	if (!realpath(options->bundle ? options->bundle : ".", resolved))
		return err_set(err, -errno, "bundle %s", options->bundle);
	creation->record.bundle = arena_strdup(&creation->arena, resolved);
	name = absolute(&creation->arena, resolved,
			options->config ? options->config : "config.json");
	r = file_read(&creation->arena, AT_FDCWD, name, 0, &creation->config,
		      &creation->config_length, err);
	if (r == -ENOENT)
		err_hint(err, "JSON specification file config.json not found: --bundle names its "
			      "folder");
	if (r == 0)
		r = oci_spec_read(&creation->arena, "config.json", creation->config,
				  creation->config_length, &creation->spec, err);
	if (r == 0)
		r = oci_spec_check(&creation->spec, err);
	if (r == 0 && creation->spec.process)
		creation->listen_pid = activation_add(&creation->arena, creation->spec.process,
						      options->listen_fds);
	if (r == 0 && options->ready_fd)
		r = add_readiness(creation, err);
	return r;
}

static int check_terminal(const struct creation *creation, struct err *err)
{
	const struct create_options *options = creation->options;
	bool terminal = creation->spec.process && creation->spec.process->terminal;
	bool socket = options->console_socket || options->console_fd >= 0;

	if (terminal && !options->take_terminal && !socket)
		return err_plain(err, -EINVAL,
				 "cannot allocate tty if pctrun will detach without "
				 "setting console socket (process.terminal is true)");
	if (socket && !terminal && options->console_socket)
		return err_plain(err, -EINVAL,
				 "cannot use console socket if pctrun will not detach "
				 "or allocate tty (process.terminal is false)");
	return 0;
}

static int make_plan(struct creation *creation, const char *id, struct err *err)
{
	const struct plan_request request = {
		.id = id,
		.bundle = creation->record.bundle,
		.cgroup_manager = creation->runtime->cgroup_manager,
		.no_pivot = creation->options->no_pivot,
		.no_new_keyring = creation->options->no_new_keyring,
	};
	int r;

	r = host_probe(&creation->arena, &creation->host, err);
	if (r == 0)
		r = plan_make(&creation->plan, &creation->spec, &creation->host, &request, err);
	if (r == 0 && !creation->options->accepted)
		r = missing_check(creation->runtime, &creation->plan, err);
	return r;
}

int creation_plan(struct creation *creation, const char *id, struct err *err)
{
	int r;

	r = record_id_check(id, err);
	if (r < 0)
		return r;
	creation->phase = "bundle";
	run_trace_begin(&creation->run, "bundle");
	r = read_bundle(creation, err);
	if (r == 0)
		r = check_terminal(creation, err);
	run_trace_end(&creation->run, "bundle");
	if (r < 0)
		return r;
	creation->phase = "plan";
	run_trace_begin(&creation->run, "plan");
	r = make_plan(creation, id, err);
	run_trace_end(&creation->run, "plan");
	return r;
}

static void fill_record(struct creation *creation, const char *id)
{
	struct record *record = &creation->record;

	record->oci_version = creation->spec.oci_version;
	record->id = id;
	record->rootfs = absolute(&creation->arena, record->bundle, creation->spec.root.path);
	record->created = time_now(&creation->arena);
	record->owner = record_owner(&creation->arena, creation->host.uid);
	record->cgroup_manager = creation->runtime->cgroup_manager;
	record->accept = creation->runtime->accept;
	record->annotations = creation->spec.annotations;
	if (creation->options->monitored) {
		record->monitor = getpid();
		record->monitor_start = process_start_time(getpid());
	}
	record->start_hooks = !creation->spec.process || creation->options->monitored ||
			      creation->runtime->reports ||
			      creation->spec.hooks.start_container.count > 0 ||
			      creation->spec.hooks.poststart.count > 0;
	record->no_pivot = creation->options->no_pivot;
	record->no_new_keyring = creation->options->no_new_keyring;
	record->poststop_hooks = creation->spec.hooks.poststop.count > 0;
}

/* Steps close what is in the run: it gets a descriptor of its own. */
static int lend(int fd, int *lent, struct err *err)
{
	*lent = fd < 0 ? -EBADF : fcntl(fd, F_DUPFD_CLOEXEC, 3);
	return fd >= 0 && *lent < 0 ? err_set(err, -errno, "console") : 0;
}

static int connect_console(struct run *run, const char *path, struct err *err)
{
	run->console_fd = unix_connect(path, SOCK_STREAM);
	if (run->console_fd >= 0)
		return 0;
	err_sys(err, run->console_fd, "connect", "connect to the console socket %s", path);
	err_hint(err, "something has to listen there before: it gets the terminal");
	err_origin(err, "--console-socket");
	return run->console_fd;
}

static int pair_console(struct creation *creation, struct err *err)
{
	int pair[2], r = msg_pair(pair);

	if (r < 0)
		return err_set(err, r, "make a socket");
	creation->console_fd = pair[0];
	creation->run.console_fd = pair[1];
	return 0;
}

static int open_console(struct creation *creation, struct err *err)
{
	const struct create_options *options = creation->options;
	const struct oci_process *process = creation->spec.process;
	int r;

	r = lend(options->console_fd, &creation->run.console_fd, err);
	if (r == 0)
		r = lend(options->tty_fd, &creation->run.tty_fd, err);
	if (r < 0 || options->console_fd >= 0)
		return r;
	if (options->console_socket)
		return connect_console(&creation->run, options->console_socket, err);
	return process && process->terminal ? pair_console(creation, err) : 0;
}

/* Nobody reads it before state.json is there. */
static int write_config(const struct creation *creation, struct err *err)
{
	int r = file_create(creation->run.state_fd, "config.json", creation->config,
			    creation->config_length, 0600);

	return r < 0 ? file_failed(creation->run.state_fd, "config.json", r, err, "write") : 0;
}

static int fill_folder(struct creation *creation, struct err *err)
{
	struct run *run = &creation->run;
	int r;

	r = journal_open(run->state_fd, &run->journal, err);
	if (r == 0)
		r = write_config(creation, err);
	if (r == 0)
		r = open_console(creation, err);
	if (r == 0 && run_slots(run, creation->plan.slots) < 0)
		r = err_set(err, -ENOMEM, "prepare");
	return r;
}

int creation_open(struct creation *creation, const char *id, struct err *err)
{
	int r;

	creation->phase = "state folder";
	fill_record(creation, id);
	r = record_folder_make(creation->runtime, id, &creation->run.state_fd, err);
	if (r < 0)
		return r;
	r = fill_folder(creation, err);
	if (r == 0 && creation->options->ready_fd)
		r = readiness_open(creation->run.state_fd, true, creation->options->ready_fd, err);
	if (r < 0)
		creation_take_back(creation, id);
	return r;
}

int creation_apply(struct creation *creation, enum step_stage stage, struct err *err)
{
	int r = 0;

	for (const struct step *step = creation->plan.first[stage]; r == 0 && step;
	     step = step->next)
		r = step_apply(step, &creation->run, err);
	return r;
}

void creation_is(struct creation *creation)
{
	creation->phase = "start";
	creation->record.pid = creation->run.pid;
	creation->record.pid_start = process_start_time(creation->run.pid);
	creation->state.pid = creation->run.pid;
}

int creation_hooks(struct creation *creation, struct err *err)
{
	const struct oci_hooks *hooks = &creation->spec.hooks;
	const struct hook_context context = {.state = &creation->state,
					     .cwd = creation->record.bundle,
					     .origins = creation->plan.origins,
					     .cancel_fd = creation->runtime->cancel_fd};
	int r;

	creation->hooked = true;
	r = hooks_run("prestart", &hooks->prestart, &context, err);
	return r < 0 ? r : hooks_run("createRuntime", &hooks->create_runtime, &context, err);
}

int creation_save(struct creation *creation, struct err *err)
{
	struct run *run = &creation->run;
	int r;

	creation->phase = "save";
	run_trace_begin(run, "save");
	creation->record.cgroup = run->cgroup_path;
	creation->record.init_cgroup = run->init_cgroup_path;
	r = record_write(run->state_fd, &creation->record, err);
	if (r == 0 && creation->options->pid_file)
		r = pid_file_write(creation->options->pid_file, run->pid, err);
	if (r == 0 && creation->options->pidfd_socket)
		r = pidfd_send(creation->options->pidfd_socket, "standard", run->pid_fd, err);
	run_trace_end(run, "save");
	if (r == 0 && creation->console_fd >= 0)
		creation->options->take_terminal(creation->options->take_data,
						 creation->console_fd);
	return r;
}

void creation_blame(struct creation *creation, struct err *err)
{
	device_denial_blame(&creation->plan, &creation->spec, &creation->run, err);
	err_stage(err, creation->phase);
	plan_place(&creation->plan, err);
}

void creation_take_back(struct creation *creation, const char *id)
{
	struct run *run = &creation->run;
	struct err ignored = {};

	if (run->pid > 0) {
		(void)sys_pidfd_send_signal(run->pid_fd, SIGKILL);
		while (waitpid(run->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (undo_journal(run, &ignored) == 0)
		(void)record_folder_remove(creation->runtime, id, &ignored);
	record_to_state(&creation->record, "stopped", &creation->state);
	if (creation->hooked)
		hooks_poststop(creation->runtime, &creation->spec.hooks.poststop, &creation->state);
}
