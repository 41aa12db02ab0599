#include "cgroup/cgroup.h"
#include "lib/file.h"
#include "lib/text.h"

#include <string.h>

static void read_number(int cgroup_fd, const char *file, struct opt_u64 *number)
{
	char line[64];

	if (file_line(cgroup_fd, file, line, sizeof(line)) > 0)
		number->set = parse_u64(line, &number->value) == 0; /* "max" is none */
}

/* "name value" lines: cpu.stat, memory.events. */
static void read_named(const char *text, const char *name, struct opt_u64 *number)
{
	size_t length = strlen(name);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, length) == 0 && line[length] == ' ') {
			number->value = strtoul(line + length + 1, NULL, 10);
			number->set = true;
			return;
		}
	}
}

/* "8:0 rbytes=1 wbytes=2 …" a device: the sum over all of them. */
static void read_sum(const char *text, const char *name, struct opt_u64 *number)
{
	for (const char *at = text; (at = strstr(at, name)); at += strlen(name)) {
		number->value += strtoul(at + strlen(name), NULL, 10);
		number->set = true;
	}
}

static const char *read_text(struct arena *arena, int cgroup_fd, const char *file)
{
	const char *text;

	return file_read(arena, cgroup_fd, file, 0, &text, NULL, NULL) < 0 ? "" : text;
}

void cgroup_stat(int cgroup_fd, struct cgroup_stat *stat)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *cpu = read_text(&arena, cgroup_fd, "cpu.stat");
	const char *io = read_text(&arena, cgroup_fd, "io.stat");

	*stat = (struct cgroup_stat){};
	read_number(cgroup_fd, "memory.current", &stat->memory_bytes);
	read_number(cgroup_fd, "memory.max", &stat->memory_max_bytes);
	read_number(cgroup_fd, "memory.swap.current", &stat->swap_bytes);
	read_number(cgroup_fd, "pids.current", &stat->pids);
	read_named(read_text(&arena, cgroup_fd, "memory.stat"), "file", &stat->memory_file_bytes);
	read_named(cpu, "usage_usec", &stat->cpu_usec);
	read_named(cpu, "user_usec", &stat->cpu_user_usec);
	read_named(cpu, "system_usec", &stat->cpu_system_usec);
	read_named(read_text(&arena, cgroup_fd, "memory.events"), "oom_kill", &stat->oom_kills);
	read_sum(io, " rbytes=", &stat->read_bytes);
	read_sum(io, " wbytes=", &stat->write_bytes);
}

/* "some avg10=0.12 avg60=...", a line each for some and full. */
static const char *avg10(struct arena *arena, const char *text, const char *line)
{
	const char *at = strstr(text, line);

	if (!at)
		return NULL;
	at += strlen(line);
	return arena_strndup(arena, at, strcspn(at, " \n"));
}

void cgroup_pressure(struct arena *arena, int cgroup_fd, const char *resource, const char **some,
		     const char **full)
{
	const char *text =
		read_text(arena, cgroup_fd, arena_printf(arena, "%s.pressure", resource));

	*some = avg10(arena, text, "some avg10=");
	*full = avg10(arena, text, "full avg10=");
}
