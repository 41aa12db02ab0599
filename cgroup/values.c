#include "cgroup/values.h"
#include "lib/file.h"
#include "lib/text.h"

#include <string.h>

const char *cgroup_text(struct arena *arena, int cgroup_fd, const char *file)
{
	const char *text;

	return file_read(arena, cgroup_fd, file, 0, &text, NULL, NULL) < 0 ? "" : text;
}

struct opt_u64 cgroup_number(int cgroup_fd, const char *file)
{
	struct opt_u64 number = {};
	char line[64];

	if (file_line(cgroup_fd, file, line, sizeof(line)) > 0)
		number.set = parse_u64(line, &number.value) == 0;
	return number;
}

struct opt_u64 cgroup_named(const char *text, const char *name)
{
	size_t length = strlen(name);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, length) == 0 && line[length] == ' ')
			return (struct opt_u64){true, strtoul(line + length + 1, NULL, 10)};
	}
	return (struct opt_u64){};
}
