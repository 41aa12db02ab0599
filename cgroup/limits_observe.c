#include "cgroup/limits.h"
#include "lib/file.h"
#include "lib/run.h"
#include "lib/text.h"

#include <string.h>
#include <unistd.h>

/* "50000 100000" may be asked for as "50000"; memory is counted in whole pages. */
static bool same_number(const char *seen, const char *wanted)
{
	unsigned long a, b, page = (unsigned long)sysconf(_SC_PAGESIZE);

	if (parse_u64(seen, &a) < 0 || parse_u64(wanted, &b) < 0)
		return false;
	return a == b || (b > page && a == b / page * page);
}

static bool is_as_wanted(const char *text, const struct limit *limit)
{
	size_t length = strlen(limit->value), first = strcspn(text, "\n");
	char line[128];

	if (first < sizeof(line)) {
		memcpy(line, text, first);
		line[first] = '\0';
		if (strcmp(line, limit->value) == 0 ||
		    (starts_with(limit->file, "memory.") && same_number(line, limit->value)))
			return true;
		if (strncmp(line, limit->value, length) == 0 && line[length] == ' ')
			return true;
	}
	/* Files with a line a device, or with words ("default 100"). */
	return strchr(limit->value, ':') || starts_with(text, "default ")
		       ? strstr(text, limit->value) != NULL
		       : false;
}

int limit_observe(const struct step *step, struct run *run, struct observation *seen,
		  struct err *err)
{
	const struct cgroup_limit_step *wanted = container_of(step, struct cgroup_limit_step, step);
	cleanup_close int fd = cgroup_observe_open(&wanted->place, run->pid_dir_fd, false);
	cleanup_(arena_free) struct arena arena = {};
	const char *text;

	if (fd < 0)
		return observe(seen, OBSERVED_UNSEEN, "its cgroup can't be opened");
	if (file_read(&arena, fd, wanted->limit.file, 0, &text, NULL, NULL) < 0)
		return observe(seen, wanted->limit.optional ? OBSERVED_HOLDS : OBSERVED_UNSEEN,
			       "%s can't be read", wanted->limit.file);
	return observe(seen, is_as_wanted(text, &wanted->limit) ? OBSERVED_HOLDS : OBSERVED_DIFFERS,
		       "%s = %.*s", wanted->limit.file, (int)strcspn(text, "\n"), text);
}
