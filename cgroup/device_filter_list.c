#include "cgroup/device_filter.h"
#include "lib/arena.h"
#include "lib/cgroup_line.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/text.h"

#include <string.h>

/* devices.list of cgroup version 1: Documentation/admin-guide/cgroup-v1/devices.rst. */

/* "*", "136" */
static bool read_number(const char **rest, long *number)
{
	char *end;

	if (**rest == '*') {
		*number = -1;
		++*rest;
		return true;
	}
	*number = strtol(*rest, &end, 10);
	if (end == *rest || *number < 0)
		return false;
	*rest = end;
	return true;
}

static unsigned int read_access(const char *letters, size_t length)
{
	unsigned int access = 0;

	for (size_t i = 0; i < length; i++)
		access |= letters[i] == 'r'   ? DEVICE_READ
			  : letters[i] == 'w' ? DEVICE_WRITE
			  : letters[i] == 'm' ? DEVICE_MKNOD
					      : 0;
	return access;
}

/* "c 1:3 rwm" */
static bool read_rule(const char *line, size_t length, struct device_rule *rule)
{
	const char *end = line + length, *rest = line + 2;

	if (length < strlen("c 1:3 r") || !strchr("abc", line[0]) || line[1] != ' ')
		return false;
	*rule = (struct device_rule){.allow = true, .type = line[0]};
	if (!read_number(&rest, &rule->major) || *rest++ != ':' ||
	    !read_number(&rest, &rule->minor) || *rest++ != ' ' || rest > end)
		return false;
	rule->access = read_access(rest, (size_t)(end - rest));
	return true;
}

static size_t count_lines(const char *text)
{
	size_t count = 1;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

bool device_list_read(struct arena *arena, const char *text, struct device_filter *filter)
{
	struct device_rule *rules = arena_array(arena, count_lines(text), sizeof(*rules));
	size_t count = 0;

	while (*text) {
		const size_t length = strcspn(text, "\n");

		if (!read_rule(text, length, &rules[count++]))
			return false;
		text += length + (text[length] == '\n');
	}
	filter->rules = rules;
	filter->count = count;
	return true;
}

/*
 * A list that lets everything through is all the kernel shows of one that has exceptions to that.
 * The root's has none unless somebody has played with it.
 */
int device_list_observe(struct arena *arena, int pid_dir_fd, struct device_filter *filter)
{
	static const char all[] = "a *:* rwm";
	const char *text, *path;
	cleanup_close int fd = cgroup_v1_open(arena, pid_dir_fd, "devices", &path);
	int r;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	if (strcmp(path, "/") == 0)
		return 0;
	r = file_read(arena, fd, "devices.list", 0, &text, NULL, NULL);
	if (r < 0)
		return r;
	*filter = (struct device_filter){.name = "devices.list", .cgroup = path};
	if (starts_with(text, all))
		filter->unread = "what it excepts from all is not shown";
	else if (!device_list_read(arena, text, filter))
		return -EINVAL;
	return 1;
}
