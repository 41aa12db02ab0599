#include "why/subject.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/mountinfo.h"
#include "lib/proc_status.h"
#include "lib/text.h"
#include "net/net.h"
#include "oci/spec.h"
#include "runtime/container.h"
#include "seccomp/stack.h"
#include "why/action.h"
#include "why/mount_map.h"
#include "why/peer.h"
#include "why/rules.h"
#include "why/says.h"
#include "why/wall.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static void see_filters(struct subject *subject)
{
	struct arena *arena = &subject->isolation.arena;
	struct filter_stack *stack = arena_alloc(arena, sizeof(*stack));
	struct err err = {};
	char line[1024];

	if (stack_fetch(arena, subject->isolation.pid, stack, &err) == 0)
		subject->filters = stack;
	else
		subject->filters_unseen = arena_strdup(arena, err_text(&err, line, sizeof(line)));
}

/* The rules that the running filter was made from, where it is still that filter. Who may not read
 * it back knows from their number that there is no other. */
static void see_rules(struct subject *subject)
{
	const struct oci_seccomp *seccomp = subject->spec->linux.seccomp;
	struct arena *arena = &subject->isolation.arena;
	struct filter_stack *wanted = arena_alloc(arena, sizeof(*wanted));
	const struct filter_stack *have = subject->filters;

	*wanted = (struct filter_stack){.name = "config.json",
					.prefix = "linux.seccomp.",
					.origins = subject->plan.origins};
	if (!seccomp || stack_of_profile(arena, seccomp, wanted, NULL) < 0)
		return;
	if (have ? stack_same(have, wanted) : subject->isolation.creds.seccomp_filters == 1)
		subject->filters = wanted;
}

/* ------------------------------------------------------------------ processes by number */

/* The last number of a line "NSpid: 4711 12": as its innermost namespace has it. */
static pid_t inner_pid(struct arena *arena, const char *status)
{
	const char *line = proc_status(arena, status, "NSpid"), *word;
	size_t length;
	pid_t pid = 0;

	while (line && (word = next_word(&line, &length)))
		pid = (pid_t)strtol(word, NULL, 10);
	return pid;
}

static const char *read_status(struct arena *arena, pid_t pid)
{
	const char *path = arena_printf(arena, "/proc/%d/status", (int)pid), *text;

	return file_read(arena, AT_FDCWD, path, 0, &text, NULL, NULL) < 0 ? NULL : text;
}

static uint64_t namespace_of(pid_t pid, const char *file)
{
	char path[64];
	struct stat st;

	(void)snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, file);
	return stat(path, &st) == 0 ? st.st_ino : 0;
}

static uint64_t signal_set(struct arena *arena, const char *status, const char *name)
{
	const char *set = proc_status(arena, status, name);

	return set ? strtoull(set, NULL, 16) : 0;
}

static void fill_signalled(struct subject *subject, const struct action *action, pid_t pid,
			   const char *status)
{
	struct arena *arena = &subject->isolation.arena;
	const char *uids = proc_status(arena, status, "Uid");
	/* A blocked one waits, for signalfd(2) or sigwait(3): systemd hears its signals so. */
	uint64_t handled =
		signal_set(arena, status, "SigCgt") | signal_set(arena, status, "SigBlk");
	struct signalled *signalled = &subject->signalled;
	unsigned int real = 0, saved = 0;

	if (uids)
		(void)sscanf(uids, "%u %*u %u", &real, &saved);
	*signalled = (struct signalled){
		.found = true,
		.pid = pid,
		.uid = real,
		.saved_uid = saved,
		.first = action->target == 1,
		.handles = action->signal == 0 || handled >> (action->signal - 1) & 1,
		.userns = namespace_of(pid, "user"),
	};
}

/* Its number is one of the subject's pid namespace: who has it there is looked for on the host. */
static void see_signalled(struct subject *subject, const struct action *action)
{
	uint64_t wanted = subject->isolation.namespaces[NAMESPACE_PID].id;
	const struct dirent *entry;
	DIR *dir = opendir("/proc");
	unsigned int pid;

	while (dir && !subject->signalled.found && (entry = readdir(dir))) {
		cleanup_(arena_free) struct arena arena = {};
		const char *status;

		if (parse_u32(entry->d_name, &pid) < 0 || namespace_of((pid_t)pid, "pid") != wanted)
			continue;
		status = read_status(&arena, (pid_t)pid);
		if (status && inner_pid(&arena, status) == action->target)
			fill_signalled(subject, action, (pid_t)pid, status);
	}
	if (dir)
		(void)closedir(dir);
}

/* ------------------------------------------------------------------ the other end */

const struct veth_step *subject_pair(const struct subject *subject)
{
	step_each (step, &subject->plan, STEP_ATTACH) {
		const struct veth_step *veth = container_of(step, struct veth_step, step);

		if (step->kind == &veth_kind && strcmp(veth->name, subject->around.route.name) == 0)
			return veth;
	}
	return NULL;
}

/* Rules, and whom they are about. Behind a gateway, or at the host, is no other container. @id:
 * NULL: a process of somebody else */
static void see_way(const struct runtime *runtime, const char *id, const struct action *action,
		    struct subject *subject)
{
	struct arena *arena = &subject->isolation.arena;
	const struct around *around = &subject->around;
	const struct veth_step *veth = subject_pair(subject);

	subject->inside_rules = rules_look_inside(arena, &subject->isolation);
	subject->host_way = host_way_look(around, action);
	if (subject->host_way.there)
		subject->host_rules = rules_look(arena);
	if (id && veth && !around->address_error && !around->route.gateway[0])
		subject->peer = peer_look(runtime, id, veth, action);
}

/* ------------------------------------------------------------------ all of it */

/* Its target is no path of the process: it has to be told from those that are. */
static void see_root_mount(struct subject *subject)
{
	struct arena *arena = &subject->isolation.arena;
	const struct mountinfo *seen =
		mountinfo_parse(arena, arena_strdup(arena, subject->lookup->root_mount));
	struct mountinfo *info;

	if (!seen)
		return;
	info = arena_alloc(arena, sizeof(*info));
	*info = *seen;
	info->target = arena_printf(arena, "%s (above its root)", seen->target);
	subject->root_mount = (struct isolation_mount){
		.info = info,
		.read_only = mountinfo_has(info->options, "ro") ||
			     mountinfo_has(info->super_options, "ro"),
		.idmapped = mountinfo_has(info->options, "idmapped"),
	};
}

static int see_path(struct subject *subject, const struct action *action, struct err *err)
{
	const struct lookup_request request = {
		.path = action->path,
		.entry = action->name,
		.executed = action->kind == ACTION_EXEC,
	};
	const struct place *object;
	int r = lookup_path(&subject->isolation, subject->self, &request, &subject->lookup, err);

	if (r < 0)
		return r;
	see_root_mount(subject);
	object = object_of(subject);
	if (action->kind == ACTION_OPEN && action->access & ACCESS_WRITE && object &&
	    S_ISREG(object->mode))
		runner_look(&subject->isolation, object, &subject->runner);
	return 0;
}

static int see_process(struct subject *subject, pid_t pid, struct err *err)
{
	const char *status;
	int r = isolation_look(&subject->isolation, pid, err);

	if (r < 0)
		return r;
	status = read_status(&subject->isolation.arena, pid);
	subject->self = status ? inner_pid(&subject->isolation.arena, status) : 0;
	see_filters(subject);
	return 0;
}

/* A container's config and plan say who asked for what is found. */
static int see_wishes(const struct runtime *runtime, const char *id, pid_t *pid,
		      struct subject *subject, struct err *err)
{
	struct oci_spec *spec = arena_alloc(&subject->plan.arena, sizeof(*spec));
	int r = container_plan_running(runtime, id, spec, &subject->plan, pid, err);

	if (r == 0)
		subject->spec = spec;
	return r;
}

int subject_observe(const struct runtime *runtime, const char *id, pid_t pid,
		    const struct action *action, struct subject *subject, struct err *err)
{
	int r;

	*subject = (struct subject){
		.isolation = {.pid_fd = -EBADF, .pid_dir_fd = -EBADF, .root_fd = -EBADF}};
	r = id ? see_wishes(runtime, id, &pid, subject, err) : 0;
	if (r == 0)
		r = see_process(subject, pid, err);
	if (r == 0 && subject->spec) {
		see_rules(subject);
		mount_maps_by_plan(&subject->plan, &subject->isolation);
	}
	if (r == 0 && action->path)
		r = see_path(subject, action, err);
	if (r == 0 && action->kind == ACTION_KILL)
		see_signalled(subject, action);
	if (action->kind == ACTION_CONNECT || action->kind == ACTION_ACCEPT)
		subject->wall = wall_look(&subject->plan);
	if (r == 0)
		r = around_look(&subject->isolation, action, &subject->around, err);
	if (r == 0 && (action->kind == ACTION_CONNECT || action->kind == ACTION_ACCEPT))
		see_way(runtime, id, action, subject);
	if (r < 0 && subject->isolation.pid_fd >= 0 && isolation_ended(&subject->isolation, r, err))
		return -ESRCH;
	return r;
}

void subject_free(struct subject *subject)
{
	peer_free(subject->peer);
	lookup_free(subject->lookup);
	isolation_free(&subject->isolation);
	plan_free(&subject->plan);
}

/* Where a document as a whole has an origin, it was made of another one. */
bool subject_is_pct(const struct subject *subject)
{
	return subject->spec && json_string(subject->plan.origins, "");
}

const char *subject_origin(const struct subject *subject, const char *path)
{
	struct plan *plan = (struct plan *)&subject->plan; /* its memory is added to */

	return subject->spec ? plan_origin(plan, "%s", path) : NULL;
}
