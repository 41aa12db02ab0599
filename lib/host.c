#include "lib/host.h"

#include "lib/cgroup_line.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/sys.h"
#include "lib/text.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/vfs.h>

/* linux/proc_ns.h */
enum { INITIAL_PIDNS_INODE = 0xEFFFFFFC, INITIAL_USERNS_INODE = 0xEFFFFFFD };
enum { LAST_CAP = 40 /* of Linux 5.9 */ };

#ifndef RDTGROUP_SUPER_MAGIC
#define RDTGROUP_SUPER_MAGIC 0x7655821
#endif
#define RESCTRL_ROOT "/sys/fs/resctrl"

const struct controller_name controller_names[] = {
	{"cpuset", CONTROLLER_CPUSET}, {"cpu", CONTROLLER_CPU},         {"io", CONTROLLER_IO},
	{"memory", CONTROLLER_MEMORY}, {"hugetlb", CONTROLLER_HUGETLB}, {"pids", CONTROLLER_PIDS},
	{"rdma", CONTROLLER_RDMA},     {"misc", CONTROLLER_MISC},       {NULL, 0},
};

/* cgroup2 alone, or beside version 1's controllers ("hybrid"). */
static const char *const cgroup_roots[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};

static enum controller controller_of(const char *name, size_t length)
{
	for (const struct controller_name *c = controller_names; c->name; c++)
		if (strlen(c->name) == length && strncmp(c->name, name, length) == 0)
			return c->bit;
	return 0;
}

/* Only version 2 has the file. */
static void probe_cgroup(struct host *host)
{
	char controllers[512], path[64];
	const char *rest = controllers, *word;
	size_t length;

	for (size_t i = 0; i < ARRAY_SIZE(cgroup_roots) && !host->cgroup_root; i++) {
		(void)snprintf(path, sizeof(path), "%s/cgroup.controllers", cgroup_roots[i]);
		if (file_line(AT_FDCWD, path, controllers, sizeof(controllers)) >= 0)
			host->cgroup_root = cgroup_roots[i];
	}
	if (!host->cgroup_root)
		return;
	while ((word = next_word(&rest, &length)))
		host->controllers |= controller_of(word, length);
}

static const char *probe_resctrl(void)
{
	struct statfs fs;

	return statfs(RESCTRL_ROOT, &fs) == 0 && fs.f_type == RDTGROUP_SUPER_MAGIC ? RESCTRL_ROOT
										   : NULL;
}

static bool says_yes(const char *path)
{
	char line[8];

	return file_line(AT_FDCWD, path, line, sizeof(line)) > 0 &&
	       (line[0] == 'Y' || line[0] == '1');
}

static void probe_capabilities(struct host *host)
{
	uint64_t permitted, inheritable;

	/* It knows those whose place in the bounding set it can say. */
	for (host->last_cap = LAST_CAP; prctl(PR_CAPBSET_READ, host->last_cap + 1) >= 0;)
		host->last_cap++;
	(void)sys_capget(&host->capabilities, &permitted, &inheritable);
}

/* A process is moved in by who may write to cgroup.procs of what the two cgroups have in common. */
static bool own_cgroup_writable(struct arena *arena, const struct host *host)
{
	cleanup_close int fd = -EBADF;
	const char *own;

	if (host->uid == 0 && host->initial_userns)
		return true;
	own = cgroup_of_process(arena, AT_FDCWD, "/proc/self/cgroup");
	if (!own)
		return false;
	own = arena_printf(arena, "%s%s", host->cgroup_root, own);
	fd = open(own, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0 && faccessat(fd, ".", W_OK, AT_EACCESS) == 0 &&
	       faccessat(fd, "cgroup.procs", W_OK, AT_EACCESS) == 0;
}

/* The kernel's own "rootfs", a ramfs or a tmpfs, is the first of all mounts, and can't be moved. */
static bool on_initramfs(void)
{
	char first[256];
	struct statfs fs;

	if (statfs("/", &fs) < 0 || (fs.f_type != RAMFS_MAGIC && fs.f_type != TMPFS_MAGIC))
		return false;
	return file_line(AT_FDCWD, "/proc/self/mountinfo", first, sizeof(first)) > 0 &&
	       strstr(first, " / / ") && strstr(first, " - rootfs ");
}

int host_probe(struct arena *arena, struct host *host, struct err *err)
{
	struct utsname name;
	struct stat st;

	*host = (struct host){};
	if (uname(&name) < 0)
		return err_set(err, -errno, "ask the kernel's name");
	host->kernel = arena_strdup(arena, name.release);
	host->machine = arena_strdup(arena, name.machine);
	host->uid = geteuid();
	host->gid = getegid();
	probe_cgroup(host);
	probe_capabilities(host);
	host->ordinary = !(host->capabilities & 1ULL << CAP_SYS_ADMIN);
	host->initial_userns =
		stat("/proc/self/ns/user", &st) == 0 && st.st_ino == INITIAL_USERNS_INODE;
	host->own_cgroup_writable = host->cgroup_root && own_cgroup_writable(arena, host);
	host->apparmor = says_yes("/sys/module/apparmor/parameters/enabled");
	host->selinux = access("/sys/fs/selinux/enforce", F_OK) == 0;
	host->resctrl = probe_resctrl();
	host->numa = access("/proc/self/numa_maps", F_OK) == 0;
	host->time_namespace = access("/proc/self/ns/time", F_OK) == 0;
	host->root_is_initramfs = on_initramfs();
	return 0;
}

bool host_has_all_processes(void)
{
	struct stat st;

	return stat("/proc/self/ns/pid", &st) == 0 && st.st_ino == INITIAL_PIDNS_INODE;
}
