/*
 * The floor: what one run of /bin/true in podman's kind of config costs when nothing is read,
 * decided, recorded or checked. floor ROOTFS FILTER CGROUP runs it with the system calls alone that
 * isolation needs, in the order of any runtime, and takes everything back. FILTER is a ready
 * program (floor_filter.c), CGROUP a directory that is made and removed; the values are those of
 * spec.py. No library but libc, one static program.
 */

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LAST_CAP = 40, FILTER_ROOM = 4096, MASKED = MS_BIND | MS_RDONLY | MS_REMOUNT };

static const uint64_t kept = 1ULL << CAP_CHOWN | 1ULL << CAP_DAC_OVERRIDE | 1ULL << CAP_FOWNER |
			     1ULL << CAP_FSETID | 1ULL << CAP_KILL | 1ULL << CAP_NET_BIND_SERVICE |
			     1ULL << CAP_SETFCAP | 1ULL << CAP_SETGID | 1ULL << CAP_SETPCAP |
			     1ULL << CAP_SETUID | 1ULL << CAP_SYS_CHROOT;

static const struct {
	const char *type, *target, *data;
	unsigned long flags;
	bool make;
} mounts[] = {
	{"proc", "proc", "", MS_NOSUID | MS_NOEXEC | MS_NODEV},
	{"tmpfs", "dev", "mode=755,size=65536k", MS_NOSUID | MS_NOEXEC | MS_STRICTATIME},
	{"sysfs", "sys", "", MS_NOSUID | MS_NOEXEC | MS_NODEV | MS_RDONLY},
	{"devpts", "dev/pts", "newinstance,ptmxmode=0666,mode=0620", MS_NOSUID | MS_NOEXEC, true},
	{"mqueue", "dev/mqueue", "", MS_NOSUID | MS_NOEXEC | MS_NODEV, true},
	{"tmpfs", "dev/shm", "mode=1777,size=64000k", MS_NOSUID | MS_NOEXEC | MS_NODEV, true},
};
static const struct {
	const char *path;
	unsigned int major, minor;
} devices[] = {{"dev/null", 1, 3},   {"dev/zero", 1, 5},    {"dev/full", 1, 7},
	       {"dev/random", 1, 8}, {"dev/urandom", 1, 9}, {"dev/tty", 5, 0}};
static const char *const links[][2] = {{"/proc/self/fd", "dev/fd"},
				       {"/proc/self/fd/0", "dev/stdin"},
				       {"/proc/self/fd/1", "dev/stdout"},
				       {"/proc/self/fd/2", "dev/stderr"},
				       {"pts/ptmx", "dev/ptmx"}};
static const char *const masked[] = {"proc/acpi",          "proc/kcore",      "proc/keys",
				     "proc/latency_stats", "proc/timer_list", "proc/timer_stats",
				     "proc/sched_debug",   "proc/scsi",       "sys/firmware",
				     "sys/fs/selinux"};
static const char *const readonly[] = {"proc/asound", "proc/bus", "proc/fs",
				       "proc/irq",    "proc/sys", "proc/sysrq-trigger"};

#define EACH(at, array) (size_t at = 0; at < sizeof(array) / sizeof((array)[0]); at++)

static void must(long r, const char *what)
{
	if (r < 0)
		err(1, "%s", what);
}

static void make_mounts(const char *rootfs)
{
	must(mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL), "slave");
	must(mount(rootfs, rootfs, NULL, MS_BIND | MS_REC | MS_PRIVATE, NULL), "bind the root");
	must(chdir(rootfs), rootfs);
	for
		EACH(i, mounts)
		{
			if (mounts[i].make)
				must(mkdir(mounts[i].target, 0755), mounts[i].target);
			must(mount(mounts[i].type, mounts[i].target, mounts[i].type,
				   mounts[i].flags, mounts[i].data),
			     mounts[i].target);
		}
	for
		EACH(i, devices)
	must(mknod(devices[i].path, S_IFCHR | 0666, makedev(devices[i].major, devices[i].minor)),
	     devices[i].path);
	for
		EACH(i, links)
	must(symlink(links[i][0], links[i][1]), links[i][1]);
}

static void hide_paths(void)
{
	for
		EACH(i, readonly)
	if (mount(readonly[i], readonly[i], NULL, MS_BIND | MS_REC, NULL) == 0)
		must(mount(NULL, readonly[i], NULL, MASKED | MS_NOSUID | MS_NOEXEC | MS_NODEV,
			   NULL),
		     readonly[i]);
	for
		EACH(i, masked)
	if (mount("dev/null", masked[i], NULL, MS_BIND, NULL) < 0 && errno == ENOTDIR)
		must(mount("tmpfs", masked[i], "tmpfs", MS_RDONLY, "nr_inodes=1"), masked[i]);
}

static void loopback_up(void)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	must(fd, "socket");
	must(ioctl(fd, SIOCSIFFLAGS, &request), "lo up");
	must(close(fd), "close");
}

static void drop_rights(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct sets[2] = {
		{(uint32_t)kept, (uint32_t)kept, 0},
		{(uint32_t)(kept >> 32), (uint32_t)(kept >> 32), 0}};

	for (int cap = 0; cap <= LAST_CAP; cap++)
		if (!(kept >> cap & 1))
			must(prctl(PR_CAPBSET_DROP, cap, 0, 0, 0), "bounding set");
	must(syscall(SYS_capset, &header, sets), "capset");
	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
}

static _Noreturn void container(const char *rootfs, struct sock_fprog *filter)
{
	const struct rlimit files = {1024, 1024};

	must(setsid(), "setsid");
	must(sethostname("bench", 5), "sethostname");
	(void)umask(0);
	make_mounts(rootfs);
	hide_paths();
	loopback_up();
	must(syscall(SYS_pivot_root, ".", "."), "pivot_root");
	must(umount2(".", MNT_DETACH), "umount");
	must(chdir("/"), "chdir");
	(void)umask(022);
	must(setrlimit(RLIMIT_NOFILE, &files), "setrlimit");
	must(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, "_ses.floor"), "keyctl");
	drop_rights();
	must(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, filter), "seccomp");
	must(execve("/bin/true", (char *[]){"/bin/true", NULL}, (char *[]){"PATH=/bin", NULL}),
	     "execve");
	_exit(1);
}

/* The least that counts as a device filter: null, zero and the like, and everybody's terminals. */
static void load_device_filter(int cgroup_fd)
{
	const struct bpf_insn insns[] = {
		{.code = BPF_LDX | BPF_MEM | BPF_W, .dst_reg = 2, .src_reg = 1, .off = 4},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 1},
		{.code = BPF_JMP32 | BPF_JEQ | BPF_K, .dst_reg = 2, .off = 2, .imm = 1},
		{.code = BPF_JMP32 | BPF_JEQ | BPF_K, .dst_reg = 2, .off = 1, .imm = 5},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 0},
		{.code = BPF_JMP | BPF_EXIT},
	};
	union bpf_attr load = {.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
			       .insns = (uintptr_t)insns,
			       .insn_cnt = sizeof(insns) / sizeof(insns[0]),
			       .license = (uintptr_t) "GPL"};
	int program_fd = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof(load));
	union bpf_attr attach = {.target_fd = (uint32_t)cgroup_fd,
				 .attach_bpf_fd = (uint32_t)program_fd,
				 .attach_type = BPF_CGROUP_DEVICE};

	must(program_fd, "load the device filter");
	must(syscall(SYS_bpf, BPF_PROG_ATTACH, &attach, sizeof(attach)), "attach it");
}

static void read_filter(const char *path, struct sock_fprog *filter)
{
	static struct sock_filter insns[FILTER_ROOM];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t size = read(fd, insns, sizeof(insns));

	must(size, path);
	*filter = (struct sock_fprog){(unsigned short)((size_t)size / sizeof(insns[0])), insns};
}

int main(int argc, char **argv)
{
	struct sock_fprog filter;
	int cgroup_fd, status;
	long pid;

	if (argc != 4)
		errx(2, "usage: floor ROOTFS FILTER CGROUP");
	read_filter(argv[2], &filter);
	must(mkdir(argv[3], 0755), argv[3]);
	cgroup_fd = open(argv[3], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	must(cgroup_fd, argv[3]);
	load_device_filter(cgroup_fd);
	struct clone_args clone = {
		.flags = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
			 CLONE_NEWPID | CLONE_NEWNET | CLONE_INTO_CGROUP,
		.exit_signal = SIGCHLD,
		.cgroup = (uint64_t)cgroup_fd,
	};
	pid = syscall(SYS_clone3, &clone, sizeof(clone));
	must(pid, "clone3");
	if (pid == 0)
		container(argv[1], &filter);
	must(wait4((pid_t)pid, &status, 0, NULL), "wait");
	must(rmdir(argv[3]), "rmdir");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
