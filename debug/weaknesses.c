#include "debug/weaknesses.h"

#include "cgroup/device_filter.h"
#include "debug/capabilities.h"
#include "debug/isolation.h"
#include "debug/kernel_files.h"
#include "lib/host.h"
#include "lib/mountinfo.h"
#include "lib/printable.h"
#include "lib/text.h"

#include <linux/capability.h>
#include <string.h>

/* What a finding is about, a word each; a long list ends with how many more there are. */
struct detail {
	struct text text;
	unsigned int count;
};

enum { WORDS_SHOWN = 10 };

static void add_word(struct detail *detail, const char *word)
{
	if (detail->count++ >= WORDS_SHOWN)
		return;
	if (detail->count > 1)
		text_add(&detail->text, ", ");
	text_add_printable(&detail->text, word);
}

/* --- each check: does it hold, and where exactly */

static bool shares(const struct isolation *isolation, size_t type)
{
	return isolation_sees(isolation, type) && isolation->namespaces[type].host;
}

static bool shares_mounts(const struct isolation *isolation, struct detail *detail)
{
	return shares(isolation, NAMESPACE_MOUNT) && !isolation->chrooted;
}

static bool only_chrooted(const struct isolation *isolation, struct detail *detail)
{
	return isolation->chrooted;
}

static bool shares_pids(const struct isolation *isolation, struct detail *detail)
{
	return shares(isolation, NAMESPACE_PID);
}

static bool shares_network(const struct isolation *isolation, struct detail *detail)
{
	return shares(isolation, NAMESPACE_NET);
}

static bool shares_ipc(const struct isolation *isolation, struct detail *detail)
{
	return shares(isolation, NAMESPACE_IPC);
}

static bool shares_name(const struct isolation *isolation, struct detail *detail)
{
	return shares(isolation, NAMESPACE_UTS);
}

static bool shares_cgroups(const struct isolation *isolation, struct detail *detail)
{
	return shares(isolation, NAMESPACE_CGROUP);
}

static bool is_hosts_root(const struct isolation *isolation, struct detail *detail)
{
	return isolation->initial_userns && isolation->creds.uid[1] == 0;
}

/* A user namespace of its own whose root is root outside: files and sysctls see no difference. */
static bool maps_root_to_root(const struct isolation *isolation, struct detail *detail)
{
	uint32_t outside;

	return isolation_sees(isolation, NAMESPACE_USER) && !isolation->initial_userns &&
	       idmap_outside(&isolation->uid_map, 0, &outside) && outside == 0 &&
	       isolation->host->initial_userns && isolation->host->uid == 0;
}

static bool has_dangerous(const struct isolation *isolation, enum capability_danger danger,
			  struct detail *detail)
{
	for (unsigned int i = 0; isolation->initial_userns && i < CAPABILITIES; i++)
		if (capabilities[i].danger == danger && isolation_capable(isolation, i))
			add_word(detail, capability_name(i));
	return detail->count > 0;
}

static bool takes_over(const struct isolation *isolation, struct detail *detail)
{
	return has_dangerous(isolation, CAPABILITY_TAKES_OVER, detail);
}

static bool is_strong(const struct isolation *isolation, struct detail *detail)
{
	return has_dangerous(isolation, CAPABILITY_STRONG, detail);
}

static bool traces_host(const struct isolation *isolation, struct detail *detail)
{
	return isolation->initial_userns && shares(isolation, NAMESPACE_PID) &&
	       isolation_capable(isolation, CAP_SYS_PTRACE);
}

static bool governs_host_network(const struct isolation *isolation, struct detail *detail)
{
	return isolation->initial_userns && shares(isolation, NAMESPACE_NET) &&
	       isolation_capable(isolation, CAP_NET_ADMIN);
}

static bool inherits_capabilities(const struct isolation *isolation, struct detail *detail)
{
	for (unsigned int i = 0; i < CAPABILITIES; i++)
		if (isolation->creds.inheritable >> i & 1)
			add_word(detail, capability_name(i));
	return detail->count > 0;
}

static bool sees_raw_packets(const struct isolation *isolation, struct detail *detail)
{
	return isolation_capable(isolation, CAP_NET_RAW) && isolation->link_count > 1;
}

static bool writes_files(const struct isolation *isolation, bool take_over, struct detail *detail)
{
	for (size_t i = 0; i < isolation->file_count; i++) {
		const struct isolation_file *seen = &isolation->files[i];

		if (seen->writable && seen->file->takes_over == take_over)
			add_word(detail, seen->file->path);
	}
	return detail->count > 0;
}

static bool takes_over_by_files(const struct isolation *isolation, struct detail *detail)
{
	return writes_files(isolation, true, detail);
}

static bool changes_host_by_files(const struct isolation *isolation, struct detail *detail)
{
	return writes_files(isolation, false, detail);
}

static bool reads_host_by_files(const struct isolation *isolation, struct detail *detail)
{
	for (size_t i = 0; i < isolation->file_count; i++)
		if (isolation->files[i].readable)
			add_word(detail, isolation->files[i].file->path);
	return detail->count > 0;
}

static bool has_sockets(const struct isolation *isolation, struct detail *detail)
{
	for (size_t i = 0; i < isolation->socket_count; i++)
		if (isolation->sockets[i].writable)
			add_word(detail, isolation->sockets[i].path);
	return detail->count > 0;
}

/* What filters nobody can follow say may be either. */
static bool is_denied(const struct isolation *isolation, const struct isolation_device *device)
{
	struct device_verdict denial;

	return isolation->device_filters &&
	       !(device_filters_access(isolation->device_filters, device->type, device->major,
				       device->minor, &denial) &
		 (DEVICE_READ | DEVICE_WRITE)) &&
	       denial.answer == DEVICE_DENIED;
}

/* Nodes whose modes let it in, and the device filters or not. */
static bool has_devices(const struct isolation *isolation, char type, bool denied,
			struct detail *detail)
{
	for (size_t i = 0; i < isolation->device_count; i++) {
		const struct isolation_device *device = &isolation->devices[i];

		if (device->type == type && !device->nodev &&
		    (device->readable || device->writable) &&
		    is_denied(isolation, device) == denied)
			add_word(detail, device->path);
	}
	return detail->count > 0;
}

static bool has_open_disks(const struct isolation *isolation, struct detail *detail)
{
	return has_devices(isolation, 'b', false, detail);
}

static bool has_filtered_disks(const struct isolation *isolation, struct detail *detail)
{
	return has_devices(isolation, 'b', true, detail);
}

static bool has_nodes(const struct isolation *isolation, struct detail *detail)
{
	return has_devices(isolation, 'c', false, detail);
}

static bool may_use_any(const struct isolation *isolation, unsigned int access)
{
	return device_filters_ask_any(isolation->device_filters, 'b', access).answer ==
	       DEVICE_ALLOWED;
}

static bool makes_devices(const struct isolation *isolation, struct detail *detail)
{
	return isolation->initial_userns && isolation_capable(isolation, CAP_MKNOD) &&
	       isolation->device_filters && may_use_any(isolation, DEVICE_MKNOD) &&
	       may_use_any(isolation, DEVICE_READ);
}

static bool is_unfiltered(const struct isolation *isolation, struct detail *detail)
{
	return isolation->creds.seccomp_mode == 0;
}

static bool may_gain(const struct isolation *isolation, struct detail *detail)
{
	return !isolation->creds.no_new_privs;
}

static bool is_unconfined(const struct isolation *isolation, struct detail *detail)
{
	const char *label = isolation->creds.label;

	if (!isolation->host->apparmor && !isolation->host->selinux)
		return false;
	if (label)
		add_word(detail, label);
	return !label || starts_with(label, "unconfined") || strstr(label, ":unconfined_t:");
}

static bool has_no_module(const struct isolation *isolation, struct detail *detail)
{
	return !isolation->host->apparmor && !isolation->host->selinux;
}

static bool is_limited(const struct isolation *isolation, const char *file)
{
	for (size_t i = 0; i < isolation->cgroup_count; i++)
		for (size_t k = 0; k < isolation->cgroups[i].limit_count; k++)
			if (strcmp(isolation->cgroups[i].limits[k].file, file) == 0)
				return true;
	return !isolation->cgroup_count || isolation->cgroup_v1; /* not seen */
}

static bool lacks_limits(const struct isolation *isolation, struct detail *detail)
{
	static const char *const files[] = {"memory.max", "pids.max", "cpu.max"};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (!is_limited(isolation, files[i]))
			add_word(detail, files[i]);
	return detail->count > 0;
}

/* Folders of the host in which whoever writes becomes root there. What is below /var is data, that
 * of containers too, but for what cron runs. */
static const struct {
	const char *path;
	bool below;
} system_folders[] = {
	{"/", false},     {"/etc", true},      {"/usr", true},        {"/boot", true},
	{"/root", true},  {"/bin", true},      {"/sbin", true},       {"/lib", true},
	{"/lib32", true}, {"/lib64", true},    {"/libx32", true},     {"/opt", true},
	{"/var", false},  {"/var/lib", false}, {"/var/spool", false}, {"/var/spool/cron", true},
};

static bool is_system_folder(const char *path, bool below)
{
	for (size_t i = 0; i < ARRAY_SIZE(system_folders); i++) {
		const char *folder = system_folders[i].path;
		const char end = starts_with(path, folder) ? path[strlen(folder)] : 'x';

		if (end == '\0' || (below && system_folders[i].below && end == '/'))
			return true;
	}
	return false;
}

/* Its own root may lie anywhere, and is its own, unless it is such a folder itself. */
static bool writes_system_folder(const struct isolation_mount *mount)
{
	const bool root = strcmp(mount->info->target, "/") == 0;

	return mount->writable && mount->host_path && is_system_folder(mount->host_path, !root);
}

static bool writes_host_root(const struct isolation *isolation, struct detail *detail)
{
	for (size_t i = 0; i < isolation->mount_count; i++)
		if (writes_system_folder(&isolation->mounts[i]))
			add_word(detail, isolation->mounts[i].info->target);
	return detail->count > 0 && isolation_sees(isolation, NAMESPACE_MOUNT) &&
	       !shares(isolation, NAMESPACE_MOUNT);
}

static bool shares_changes_of_mounts(const struct isolation *isolation, struct detail *detail)
{
	for (size_t i = 0; i < isolation->mount_count; i++)
		if (isolation->mounts[i].peer_of_host)
			add_word(detail, isolation->mounts[i].info->target);
	return detail->count > 0 && isolation_sees(isolation, NAMESPACE_MOUNT) &&
	       !shares(isolation, NAMESPACE_MOUNT);
}

/* --- what there is to check, the worst first and within that the most telling first */

static const struct check {
	const char *name;
	enum severity severity;
	bool (*holds)(const struct isolation *isolation, struct detail *detail);
	const char *means;
	const char *mend;
} checks[] = {
	{"mounts-of-host", SEVERITY_OPEN, shares_mounts,
	 "it sees the host's files: nothing but their modes keeps it from them",
	 "give it a mount namespace and a root of its own"},
	{"capabilities-take-over", SEVERITY_OPEN, takes_over,
	 "each of these alone is a way to become root of the host",
	 "drop them, or give it a user namespace of its own, where they count for nothing outside"},
	{"kernel-files-take-over", SEVERITY_OPEN, takes_over_by_files,
	 "what it writes there the host runs or obeys as root",
	 "mount /proc/sys and /sys read-only, or give it a user namespace of its own"},
	{"service-sockets", SEVERITY_OPEN, has_sockets,
	 "a service behind it may do as root of the host what it is told",
	 "don't mount the socket into it; a filtering proxy, if it must be"},
	{"disks-open", SEVERITY_OPEN, has_open_disks,
	 "it reads or writes the host's disks beside their file systems: no device filter says no",
	 "take the nodes away, or add a device filter to its cgroup"},
	{"host-folders-writable", SEVERITY_OPEN, writes_host_root,
	 "programs and settings of the host can be replaced from inside",
	 "mount them read-only, or only what is needed of them"},
	{"traces-host", SEVERITY_OPEN, traces_host,
	 "CAP_SYS_PTRACE and the host's processes in sight: it can make them run its code",
	 "give it a pid namespace of its own or drop CAP_SYS_PTRACE"},
	{"chroot-only", SEVERITY_WEAK, only_chrooted,
	 "its root is a folder of a bigger file tree: root inside leaves it by chroot(2)",
	 "pivot_root(2) in a mount namespace of its own"},
	{"host-root", SEVERITY_WEAK, is_hosts_root,
	 "its root is the host's root: one mistake of the kernel or of a mount, and nothing else "
	 "is "
	 "left",
	 "a user namespace with ids of its own"},
	{"id-map-of-root", SEVERITY_WEAK, maps_root_to_root,
	 "its user namespace maps root to the host's root: files and kernel settings see no "
	 "difference",
	 "map id 0 to an id that nobody has on the host"},
	{"no-seccomp", SEVERITY_WEAK, is_unfiltered,
	 "every system call of the kernel can be reached, with all mistakes that are in there",
	 "a seccomp profile"},
	{"unconfined", SEVERITY_WEAK, is_unconfined,
	 "the host's security module does not restrict it", "a profile for it"},
	{"governs-host-network", SEVERITY_WEAK, governs_host_network,
	 "it changes the host's addresses, routes and packet filters",
	 "give it a network namespace of its own or drop CAP_NET_ADMIN"},
	{"network-of-host", SEVERITY_WEAK, shares_network,
	 "it reaches what listens on the host's loopback and at abstract sockets, where engines "
	 "and desktops have some that trust anybody",
	 "a network namespace of its own"},
	{"pids-of-host", SEVERITY_WEAK, shares_pids,
	 "it sees all processes of the host with their arguments, and signals those of its ids",
	 "a pid namespace of its own"},
	{"ipc-of-host", SEVERITY_WEAK, shares_ipc,
	 "it reaches the host's System V objects and message queues",
	 "an ipc namespace of its own"},
	{"capabilities-strong", SEVERITY_WEAK, is_strong,
	 "these reach beyond the container, as they are held over the host",
	 "drop what it doesn't need"},
	{"makes-devices", SEVERITY_WEAK, makes_devices,
	 "CAP_MKNOD, and no device filter says no: where no mount has nodev it makes nodes of the "
	 "host's disks and opens them",
	 "a device filter on its cgroup, or drop CAP_MKNOD"},
	{"kernel-files-writable", SEVERITY_WEAK, changes_host_by_files,
	 "what it writes there changes the whole host", "mount /proc/sys and /sys read-only"},
	{"kernel-files-readable", SEVERITY_WEAK, reads_host_by_files,
	 "they tell about the host and its other containers", "mask them"},
	{"no-limits", SEVERITY_WEAK, lacks_limits,
	 "on no level of its cgroup: it can use up the host's share of it",
	 "set them on its cgroup"},
	{"propagates-mounts", SEVERITY_WEAK, shares_changes_of_mounts,
	 "what it mounts below these appears on the host", "make them slave or private"},
	{"may-gain-privileges", SEVERITY_NOTED, may_gain,
	 "set-user-id programs and file capabilities in its root raise what it may do",
	 "no_new_privs, if it needs none of them"},
	{"inheritable-capabilities", SEVERITY_NOTED, inherits_capabilities,
	 "programs with inheritable file capabilities get them", "an empty inheritable set"},
	{"raw-packets", SEVERITY_NOTED, sees_raw_packets,
	 "CAP_NET_RAW: it can pretend to be its neighbours on the same link", "drop CAP_NET_RAW"},
	{"disks-filtered", SEVERITY_NOTED, has_filtered_disks,
	 "nodes of disks whose modes let it in: only the device filter is in between",
	 "take the nodes away"},
	{"devices", SEVERITY_NOTED, has_nodes,
	 "drivers behind these nodes are within reach of what runs in there",
	 "keep those that it needs"},
	{"name-of-host", SEVERITY_NOTED, shares_name, "the host's name is its name",
	 "a uts namespace of its own"},
	{"cgroups-of-host", SEVERITY_NOTED, shares_cgroups,
	 "it sees the names of the cgroups above it", "a cgroup namespace of its own"},
	{"no-security-module", SEVERITY_NOTED, has_no_module,
	 "this host has neither AppArmor nor SELinux turned on", "turn one on"},
};

const char *severity_name(enum severity severity)
{
	static const char *const names[SEVERITIES] = {"open", "weak", "noted"};

	return names[severity];
}

size_t weaknesses_find(const struct isolation *isolation, struct arena *arena,
		       const struct weakness **found)
{
	struct weakness *list = arena_array(arena, ARRAY_SIZE(checks), sizeof(*list));
	size_t count = 0;

	*found = list;
	for (const struct check *check = checks; check < checks + ARRAY_SIZE(checks); check++) {
		cleanup_(text_free) struct text text = {};
		struct detail detail = {};
		const bool holds = check->holds(isolation, &detail);

		text = detail.text;
		if (!holds)
			continue;
		if (detail.count > WORDS_SHOWN)
			text_addf(&text, " and %u more", detail.count - WORDS_SHOWN);
		list[count++] = (struct weakness){
			.name = check->name,
			.severity = check->severity,
			.means = check->means,
			.mend = check->mend,
			.detail = arena_strdup(arena, text_str(&text)),
		};
	}
	return count;
}
