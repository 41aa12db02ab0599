#include "debug/denials_parts.h"

#include "cgroup/devices.h"
#include "lib/cgroup_line.h"
#include "lib/clock.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/host.h"
#include "lib/own.h"
#include "lib/proc_dir.h"
#include "lib/step.h"
#include "lib/text.h"
#include "ns/cred.h"
#include "ns/userns.h"
#include "runtime/container.h"
#include "runtime/filters.h"
#include "runtime/join.h"
#include "runtime/record.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Who the container is, and what its config denies. */

const struct origin *suspect_origin(const struct suspect *suspect, const char *kind,
				    const char *text)
{
	for (const struct origin *origin = suspect->origins; origin; origin = origin->next)
		if (strcmp(origin->kind, kind) == 0 && starts_with(origin->text, text))
			return origin;
	return NULL;
}

static const struct device_policy *copy_policy(struct arena *arena,
					       const struct device_policy *policy)
{
	struct device_policy *copy = arena_alloc(arena, sizeof(*copy));

	*copy = *policy;
	copy->rules = arena_array(arena, policy->count, sizeof(*policy->rules));
	memcpy(copy->rules, policy->rules, policy->count * sizeof(*policy->rules));
	return copy;
}

/* What the layers that say nothing by themselves have to be asked for. */
static void note_values(struct suspect *suspect, const struct step *step)
{
	if (step->kind == &cap_bound_kind)
		suspect->bounding = container_of(step, struct cap_bound_step, step)->keep;
	if (step->kind == &user_kind)
		suspect->effective = container_of(step, struct user_step, step)->effective;
	if (step->kind == &cgroup_devices_kind)
		suspect->devices =
			copy_policy(suspect->arena,
				    &container_of(step, struct cgroup_devices_step, step)->policy);
}

static void note_step(void *data, const struct step *step, const struct observation *seen)
{
	cleanup_(text_free) struct text text = {};
	struct suspect *suspect = data;
	struct origin *origin = arena_alloc(suspect->arena, sizeof(*origin));

	step->kind->describe(step, &text);
	*origin = (struct origin){
		.kind = step->kind->name,
		.text = arena_strdup(suspect->arena, text_str(&text)),
		.from = arena_strdup(suspect->arena, step->origin),
		.next = suspect->origins,
	};
	suspect->origins = origin;
	note_values(suspect, step);
}

static uint64_t namespace_of(int pid_dir_fd, const char *path)
{
	struct stat st;

	return fstatat(pid_dir_fd, path, &st, 0) == 0 ? st.st_ino : 0;
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

	if (join_differing(suspect->pid, CLONE_NEWUSER, &differing, NULL) < 0 ||
	    file_read(suspect->arena, pid_dir_fd, "uid_map", 0, &text, NULL, NULL) < 0)
		return;
	suspect->own_users = differing & CLONE_NEWUSER;
	idmap_read(suspect->arena, text, &suspect->uids);
}

/* The log's clock stands still while the machine sleeps, that of processes doesn't; when it slept
 * nobody tells: rather too early than too late. They also differ by what the one is adjusted by. */
static uint64_t birth_usec(pid_t pid)
{
	static const uint64_t usec = 1000000, slack = 1000000;
	const int64_t awake_nsec = clock_nsec(CLOCK_MONOTONIC);
	const uint64_t slept = (uint64_t)(clock_nsec(CLOCK_BOOTTIME) - awake_nsec) / 1000;
	const uint64_t born = process_start_time(pid) * usec / (uint64_t)sysconf(_SC_CLK_TCK);

	return born > slept + slack ? born - slept - slack : 0;
}

int suspect_learn(const struct runtime *runtime, struct suspect *suspect, struct err *err)
{
	cleanup_close int pid_dir_fd = -EBADF;
	int r = container_audit(runtime, suspect->id, note_step, suspect, err);

	if (r < 0)
		return r;
	pid_dir_fd = proc_dir_open(suspect->pid, err);
	if (pid_dir_fd < 0)
		return pid_dir_fd;
	suspect->cgroup = cgroup_of_process(suspect->arena, pid_dir_fd, "cgroup");
	suspect->pid_namespace = namespace_of(pid_dir_fd, "ns/pid");
	suspect->user_namespace = namespace_of(pid_dir_fd, "ns/user");
	suspect->since_usec = birth_usec(suspect->pid);
	suspect->sees_pids = host_has_all_processes();
	learn_profile(suspect, pid_dir_fd);
	learn_ids(suspect, pid_dir_fd);
	if (filters_of(runtime, suspect->arena, arena_printf(suspect->arena, "id:%s", suspect->id),
		       &suspect->filters, NULL) < 0)
		suspect->filters = NULL;
	return 0;
}
