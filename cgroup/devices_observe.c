#include "cgroup/device_filter.h"
#include "lib/arena.h"
#include "lib/run.h"
#include "lib/text.h"

#include <fcntl.h>
#include <string.h>

static bool has_ours(const struct device_filters *filters, const char *cgroup)
{
	for (size_t i = 0; i < filters->count; i++)
		if (same_string(filters->items[i].cgroup, cgroup) &&
		    strcmp(filters->items[i].name, DEVICES_PROGRAM) == 0)
			return true;
	return false;
}

/* The rules beside what all programs say that are asked: others may be stricter, or ours another
 * one. */
static int compare(struct arena *arena, const struct device_filters *filters,
		   const struct device_policy *policy, struct observation *seen)
{
	cleanup_(text_free) struct text text = {};
	struct device_request request;
	struct device_verdict verdict;

	if (!device_filters_differ(filters, policy, &request, &verdict))
		return observe(seen, OBSERVED_HOLDS, "just this, by %zu device filter%s",
			       filters->count, filters->count == 1 ? "" : "s");
	if (verdict.answer == DEVICE_UNCLEAR)
		return observe(seen, OBSERVED_UNSEEN, "%s", device_unclear_text(arena, &verdict));
	device_rule_text(&(struct device_rule){.type = request.type,
					       .major = request.major,
					       .minor = request.minor,
					       .access = request.access},
			 &text);
	if (verdict.answer == DEVICE_ALLOWED)
		return observe(seen, OBSERVED_DIFFERS, "%s is allowed", text_str(&text));
	return observe(seen, OBSERVED_DIFFERS, "%s is denied by %s", text_str(&text),
		       device_filter_text(arena, verdict.filter));
}

/* BPF_PROG_QUERY wants a real descriptor, not an O_PATH one. */
int devices_observe(const struct step *step, struct run *run, struct observation *seen,
		    struct err *err)
{
	const struct cgroup_devices_step *wanted =
		container_of(step, struct cgroup_devices_step, step);
	cleanup_(arena_free) struct arena arena = {};
	cleanup_close int path_fd = cgroup_observe_open(&wanted->place, run->pid_dir_fd, false);
	cleanup_close int fd = -EBADF;
	struct device_filters filters;

	if (path_fd >= 0)
		fd = openat(path_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return observe(seen, OBSERVED_UNSEEN, "its cgroup can't be opened");
	if (device_programs_observe(&arena, fd, &filters) < 0)
		return observe(seen, OBSERVED_UNSEEN, "device filters can't be listed");
	if (!has_ours(&filters, device_programs_name_above(&arena, fd, &filters)))
		return observe(seen, OBSERVED_DIFFERS, "none of %zu device filters is ours",
			       filters.count);
	return compare(&arena, &filters, &wanted->policy, seen);
}
