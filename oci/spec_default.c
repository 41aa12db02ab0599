#include "oci/spec_default.h"

#include "lib/text.h"

#include <string.h>

/* The values are those that engines' users know from other runtimes' `spec` command. */

#define LIST(words) list_of(arena, words, ARRAY_SIZE(words))

static struct oci_strings list_of(struct arena *arena, const char *const *words, size_t count)
{
	struct oci_strings list = {.items = arena_array(arena, count, sizeof(char *))};

	for (size_t i = 0; i < count && words[i]; i++)
		list.items[list.count++] = words[i];
	return list;
}

static const char *const args[] = {"sh"};
static const char *const env[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"};
static const char *const capabilities[] = {"CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"};

static struct oci_process *default_process(struct arena *arena)
{
	struct oci_process *process = arena_alloc(arena, sizeof(*process));
	struct oci_rlimit *limit = arena_alloc(arena, sizeof(*limit));

	process->terminal = true;
	process->cwd = "/";
	process->args = LIST(args);
	process->env = LIST(env);
	process->capabilities = arena_alloc(arena, sizeof(*process->capabilities));
	process->capabilities->bounding = LIST(capabilities);
	process->capabilities->effective = LIST(capabilities);
	process->capabilities->permitted = LIST(capabilities);
	*limit = (struct oci_rlimit){.type = "RLIMIT_NOFILE", .soft = 1024, .hard = 1024};
	process->rlimits.items = limit;
	process->rlimits.count = 1;
	process->no_new_privileges = true;
	return process;
}

struct default_mount {
	const char *destination, *type, *source;
	const char *options[8];
};

static const struct default_mount mounts[] = {
	{"/proc", "proc", "proc", {}},
	{"/dev", "tmpfs", "tmpfs", {"nosuid", "strictatime", "mode=755", "size=65536k"}},
	{"/dev/pts",
	 "devpts",
	 "devpts",
	 {"nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"}},
	{"/dev/shm", "tmpfs", "shm", {"nosuid", "noexec", "nodev", "mode=1777", "size=65536k"}},
	{"/dev/mqueue", "mqueue", "mqueue", {"nosuid", "noexec", "nodev"}},
	{"/sys", "sysfs", "sysfs", {"nosuid", "noexec", "nodev", "ro"}},
	{"/sys/fs/cgroup", "cgroup", "cgroup", {"nosuid", "noexec", "nodev", "relatime", "ro"}},
};

/* A user namespace that doesn't own its network namespace may not mount sysfs: show the host's. */
static const struct default_mount rootless_sys = {
	"/sys", "none", "/sys", {"rbind", "nosuid", "noexec", "nodev", "ro"}};

/* Ids other than the caller's own are not mapped. */
static void drop_ids(struct oci_strings *options)
{
	size_t kept = 0;

	for (size_t i = 0; i < options->count; i++)
		if (!starts_with(options->items[i], "uid=") &&
		    !starts_with(options->items[i], "gid="))
			options->items[kept++] = options->items[i];
	options->count = kept;
}

static void add_mounts(struct arena *arena, bool rootless, struct oci_spec *spec)
{
	spec->mounts.items = arena_array(arena, ARRAY_SIZE(mounts), sizeof(struct oci_mount));
	for (size_t i = 0; i < ARRAY_SIZE(mounts); i++) {
		const struct default_mount *from = &mounts[i];
		struct oci_mount *mount = &spec->mounts.items[spec->mounts.count++];

		if (rootless && strcmp(from->destination, rootless_sys.destination) == 0)
			from = &rootless_sys;
		mount->destination = from->destination;
		mount->type = from->type;
		mount->source = from->source;
		mount->options = LIST(from->options);
		if (rootless)
			drop_ids(&mount->options);
	}
}

static void add_namespaces(struct arena *arena, bool rootless, struct oci_linux *linux)
{
	static const char *const types[] = {"pid",   "network", "ipc", "uts",
					    "mount", "cgroup",  "user"};

	linux->namespaces.items =
		arena_array(arena, ARRAY_SIZE(types), sizeof(struct oci_namespace));
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (strcmp(types[i], rootless ? "network" : "user") == 0)
			continue;
		linux->namespaces.items[linux->namespaces.count++].type = types[i];
	}
}

static struct oci_id_mappings map_root(struct arena *arena, uint32_t host_id)
{
	struct oci_id_mapping *mapping = arena_alloc(arena, sizeof(*mapping));

	*mapping = (struct oci_id_mapping){.container_id = 0, .host_id = host_id, .size = 1};
	return (struct oci_id_mappings){.count = 1, .items = mapping};
}

/* Every device is refused but those that runtimes always allow. */
static struct oci_resources *deny_devices(struct arena *arena)
{
	struct oci_resources *resources = arena_alloc(arena, sizeof(*resources));

	resources->devices.items = arena_alloc(arena, sizeof(struct oci_device_rule));
	resources->devices.count = 1;
	resources->devices.items[0].access = "rwm";
	return resources;
}

static const char *const masked[] = {
	"/proc/acpi",       "/proc/asound",      "/proc/interrupts",
	"/proc/kcore",      "/proc/keys",        "/proc/latency_stats",
	"/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug",
	"/proc/scsi",       "/sys/firmware",     "/sys/devices/virtual/powercap"};
static const char *const readonly[] = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
				       "/proc/sysrq-trigger"};

void oci_spec_default(struct arena *arena, const struct oci_spec_owner *rootless,
		      struct oci_spec *spec)
{
	*spec = (struct oci_spec){.oci_version = "1.2.0", .hostname = "pctrun"};
	spec->root.path = "rootfs";
	spec->root.readonly = true;
	spec->process = default_process(arena);
	add_mounts(arena, rootless != NULL, spec);
	add_namespaces(arena, rootless != NULL, &spec->linux);
	spec->linux.masked_paths = LIST(masked);
	spec->linux.readonly_paths = LIST(readonly);
	if (rootless) {
		spec->linux.uid_mappings = map_root(arena, rootless->uid);
		spec->linux.gid_mappings = map_root(arena, rootless->gid);
	} else {
		spec->linux.resources = deny_devices(arena);
	}
}
