/*
 * Making a container: the host's side.
 *
 * Runs in the caller's process and namespaces, with its privileges, and never changes them: hooks
 * and the caller need them as they were. Order:
 *
 *   read and check the bundle, ask the host, make the plan: changes nothing
 *   make the container's folder, locked; open its journal
 *   PREPARE steps, each journaled first
 *   clone3: the container's process begins (init.c)
 *   MAP, "mapped", ATTACH, "attached", hooks, wait for "ready"
 *   write state.json and the pid file, "saved"
 *
 * Whatever fails takes back all that was done, from the journal, the same way a delete does after
 * this process was killed.
 */

#include "runtime/container.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/msg.h"
#include "lib/plan.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "oci/state.h"
#include "runtime/activation.h"
#include "runtime/fault.h"
#include "runtime/hooks.h"
#include "runtime/init.h"
#include "runtime/launch.h"
#include "runtime/missing.h"
#include "runtime/pidfile.h"
#include "runtime/plan.h"
#include "runtime/record.h"
#include "runtime/state.h"
#include "runtime/sync.h"
#include "runtime/undo.h"

#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* All that belongs to one create. */
struct creation {
	const struct runtime *runtime;
	const struct create_options *options;
	struct arena arena;
	const char *config; /* the text of config.json */
	size_t config_length;
	struct oci_spec spec;
	struct host host;
	struct plan plan;
	struct run run;
	struct record record;
	struct oci_state state;
	char *listen_pid;        /* of activation_add() */
	int start_fd, report_fd; /* the fifos between the container's process and start */
	bool hooked;             /* hooks have run: whatever fails now, poststop hooks run too */
};

static const char *absolute(struct arena *arena, const char *base, const char *path)
{
	return path[0] == '/' ? path : arena_printf(arena, "%s/%s", base, path);
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
	return r;
}

static int check_terminal(const struct creation *creation, struct err *err)
{
	const struct create_options *options = creation->options;
	bool terminal = creation->spec.process && creation->spec.process->terminal;
	bool socket = options->console_socket || options->console_fd >= 0;

	if (terminal && options->detach && !socket)
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

/* Not by the name service, which a static program can't ask: who isn't in the file is a number. */
static const char *user_name(struct arena *arena, uid_t uid)
{
	FILE *file = uid ? fopen("/etc/passwd", "re") : NULL;
	const struct passwd *entry = NULL;
	const char *name = uid ? arena_printf(arena, "%u", (unsigned int)uid) : "root";

	while (file && (entry = fgetpwent(file)) && entry->pw_uid != uid)
		;
	if (entry)
		name = arena_strdup(arena, entry->pw_name);
	if (file)
		(void)fclose(file);
	return name;
}

static void fill_record(struct creation *creation, const char *id)
{
	struct record *record = &creation->record;

	record->oci_version = creation->spec.oci_version;
	record->id = id;
	record->rootfs = absolute(&creation->arena, record->bundle, creation->spec.root.path);
	record->created = time_now(&creation->arena);
	record->owner = user_name(&creation->arena, creation->host.uid);
	record->cgroup_manager = creation->runtime->cgroup_manager;
	record->accept = creation->runtime->accept;
	record->annotations = creation->spec.annotations;
	if (creation->options->monitored) {
		record->monitor = getpid();
		record->monitor_start = process_start_time(getpid());
	}
	record->start_hooks = !creation->spec.process ||
			      creation->spec.hooks.start_container.count > 0 ||
			      creation->spec.hooks.poststart.count > 0;
	record->no_new_keyring = creation->options->no_new_keyring;
	record->poststop_hooks = creation->spec.hooks.poststop.count > 0;
}

static int make_fifo(int state_fd, const char *name, int *fd, struct err *err)
{
	if (mkfifoat(state_fd, name, 0600) < 0)
		return err_set(err, -errno, "make the fifo %s", name);
	*fd = openat(state_fd, name, O_RDWR | O_CLOEXEC);
	return *fd < 0 ? err_set(err, -errno, "open the fifo %s", name) : 0;
}

/*
 * The start gate: the container's process holds it open for both, so that it never sees an end.
 * Where start has hooks around the execve it also wants to hear of that.
 */
static int make_gate(struct creation *creation, struct err *err)
{
	int r = make_fifo(creation->run.state_fd, "start", &creation->start_fd, err);

	if (r == 0 && creation->record.start_hooks)
		r = make_fifo(creation->run.state_fd, "started", &creation->report_fd, err);
	return r;
}

/* Steps close what is in the run: it gets a descriptor of its own. */
static int lend(int fd, int *lent, struct err *err)
{
	*lent = fd < 0 ? -EBADF : fcntl(fd, F_DUPFD_CLOEXEC, 3);
	return fd >= 0 && *lent < 0 ? err_set(err, -errno, "console") : 0;
}

static int open_console(struct creation *creation, struct err *err)
{
	const struct create_options *options = creation->options;
	int r;

	r = lend(options->console_fd, &creation->run.console_fd, err);
	if (r == 0)
		r = lend(options->tty_fd, &creation->run.tty_fd, err);
	if (r < 0 || options->console_fd >= 0)
		return r;
	if (!options->console_socket)
		return 0;
	creation->run.console_fd = unix_connect(options->console_socket, SOCK_STREAM);
	if (creation->run.console_fd < 0)
		return err_set(err, creation->run.console_fd, "connect to the console socket %s",
			       options->console_socket);
	return 0;
}

/* Nobody reads it before state.json is there. */
static int write_config(const struct creation *creation, struct err *err)
{
	int r = file_create(creation->run.state_fd, "config.json", creation->config,
			    creation->config_length, 0600);

	return r < 0 ? err_set(err, r, "write config.json") : 0;
}

static int open_folder(struct creation *creation, struct err *err)
{
	struct run *run = &creation->run;
	int r;

	r = journal_open(run->state_fd, &run->journal, err);
	if (r == 0)
		r = write_config(creation, err);
	if (r == 0)
		r = make_gate(creation, err);
	if (r == 0)
		r = open_console(creation, err);
	if (r == 0 && run_slots(run, creation->plan.slots) < 0)
		r = err_set(err, -ENOMEM, "prepare");
	return r;
}

static int apply_stage(struct creation *creation, enum step_stage stage, struct err *err)
{
	int r = 0;

	for (const struct step *step = creation->plan.first[stage]; r == 0 && step;
	     step = step->next)
		r = step_apply(step, &creation->run, err);
	return r;
}

static int host_hooks(struct creation *creation, struct err *err)
{
	const struct oci_hooks *hooks = &creation->spec.hooks;
	const struct hook_context context = {.state = &creation->state,
					     .cwd = creation->record.bundle,
					     .cancel_fd = creation->runtime->cancel_fd};
	int r;

	if (hooks->prestart.count + hooks->create_runtime.count + hooks->create_container.count ==
	    0)
		return 0;
	r = sync_wait_unless(creation->run.sync_fd, context.cancel_fd, SYNC_MOUNTED, err);
	if (r < 0)
		return r;
	creation->hooked = true;
	r = hooks_run("prestart", &hooks->prestart, &context, err);
	if (r == 0)
		r = hooks_run("createRuntime", &hooks->create_runtime, &context, err);
	if (r == 0)
		(void)sync_send(creation->run.sync_fd, SYNC_HOOKED); /* if it is gone: see below */
	return r;
}

/* From the clone to "ready", side by side with the container's process. */
static int accompany(struct creation *creation, struct err *err)
{
	struct run *run = &creation->run;
	int r = 0;

	if (creation->plan.first[STEP_MAP]) {
		r = apply_stage(creation, STEP_MAP, err);
		if (r == 0)
			(void)sync_send(run->sync_fd, SYNC_MAPPED);
	}
	if (r == 0 && creation->plan.first[STEP_ATTACH]) {
		r = apply_stage(creation, STEP_ATTACH, err);
		if (r == 0)
			(void)sync_send(run->sync_fd, SYNC_ATTACHED);
	}
	if (r == 0)
		r = host_hooks(creation, err);
	if (r == 0)
		r = sync_wait_unless(run->sync_fd, creation->runtime->cancel_fd, SYNC_READY, err);
	return r;
}

static int launch(struct creation *creation, struct err *err)
{
	struct init init = {
		.plan = &creation->plan,
		.spec = &creation->spec,
		.process = creation->spec.process,
		.state = &creation->state,
		.run = &creation->run,
		.start_fd = creation->start_fd,
		.report_fd = creation->report_fd,
		.target_fd = -EBADF,
		.cgroupns_fd = -EBADF,
		.preserve_fds = creation->options->preserve_fds,
		.listen_pid = creation->listen_pid,
		.stdio_null = creation->options->monitored,
		.private_fds = creation->options->private_fds,
		.private_count = creation->options->private_count,
	};
	int r;

	record_to_state(&creation->record, "creating", &creation->state);
	run_trace_begin(&creation->run, "clone");
	r = launch_init(&init, &creation->run, err);
	run_trace_end(&creation->run, "clone");
	if (r < 0)
		return r;
	creation->record.pid = creation->run.pid;
	creation->record.pid_start = process_start_time(creation->run.pid);
	creation->state.pid = creation->run.pid;
	return accompany(creation, err);
}

static int save(struct creation *creation, struct err *err)
{
	struct run *run = &creation->run;
	int r;

	run_trace_begin(run, "save");
	creation->record.cgroup = run->cgroup_path;
	creation->record.init_cgroup = run->init_cgroup_path;
	r = record_write(run->state_fd, &creation->record, err);
	if (r == 0 && creation->options->pid_file)
		r = pid_file_write(creation->options->pid_file, run->pid, err);
	if (r == 0 && creation->options->pidfd_socket)
		r = pidfd_send(creation->options->pidfd_socket, "standard", run->pid_fd, err);
	run_trace_end(run, "save");
	if (r == 0) /* a process that is gone by now shows in its status */
		(void)sync_send(run->sync_fd, SYNC_SAVED);
	return r;
}

/* The create failed: the process ends, the journal takes back the rest, the folder goes. */
static void take_back(struct creation *creation, const char *id)
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
	/* else it stays for `delete --force`, which says what holds it back */
}

/* Changes nothing. */
static int prepare(struct creation *creation, const char *id, struct err *err)
{
	int r;

	run_trace_begin(&creation->run, "bundle");
	r = read_bundle(creation, err);
	if (r == 0)
		r = check_terminal(creation, err);
	run_trace_end(&creation->run, "bundle");
	if (r < 0)
		return r;
	run_trace_begin(&creation->run, "plan");
	r = make_plan(creation, id, err);
	run_trace_end(&creation->run, "plan");
	return r;
}

static int create(struct creation *creation, const char *id, struct err *err)
{
	int r;

	r = prepare(creation, id, err);
	if (r < 0)
		return r;
	fill_record(creation, id);
	r = record_folder_make(creation->runtime, id, &creation->run.state_fd, err);
	if (r < 0)
		return r;
	r = open_folder(creation, err);
	if (r == 0)
		r = apply_stage(creation, STEP_PREPARE, err);
	if (r == 0)
		r = launch(creation, err);
	if (r == 0)
		r = save(creation, err);
	if (r < 0)
		take_back(creation, id);
	return r;
}

int container_create(const struct runtime *runtime, const char *id,
		     const struct create_options *options, pid_t *pid, struct err *err)
{
	struct creation creation = {
		.runtime = runtime, .options = options, .start_fd = -EBADF, .report_fd = -EBADF};
	int r;

	r = record_id_check(id, err);
	if (r < 0)
		return r;
	run_init(&creation.run);
	creation.run.id = id;
	creation.run.host = &creation.host;
	creation.run.state_root = runtime->root;
	creation.run.before_step = fault_before_step;
	creation.run.before_data = (void *)runtime;
	creation.run.trace = runtime->trace_fd >= 0 ? trace_new(runtime->trace_fd) : NULL;
	r = create(&creation, id, err);
	if (r == 0)
		*pid = creation.run.pid;
	trace_free(creation.run.trace);
	journal_close(creation.run.journal);
	run_close(&creation.run);
	close_fd(creation.start_fd);
	close_fd(creation.report_fd);
	plan_free(&creation.plan);
	arena_free(&creation.arena);
	return r;
}
