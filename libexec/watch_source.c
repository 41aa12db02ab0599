#include "libexec/watch_source.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/sys.h"
#include "libexec/watch.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { NOT_SUPPORTED = 524 }; /* ENOTSUPP: the kernel's own, which the C library has no word for */

/* The compiled programs. Their names are the linker's too: where addresses are looked up in a
 * table, as on arm64, it has one entry for all of a section's other names. */
__asm__(".section .rodata\n"
	".balign 8\n"
	".globl watch_programs, watch_programs_end\n"
	".hidden watch_programs, watch_programs_end\n"
	"watch_programs: .incbin \"libexec/watch.bpf.o\"\n"
	"watch_programs_end:\n"
	".balign 8\n"
	".previous\n");
extern const char watch_programs[], watch_programs_end[];

/* libbpf's own words are for those who write programs. */
static int say_nothing(enum libbpf_print_level level, const char *format, va_list args)
{
	return 0;
}

static bool is_locked_down(void)
{
	char line[128];

	return file_line(AT_FDCWD, "/sys/kernel/security/lockdown", line, sizeof(line)) > 0 &&
	       strstr(line, "[confidentiality]");
}

static bool has_types(void)
{
	return access("/sys/kernel/btf/vmlinux", R_OK) == 0;
}

static bool has_rights(void)
{
	const uint64_t tracing = 1ULL << CAP_BPF | 1ULL << CAP_PERFMON;
	uint64_t effective = 0, permitted, inheritable;

	(void)sys_capget(&effective, &permitted, &inheritable);
	return (effective & tracing) == tracing || effective & 1ULL << CAP_SYS_ADMIN;
}

/* @r: what loading or attaching the program at @place came to. */
static int refused(const char *place, int r, struct err *err)
{
	if (!has_types())
		return err_plain(err, r,
				 "the kernel doesn't show its types in /sys/kernel/btf/vmlinux "
				 "(CONFIG_DEBUG_INFO_BTF)");
	if (is_locked_down())
		return err_plain(err, r, "the kernel is locked down: lockdown=confidentiality");
	if (!has_rights())
		return err_plain(err, r, "it takes CAP_BPF and CAP_PERFMON over the host");
	switch (-r) {
	case ESRCH:
	case ENOENT:
		return err_plain(err, r, "this kernel has no %s to look at", place);
	case EPERM:
	case NOT_SUPPORTED:
		return err_plain(err, r, "this kernel lets no program look at %s", place);
	default:
		return err_set(err, r, "look at %s", place);
	}
}

/* Where in the kernel: what its section is named for. */
static const char *place_of(const struct bpf_program *program)
{
	const char *section = bpf_program__section_name(program);
	const char *slash = strchr(section, '/');

	return slash ? slash + 1 : section;
}

static struct bpf_program *program_of(const struct watch_source *source, size_t index)
{
	const char *name = source->programs[index];

	return name ? bpf_object__find_program_by_name(source->object, name) : NULL;
}

/* The last one is what the source is about. */
static const struct bpf_program *main_program(const struct watch_source *source)
{
	size_t last = WATCH_POINTS - 1;

	while (last && !source->programs[last])
		last--;
	return program_of(source, last);
}

static bool is_wanted(const struct watch_source *source, const struct bpf_program *program)
{
	for (size_t i = 0; i < WATCH_POINTS; i++)
		if (program == program_of(source, i))
			return true;
	return false;
}

static int open_programs(struct watch_source *source, struct err *err)
{
	const struct bpf_object_open_opts options = {.sz = sizeof(options),
						     .object_name = "pctrun"};
	const size_t length = (size_t)(watch_programs_end - watch_programs);
	struct bpf_program *program;

	(void)libbpf_set_print(say_nothing);
	source->object = bpf_object__open_mem(watch_programs, length, &options);
	if (!source->object)
		return err_set(err, -errno, "read the programs for the kernel");
	bpf_object__for_each_program(program, source->object)
		bpf_program__set_autoload(program, is_wanted(source, program));
	return 0;
}

/* A section of variables is a map. */
static int set_up(struct watch_source *source, const struct watch_settings *settings,
		  struct err *err)
{
	struct bpf_map *map = bpf_object__find_map_by_name(source->object, ".rodata");
	int r = map ? bpf_map__set_initial_value(map, settings, sizeof(*settings)) : -ENOENT;

	return r < 0 ? err_set(err, r, "set up the programs for the kernel") : 0;
}

static int map_table(struct watch_source *source, struct err *err)
{
	const struct bpf_map *map = bpf_object__find_map_by_name(source->object, ".bss");
	void *table = MAP_FAILED;

	if (map && bpf_map__value_size(map) >= sizeof(*source->table))
		table = mmap(NULL, sizeof(*source->table), PROT_READ, MAP_SHARED, bpf_map__fd(map),
			     0);
	if (table == MAP_FAILED)
		return err_set(err, -errno, "look into the programs' table");
	source->table = table;
	return 0;
}

static int load(struct watch_source *source, int cgroup_fd, struct err *err)
{
	const uint32_t first = 0;
	int r = bpf_object__load(source->object);

	if (r < 0)
		return refused(place_of(main_program(source)), r, err);
	r = bpf_map__update_elem(bpf_object__find_map_by_name(source->object, "cgroup"), &first,
				 sizeof(first), &cgroup_fd, sizeof(cgroup_fd), BPF_ANY);
	if (r < 0)
		return err_set(err, r, "name the container's cgroup");
	return map_table(source, err);
}

static int attach(struct watch_source *source, struct err *err)
{
	for (size_t i = 0; i < WATCH_POINTS; i++) {
		const struct bpf_program *program = program_of(source, i);

		if (!program)
			continue;
		source->links[i] = bpf_program__attach(program);
		if (!source->links[i])
			return refused(place_of(program), -errno, err);
	}
	return 0;
}

static void *zeroed(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	if (!memory)
		abort();
	return memory;
}

int watch_source_start(struct watch_source *source, int cgroup_fd,
		       const struct watch_settings *settings, struct err *err)
{
	int r = open_programs(source, err);

	if (r == 0)
		r = set_up(source, settings, err);
	if (r == 0)
		r = load(source, cgroup_fd, err);
	if (r == 0)
		r = attach(source, err);
	if (r < 0) {
		watch_source_free(source);
		return r;
	}
	source->told = zeroed(WATCH_KINDS, sizeof(*source->told));
	source->called = zeroed(sizeof(source->table->calls), 1);
	return 0;
}

void watch_source_stop(struct watch_source *source)
{
	for (size_t i = 0; i < WATCH_POINTS; i++) {
		bpf_link__destroy(source->links[i]); /* passes over NULL */
		source->links[i] = NULL;
	}
}

uint64_t watch_source_misses(const struct watch_source *source)
{
	uint64_t misses = 0;

	for (size_t i = 0; i < WATCH_POINTS; i++) {
		const struct bpf_program *program = program_of(source, i);
		struct bpf_prog_info info = {};
		uint32_t size = sizeof(info);

		if (program && bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size) == 0)
			misses += info.recursion_misses;
	}
	return misses;
}

void watch_source_free(struct watch_source *source)
{
	watch_source_stop(source);
	bpf_object__close(source->object);
	if (source->table)
		(void)munmap((void *)source->table, sizeof(*source->table));
	free(source->told);
	free(source->called);
	source->object = NULL;
	source->table = NULL;
	source->told = NULL;
	source->called = NULL;
}
