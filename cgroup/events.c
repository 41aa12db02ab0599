#include "cgroup/events.h"

#include "lib/clock.h"
#include "lib/own.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>

int cgroup_event_read(int events_fd, const char *name)
{
	char text[256];
	ssize_t n = pread(events_fd, text, sizeof(text) - 1, 0);
	size_t length = strlen(name);

	if (n < 0)
		return -errno;
	text[n] = '\0';
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, length) == 0 && line[length] == ' ')
			return line[length + 1] == '1';
	}
	return -ENODATA;
}

int cgroup_events_open(int cgroup_fd)
{
	int fd = openat(cgroup_fd, "cgroup.events", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int cgroup_event_wait(int cgroup_fd, const char *name, bool value, int timeout_ms)
{
	cleanup_close int events_fd = cgroup_events_open(cgroup_fd);
	struct pollfd changed = {.fd = events_fd, .events = POLLPRI};
	const int64_t end = deadline_in_ms(timeout_ms);
	int r;

	if (events_fd < 0)
		return events_fd;
	while ((r = cgroup_event_read(events_fd, name)) >= 0 && r != value) {
		const int left = deadline_left(end);

		if (left == 0)
			return -ETIMEDOUT;
		if (poll(&changed, 1, left) < 0 && errno != EINTR)
			return -errno;
	}
	return r < 0 ? r : 0;
}
