#include "runtime/usage.h"

#include "cgroup/cgroup.h"
#include "lib/clock.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/text.h"
#include "oci/ext.h"
#include "runtime/ending.h"
#include "runtime/state.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/statfs.h>

static void add_counter(const char *interface, const char *counter, struct opt_u64 *sum)
{
	char path[PATH_MAX], line[32];
	unsigned long value;

	(void)snprintf(path, sizeof(path), "/sys/class/net/%s/statistics/%s", interface, counter);
	if (file_line(AT_FDCWD, path, line, sizeof(line)) <= 0 || parse_u64(line, &value) < 0)
		return;
	sum->set = true;
	sum->value += value;
}

/* What the host's end sends is what the container gets. */
static void look_at_net(struct arena *arena, const struct record *record, struct usage *usage)
{
	const struct oci_spec spec = {.annotations = record->annotations};
	struct oci_net_list nets;

	if (oci_net_read(arena, &spec, &nets, NULL) < 0)
		return;
	for (size_t i = 0; i < nets.count; i++) {
		add_counter(nets.items[i].host, "tx_bytes", &usage->in_bytes);
		add_counter(nets.items[i].host, "rx_bytes", &usage->out_bytes);
	}
}

static void look_at_cgroup(struct arena *arena, const struct record *record, struct usage *usage)
{
	cleanup_close int cgroup_fd = -EBADF;
	struct cgroup_stat stat;

	if (record->cgroup)
		cgroup_fd = open(record->cgroup, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (cgroup_fd < 0)
		return;
	cgroup_stat(cgroup_fd, &stat);
	usage->memory_bytes = stat.memory_bytes;
	if (stat.memory_file_bytes.set && stat.memory_file_bytes.value <= stat.memory_bytes.value)
		usage->memory_bytes.value -= stat.memory_file_bytes.value;
	usage->swap_bytes = stat.swap_bytes;
	usage->read_bytes = stat.read_bytes;
	usage->write_bytes = stat.write_bytes;
	usage->oom_kills = stat.oom_kills;
	cgroup_pressure(arena, cgroup_fd, "cpu", &usage->cpu.some, &usage->cpu.full);
	cgroup_pressure(arena, cgroup_fd, "io", &usage->io.some, &usage->io.full);
	cgroup_pressure(arena, cgroup_fd, "memory", &usage->memory.some, &usage->memory.full);
}

static void look_at_disk(struct usage *usage)
{
	struct statfs fs;
	char path[32];

	(void)snprintf(path, sizeof(path), "/proc/%d/root", (int)usage->pid);
	if (statfs(path, &fs) < 0)
		return;
	usage->disk_max_bytes =
		(struct opt_u64){true, (unsigned long)fs.f_blocks * (unsigned long)fs.f_bsize};
	usage->disk_bytes = (struct opt_u64){true, (unsigned long)(fs.f_blocks - fs.f_bfree) *
							   (unsigned long)fs.f_bsize};
}

/* A process' start is counted in ticks since the host's boot. */
static uint64_t uptime_of(const struct record *record)
{
	const uint64_t start = record->pid_start / (uint64_t)sysconf(_SC_CLK_TCK);
	const uint64_t now = (uint64_t)clock_nsec(CLOCK_BOOTTIME) / 1000000000;

	return now > start ? now - start : 0;
}

int container_usage(const struct runtime *runtime, struct arena *arena, const char *id,
		    struct usage *usage, struct err *err)
{
	cleanup_close int state_fd = -EBADF;
	struct record record;
	int r;

	r = record_load_running(runtime, arena, id, &state_fd, &record, err);
	if (r < 0)
		return r;
	*usage = (struct usage){
		.pid = record.pid,
		.uptime_seconds = uptime_of(&record),
		.memory_origin = memory_origin(arena, &record),
	};
	look_at_cgroup(arena, &record, usage);
	look_at_net(arena, &record, usage);
	look_at_disk(usage);
	return 0;
}
