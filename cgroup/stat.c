#include "cgroup/cgroup.h"
#include "cgroup/values.h"

#include <string.h>

/* "8:0 rbytes=1 wbytes=2 …" a device: the sum over all of them. */
static void read_sum(const char *text, const char *name, struct opt_u64 *number)
{
	for (const char *at = text; (at = strstr(at, name)); at += strlen(name)) {
		number->value += strtoul(at + strlen(name), NULL, 10);
		number->set = true;
	}
}

void cgroup_stat(int cgroup_fd, struct cgroup_stat *stat)
{
	cleanup_(arena_free) struct arena arena = {};
	const char *cpu = cgroup_text(&arena, cgroup_fd, "cpu.stat");
	const char *io = cgroup_text(&arena, cgroup_fd, "io.stat");

	*stat = (struct cgroup_stat){};
	stat->memory_bytes = cgroup_number(cgroup_fd, "memory.current");
	stat->memory_max_bytes = cgroup_number(cgroup_fd, "memory.max");
	stat->swap_bytes = cgroup_number(cgroup_fd, "memory.swap.current");
	stat->pids = cgroup_number(cgroup_fd, "pids.current");
	stat->memory_file_bytes =
		cgroup_named(cgroup_text(&arena, cgroup_fd, "memory.stat"), "file");
	stat->cpu_user_usec = cgroup_named(cpu, "user_usec");
	stat->cpu_system_usec = cgroup_named(cpu, "system_usec");
	stat->oom_kills = cgroup_named(cgroup_text(&arena, cgroup_fd, "memory.events"), "oom_kill");
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
		cgroup_text(arena, cgroup_fd, arena_printf(arena, "%s.pressure", resource));

	*some = avg10(arena, text, "some avg10=");
	*full = avg10(arena, text, "full avg10=");
}
