/*
 * The container is known by its cgroup, its AppArmor profile and its ids (struct suspect). Two
 * sources are read once, and while following again whenever the log has something, at least every
 * second: the counters of a cgroup wake nobody in all kernels.
 */

#include "debug/denials.h"

#include "debug/denials_parts.h"
#include "lib/cgroup_line.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/host.h"
#include "lib/own.h"
#include "lib/step.h"
#include "lib/sys.h"
#include "lib/text.h"
#include "oci/state.h"
#include "runtime/container.h"
#include "runtime/filters.h"
#include "runtime/join.h"
#include "runtime/record.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { TICK_MS = 1000 };

struct watch {
	struct arena arena;
	struct suspect suspect;
	struct collection collection;
	struct counters counters;
	int pid_fd, log_fd, cgroup_fd;
	unsigned long lost;
};

/* linux/proc_ns.h: the number of the pid namespace that the kernel starts with. */
static bool in_first_pid_namespace(void)
{
	struct stat st;

	return stat("/proc/self/ns/pid", &st) == 0 && st.st_ino == 0xEFFFFFFC;
}

const struct origin *suspect_origin(const struct suspect *suspect, const char *kind,
				    const char *text)
{
	for (const struct origin *origin = suspect->origins; origin; origin = origin->next)
		if (strcmp(origin->kind, kind) == 0 && starts_with(origin->text, text))
			return origin;
	return NULL;
}

static void note_origin(void *data, const struct step *step, const struct observation *seen)
{
	cleanup_(text_free) struct text text = {};
	struct suspect *suspect = data;
	struct origin *origin = arena_alloc(suspect->arena, sizeof(*origin));

	if (step->kind->describe)
		step->kind->describe(step, &text);
	*origin = (struct origin){
		.kind = step->kind->name,
		.text = arena_strdup(suspect->arena, text_str(&text)),
		.from = arena_strdup(suspect->arena, step->origin),
		.next = suspect->origins,
	};
	suspect->origins = origin;
}

/* "name (enforce)" */
static void learn_profile(struct suspect *suspect, int pid_dir_fd)
{
	static const char *const files[] = {"attr/apparmor/current", "attr/current"};
	char line[512];

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (file_line(pid_dir_fd, files[i], line, sizeof(line)) > 0) {
			line[strcspn(line, "\n")] = '\0';
			if (ends_with(line, ")") && strstr(line, " ("))
				*strrchr(line, '(') = '\0';
			line[strlen(line) - (ends_with(line, " ") ? 1 : 0)] = '\0';
			if (strcmp(line, "unconfined") != 0)
				suspect->profile = arena_strdup(suspect->arena, line);
			return;
		}
}

static void learn_ids(struct suspect *suspect, int pid_dir_fd)
{
	uint64_t differing = 0;
	const char *text;

	if (join_differing(suspect->pid, &differing, NULL) < 0 ||
	    file_read(suspect->arena, pid_dir_fd, "uid_map", 0, &text, NULL, NULL) < 0)
		return;
	suspect->own_users = differing & CLONE_NEWUSER;
	idmap_read(suspect->arena, text, &suspect->uids);
}

/* The log's clock and that of processes differ by what the one is adjusted by. */
static uint64_t birth_usec(pid_t pid)
{
	static const uint64_t usec = 1000000, slack = 1000000;
	const uint64_t born = process_start_time(pid) * usec / (uint64_t)sysconf(_SC_CLK_TCK);

	return born > slack ? born - slack : 0;
}

static int learn(const struct runtime *runtime, struct watch *watch, struct err *err)
{
	struct suspect *suspect = &watch->suspect;
	cleanup_close int pid_dir_fd = -EBADF;
	char path[32];
	int r = container_audit(runtime, suspect->id, note_origin, suspect, err);

	if (r < 0)
		return r;
	(void)snprintf(path, sizeof(path), "/proc/%d", (int)suspect->pid);
	pid_dir_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (pid_dir_fd < 0)
		return err_set(err, -errno, "open %s", path);
	suspect->cgroup = cgroup_of_process(suspect->arena, pid_dir_fd, "cgroup");
	suspect->since_usec = birth_usec(suspect->pid);
	suspect->sees_pids = in_first_pid_namespace();
	learn_profile(suspect, pid_dir_fd);
	learn_ids(suspect, pid_dir_fd);
	if (filters_of(runtime, suspect->arena, arena_printf(suspect->arena, "id:%s", suspect->id),
		       &suspect->filters, NULL) < 0)
		suspect->filters = NULL;
	return 0;
}

static void open_cgroup(struct watch *watch)
{
	struct suspect *suspect = &watch->suspect;
	cleanup_(arena_free) struct arena arena = {};
	struct host host;
	cleanup_close int root_fd = -EBADF;

	if (!suspect->cgroup || !suspect->cgroup[0] || host_probe(&arena, &host, NULL) < 0 ||
	    !host.cgroup_root)
		return;
	root_fd = open(host.cgroup_root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	watch->cgroup_fd = sys_open_beneath(root_fd, suspect->cgroup + 1, O_RDONLY | O_DIRECTORY);
}

static void say(const struct watch *watch, const char *line)
{
	watch->collection.sink->blind(watch->collection.sink->data, line);
}

static void say_blind(const struct watch *watch, int log_fd)
{
	if (log_fd < 0)
		say(watch,
		    arena_printf((struct arena *)&watch->arena,
				 "the kernel's log can't be read (%s): nothing of seccomp and "
				 "AppArmor",
				 strerror(-log_fd)));
	else if (!watch->suspect.sees_pids)
		say(watch, "not in the host's first pid namespace: records are told by user ids "
			   "and profiles alone");
	if (access("/run/auditd.pid", F_OK) == 0)
		say(watch, "auditd takes the records of seccomp and AppArmor: "
			   "ausearch -m SECCOMP,AVC has them");
	if (watch->cgroup_fd < 0)
		say(watch, "it has no cgroup of version 2 whose counters could be read");
	say(watch, "seccomp: calls that end with an error are logged only with "
		   "SECCOMP_FILTER_FLAG_LOG in linux.seccomp.flags");
	say(watch, "device filter, capabilities, modes, read-only mounts: the kernel tells nobody; "
		   "pctrun why says what they do");
}

static void read_all(struct watch *watch)
{
	if (watch->log_fd >= 0)
		watch->lost += kernel_log_read(watch->log_fd, &watch->suspect, &watch->collection);
	if (watch->cgroup_fd >= 0)
		counters_read(watch->cgroup_fd, &watch->suspect, &watch->counters,
			      &watch->collection);
}

static void follow_log(struct watch *watch)
{
	struct pollfd fds[] = {{.fd = watch->pid_fd, .events = POLLIN},
			       {.fd = watch->log_fd, .events = POLLIN}};

	while (fds[0].revents == 0) {
		collection_hand_on(&watch->collection, false);
		if (poll(fds, ARRAY_SIZE(fds), TICK_MS) < 0 && errno != EINTR)
			break;
		read_all(watch);
	}
}

static void say_lost(const struct watch *watch)
{
	struct arena *arena = (struct arena *)&watch->arena;

	if (watch->lost)
		say(watch, arena_printf(arena,
					"the kernel left %lu records out of its log, of "
					"whomever they were",
					watch->lost));
	if (watch->collection.left_out)
		say(watch, arena_printf(arena,
					"%lu denials of too many different kinds were "
					"counted only",
					watch->collection.left_out));
}

static int begin(const struct runtime *runtime, const char *id, struct watch *watch,
		 struct err *err)
{
	struct oci_state state;
	int r = container_state(runtime, &watch->arena, id, &state, err);

	if (r < 0)
		return r;
	if (state.pid <= 0 || strcmp(state.status, "stopped") == 0)
		return err_plain(err, -ESRCH,
				 "container %s isn't running: what is left of it "
				 "is in the kernel's log",
				 id);
	watch->suspect =
		(struct suspect){.arena = &watch->arena, .id = id, .pid = (pid_t)state.pid};
	watch->pid_fd = sys_pidfd_open(watch->suspect.pid);
	if (watch->pid_fd < 0)
		return err_set(err, watch->pid_fd, "look at process %d", (int)watch->suspect.pid);
	r = learn(runtime, watch, err);
	if (r < 0)
		return r;
	open_cgroup(watch);
	watch->log_fd = kernel_log_open(NULL);
	say_blind(watch, watch->log_fd);
	return 0;
}

int denials_watch(const struct runtime *runtime, const char *id, bool follow,
		  const struct denials_sink *sink, struct err *err)
{
	struct watch watch = {.pid_fd = -EBADF, .log_fd = -EBADF, .cgroup_fd = -EBADF};
	int r;

	watch.collection = (struct collection){.arena = &watch.arena, .sink = sink};
	r = begin(runtime, id, &watch, err);
	if (r == 0) {
		read_all(&watch);
		if (follow)
			follow_log(&watch);
		collection_hand_on(&watch.collection, true);
		say_lost(&watch);
	}
	close_fd(watch.pid_fd);
	close_fd(watch.log_fd);
	close_fd(watch.cgroup_fd);
	arena_free(&watch.arena);
	return r;
}
