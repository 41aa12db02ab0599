#include "debug/weaknesses.h"

#include "cgroup/device_filter.h"
#include "debug/isolation.h"
#include "debug/kernel_files.h"
#include "lib/host.h"
#include "lib/mountinfo.h"

#include <criterion/criterion.h>
#include <linux/capability.h>
#include <string.h>

/* A process that nothing can be said against; each row changes one thing. */
struct subject {
	struct isolation isolation;
	struct host host;
	struct idmap_range range;
	struct mountinfo info;
	struct isolation_mount mount;
	struct isolation_limit limits[3];
	struct isolation_cgroup cgroup;
	struct isolation_link links[2];
	struct isolation_file file;
	struct isolation_device device;
	struct isolation_socket socket;
	struct device_filters filters;
};

/* Allows making nodes, and nothing else; another one nobody can follow. */
static const struct device_rule mknod_rule = {true, 'a', -1, -1, DEVICE_MKNOD};
static const struct device_filter closed_filter = {
	.name = "devices.list", .cgroup = "/a", .count = 1, .rules = &mknod_rule};
static const struct device_filter unread_filter = {
	.name = "sd_devices", .cgroup = "/", .unread = "Operation not permitted"};

static void isolated(struct subject *subject)
{
	struct isolation *isolation = &subject->isolation;

	*subject = (struct subject){
		.host = {.initial_userns = true, .apparmor = true},
		.range = {0, 100000, 65536},
		.info = {.target = "/",
			 .root = "/",
			 .options = "rw",
			 .propagation = "",
			 .type = "ext4",
			 .source = "/dev/a",
			 .super_options = "rw"},
		.mount = {.info = &subject->info},
		.limits = {{"memory.max", "1"}, {"pids.max", "1"}, {"cpu.max", "1 2"}},
		.cgroup = {.path = "/a", .limit_count = 3, .limits = subject->limits},
		.links = {{.name = "lo", .loopback = true}, {.name = "eth0"}},
		.device = {.path = "/dev/sda", .type = 'b', .readable = true},
		.socket = {.path = "/run/docker.sock", .writable = true},
		.filters = {1, &closed_filter},
	};
	for (size_t i = 0; i < NAMESPACE_TYPES; i++)
		isolation->namespaces[i].id = i + 1;
	isolation->host = &subject->host;
	isolation->uid_map = isolation->gid_map = (struct idmap){1, &subject->range};
	isolation->creds = (struct isolation_creds){.uid = {100000, 100000, 100000, 100000},
						    .no_new_privs = true,
						    .seccomp_mode = 2,
						    .label = "profile (enforce)"};
	isolation->mount_count = isolation->cgroup_count = 1;
	isolation->mounts = &subject->mount;
	isolation->cgroups = &subject->cgroup;
	isolation->files_seen = true;
	isolation->link_count = 2;
	isolation->links = subject->links;
	isolation->files = &subject->file;
	isolation->devices = &subject->device;
	isolation->sockets = &subject->socket;
	isolation->device_filters = &subject->filters;
}

static void give(struct subject *subject, unsigned int cap, bool over_host)
{
	subject->isolation.creds.effective |= 1ULL << cap;
	subject->isolation.initial_userns |= over_host;
}

static void share(struct subject *subject, size_t type)
{
	subject->isolation.namespaces[type].host = true;
}

static void take_namespace_mount(struct subject *subject)
{
	share(subject, NAMESPACE_MOUNT);
}

static void take_namespace_pid(struct subject *subject)
{
	share(subject, NAMESPACE_PID);
}

static void take_namespace_net(struct subject *subject)
{
	share(subject, NAMESPACE_NET);
}

static void take_namespace_ipc(struct subject *subject)
{
	share(subject, NAMESPACE_IPC);
}

static void take_namespace_uts(struct subject *subject)
{
	share(subject, NAMESPACE_UTS);
}

static void take_namespace_cgroup(struct subject *subject)
{
	share(subject, NAMESPACE_CGROUP);
}

static void chroot_only(struct subject *subject)
{
	subject->isolation.chrooted = true;
}

static void be_root(struct subject *subject)
{
	subject->isolation.initial_userns = true;
	subject->isolation.creds.uid[1] = 0;
}

static void map_root(struct subject *subject)
{
	subject->range.outside = 0;
}

static void give_admin(struct subject *subject)
{
	give(subject, CAP_SYS_ADMIN, true);
}

static void give_own_admin(struct subject *subject)
{
	give(subject, CAP_SYS_ADMIN, false);
}

static void give_time(struct subject *subject)
{
	give(subject, CAP_SYS_TIME, true);
}

static void give_mknod_unfiltered(struct subject *subject)
{
	give(subject, CAP_MKNOD, true);
	subject->filters.count = 0;
}

static void give_mknod_unseen(struct subject *subject)
{
	give(subject, CAP_MKNOD, true);
	subject->isolation.device_filters = NULL;
}

static void give_mknod_filtered(struct subject *subject)
{
	give(subject, CAP_MKNOD, true);
}

static void give_raw(struct subject *subject)
{
	give(subject, CAP_NET_RAW, false);
}

static void give_raw_alone(struct subject *subject)
{
	give(subject, CAP_NET_RAW, false);
	subject->isolation.link_count = 1;
}

static void inherit(struct subject *subject)
{
	subject->isolation.creds.inheritable = 1ULL << CAP_CHOWN;
}

static const struct kernel_file *kernel_file(const char *path)
{
	const struct kernel_file *file = kernel_files;

	while (strcmp(file->path, path) != 0)
		file++;
	return file;
}

static void show_file(struct subject *subject, const char *path, bool readable, bool writable)
{
	subject->file = (struct isolation_file){
		.file = kernel_file(path), .readable = readable, .writable = writable};
	subject->isolation.file_count = 1;
}

static void write_core_pattern(struct subject *subject)
{
	show_file(subject, "/proc/sys/kernel/core_pattern", false, true);
}

static void closed_core_pattern(struct subject *subject)
{
	show_file(subject, "/proc/sys/kernel/core_pattern", false, false);
}

static void write_sysrq(struct subject *subject)
{
	show_file(subject, "/proc/sysrq-trigger", false, true);
}

static void read_kcore(struct subject *subject)
{
	show_file(subject, "/proc/kcore", true, false);
}

static void reach_socket(struct subject *subject)
{
	subject->isolation.socket_count = 1;
}

static void see_closed_socket(struct subject *subject)
{
	subject->isolation.socket_count = 1;
	subject->socket.writable = false;
}

static void open_disk(struct subject *subject)
{
	subject->isolation.device_count = 1;
	subject->filters.count = 0;
}

static void unclear_disk(struct subject *subject)
{
	subject->isolation.device_count = 1;
	subject->filters.items = &unread_filter;
}

static void filtered_disk(struct subject *subject)
{
	subject->isolation.device_count = 1;
}

static void nodev_disk(struct subject *subject)
{
	subject->isolation.device_count = 1;
	subject->device.nodev = true;
}

static void filtered_driver(struct subject *subject)
{
	subject->isolation.device_count = 1;
	subject->device.type = 'c';
}

static void open_driver(struct subject *subject)
{
	filtered_driver(subject);
	subject->filters.count = 0;
}

static void no_filter(struct subject *subject)
{
	subject->isolation.creds.seccomp_mode = 0;
}

static void unseen_filter(struct subject *subject)
{
	subject->isolation.creds.seccomp_mode = -1;
}

static void may_gain(struct subject *subject)
{
	subject->isolation.creds.no_new_privs = false;
}

static void unconfined(struct subject *subject)
{
	subject->isolation.creds.label = "unconfined";
}

static void no_module(struct subject *subject)
{
	subject->host.apparmor = false;
}

static void no_pids_limit(struct subject *subject)
{
	subject->limits[1].file = "pids.peak";
}

static void limits_elsewhere(struct subject *subject)
{
	no_pids_limit(subject);
	subject->isolation.cgroup_v1 = true;
}

static void mount_etc(struct subject *subject)
{
	subject->mount.host_path = "/etc";
	subject->mount.writable = true;
	subject->info.target = "/host\n";
}

static void mount_etc_closed(struct subject *subject)
{
	mount_etc(subject);
	subject->mount.writable = false;
}

static void mount_cron(struct subject *subject)
{
	mount_etc(subject);
	subject->mount.host_path = "/etc/cron.d";
}

static void mount_library(struct subject *subject)
{
	mount_etc(subject);
	subject->mount.host_path = "/usr/lib";
}

static void mount_etcetera(struct subject *subject)
{
	mount_etc(subject);
	subject->mount.host_path = "/etcetera";
}

static void mount_container(struct subject *subject)
{
	mount_etc(subject);
	subject->mount.host_path = "/var/lib/containers/a";
}

static void root_in_home(struct subject *subject)
{
	subject->mount.host_path = "/root/bundle/rootfs";
	subject->mount.writable = true;
}

static void root_of_host(struct subject *subject)
{
	root_in_home(subject);
	subject->mount.host_path = "/";
}

static void mount_data(struct subject *subject)
{
	mount_etc(subject);
	subject->mount.host_path = "/srv/data";
}

static void propagate(struct subject *subject)
{
	subject->mount.peer_of_host = true;
}

Test(debug_weaknesses, one_change)
{
	/* found: "SEVERITY NAME: DETAIL", or nothing */
	static const struct {
		void (*change)(struct subject *subject);
		const char *found;
	} rows[] = {
		{take_namespace_mount, "open mounts-of-host: "},
		{take_namespace_pid, "weak pids-of-host: "},
		{take_namespace_net, "weak network-of-host: "},
		{take_namespace_ipc, "weak ipc-of-host: "},
		{take_namespace_uts, "noted name-of-host: "},
		{take_namespace_cgroup, "noted cgroups-of-host: "},
		{chroot_only, "weak chroot-only: "},
		{be_root, "weak host-root: "},
		{map_root, "weak id-map-of-root: "},
		{give_admin, "open capabilities-take-over: CAP_SYS_ADMIN"},
		{give_own_admin, NULL},
		{give_time, "weak capabilities-strong: CAP_SYS_TIME"},
		{give_mknod_unfiltered, "weak makes-devices: "},
		{give_mknod_unseen, NULL},
		{give_mknod_filtered, NULL},
		{give_raw, "noted raw-packets: "},
		{give_raw_alone, NULL},
		{inherit, "noted inheritable-capabilities: CAP_CHOWN"},
		{write_core_pattern, "open kernel-files-take-over: /proc/sys/kernel/core_pattern"},
		{closed_core_pattern, NULL},
		{write_sysrq, "weak kernel-files-writable: /proc/sysrq-trigger"},
		{read_kcore, "weak kernel-files-readable: /proc/kcore"},
		{reach_socket, "open service-sockets: /run/docker.sock"},
		{see_closed_socket, NULL},
		{open_disk, "open disks-open: /dev/sda"},
		{unclear_disk, "open disks-open: /dev/sda"},
		{filtered_disk, "noted disks-filtered: /dev/sda"},
		{nodev_disk, NULL},
		{filtered_driver, NULL},
		{open_driver, "noted devices: /dev/sda"},
		{no_filter, "weak no-seccomp: "},
		{unseen_filter, NULL},
		{may_gain, "noted may-gain-privileges: "},
		{unconfined, "weak unconfined: unconfined"},
		{no_module, "noted no-security-module: "},
		{no_pids_limit, "weak no-limits: pids.max"},
		{limits_elsewhere, NULL},
		{mount_etc, "open host-folders-writable: /host\\n"},
		{mount_etc_closed, NULL},
		{mount_cron, "open host-folders-writable: /host\\n"},
		{mount_library, "open host-folders-writable: /host\\n"},
		{mount_etcetera, NULL},
		{mount_container, NULL},
		{root_in_home, NULL},
		{root_of_host, "open host-folders-writable: /"},
		{mount_data, NULL},
		{propagate, "weak propagates-mounts: /"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		const struct weakness *found;
		struct subject subject;
		size_t count;

		isolated(&subject);
		rows[i].change(&subject);
		count = weaknesses_find(&subject.isolation, &arena, &found);
		cr_assert_eq(count, rows[i].found != NULL, "row %zu (%s): %zu found: %s", i,
			     rows[i].found, count, count ? found[count - 1].name : "");
		if (count)
			cr_expect_str_eq(arena_printf(&arena, "%s %s: %s",
						      severity_name(found->severity), found->name,
						      found->detail),
					 rows[i].found, "row %zu", i);
	}
}

Test(debug_weaknesses, nothing_and_order)
{
	cleanup_(arena_free) struct arena arena = {};
	const struct weakness *found;
	struct subject subject;
	size_t count;

	isolated(&subject);
	cr_expect_eq(weaknesses_find(&subject.isolation, &arena, &found), 0);
	may_gain(&subject);
	no_filter(&subject);
	give_admin(&subject);
	be_root(&subject);
	count = weaknesses_find(&subject.isolation, &arena, &found);
	cr_assert_eq(count, 4);
	for (size_t i = 1; i < count; i++)
		cr_expect_geq(found[i].severity, found[i - 1].severity, "%s", found[i].name);
}

/* What was not seen is not weak. */
Test(debug_weaknesses, unseen)
{
	cleanup_(arena_free) struct arena arena = {};
	const struct weakness *found;
	struct isolation isolation = {};
	struct host host = {.initial_userns = true, .apparmor = true};

	isolation.host = &host;
	isolation.creds = (struct isolation_creds){
		.no_new_privs = true, .seccomp_mode = -1, .label = "profile (enforce)"};
	cr_expect_eq(weaknesses_find(&isolation, &arena, &found), 0);
}
