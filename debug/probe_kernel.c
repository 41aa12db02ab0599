#include "debug/probe_parts.h"

#include "debug/binfmt.h"
#include "lib/arena.h"
#include "lib/err.h"
#include "lib/sys.h"
#include "lib/worker.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

/* A cgroup of the probe's own, gone with scratch_end(). */
static int scratch_begin(const struct probing *probing, const char **path)
{
	int fd;

	if (!probing->host->cgroup_root)
		return -ENOENT;
	*path = arena_printf(probing->arena, "%s/pctrun-check-%d", probing->host->cgroup_root,
			     (int)getpid());
	if (mkdir(*path, 0755) < 0)
		return -errno;
	fd = open(*path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		fd = -errno;
		(void)rmdir(*path);
	}
	return fd;
}

static int scratch_end(int fd, const char *path)
{
	close_fd(fd);
	return rmdir(path) < 0 ? -errno : 0;
}

int probe_controllers(const struct probing *probing, struct text *text)
{
	static const enum controller wanted = CONTROLLER_CPU | CONTROLLER_CPUSET | CONTROLLER_IO |
					      CONTROLLER_MEMORY | CONTROLLER_PIDS;
	const struct host *host = probing->host;
	cleanup_(text_free) struct text lacking = {};

	if (!host->cgroup_root) {
		text_add(text, "cgroup version 2 is not mounted: mount -t cgroup2 cgroup "
			       "/sys/fs/cgroup");
		return -ENOENT;
	}
	for (const struct controller_name *c = controller_names; c->name; c++) {
		if (host->controllers & c->bit)
			text_addf(text, "%s%s", text->length ? " " : "", c->name);
		else if (c->bit & wanted)
			text_addf(&lacking, "%s%s", lacking.length ? " " : "", c->name);
	}
	if (!lacking.length)
		return 0;
	text_addf(text,
		  "%snot %s: boot with systemd.unified_cgroup_hierarchy=1, or give the outer "
		  "container more",
		  text->length ? ", but " : "", text_str(&lacking));
	return -ENOENT;
}

int probe_delegation(const struct probing *probing, struct text *text)
{
	const char *path = NULL;
	int fd = scratch_begin(probing, &path), r;

	if (fd < 0) {
		text_addf(text, "a cgroup can't be made below %s: %s",
			  probing->host->cgroup_root ? probing->host->cgroup_root
						     : "/sys/fs/cgroup",
			  strerrordesc_np(-fd));
		return fd;
	}
	r = faccessat(fd, "cgroup.freeze", W_OK, 0) < 0 ? -errno : 0;
	if (r == 0)
		r = faccessat(fd, "cgroup.kill", W_OK, 0) < 0 ? -errno : 0;
	text_addf(text,
		  r == 0 ? "%s was made: it can be frozen and killed"
			 : "%s was made, but can't be frozen and killed: Linux 5.14 can",
		  path);
	(void)scratch_end(fd, path);
	return r;
}

/* A program that allows all. */
static int load_filter(void)
{
	static const struct bpf_insn program[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 1},
		{.code = BPF_JMP | BPF_EXIT},
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
		.insns = (uint64_t)(uintptr_t)program,
		.insn_cnt = ARRAY_SIZE(program),
		.license = (uint64_t)(uintptr_t) "GPL",
	};

	return sys_bpf(BPF_PROG_LOAD, &attr, sizeof(attr));
}

int probe_bpf(const struct probing *probing, struct text *text)
{
	cleanup_close int filter_fd = load_filter();
	const char *path = NULL;
	union bpf_attr attr = {
		.attach_type = BPF_CGROUP_DEVICE,
		.attach_flags = BPF_F_ALLOW_MULTI,
	};
	int fd, r = filter_fd;

	if (r < 0) {
		text_addf(text,
			  "a filter can't be loaded: %s; it takes CAP_BPF or CAP_SYS_ADMIN on "
			  "the host",
			  strerrordesc_np(-r));
		return r;
	}
	fd = scratch_begin(probing, &path);
	if (fd < 0) {
		text_add(text, "there is no cgroup to attach a filter to");
		return fd;
	}
	attr.target_fd = (uint32_t)fd;
	attr.attach_bpf_fd = (uint32_t)filter_fd;
	r = sys_bpf(BPF_PROG_ATTACH, &attr, sizeof(attr));
	text_addf(text, r < 0 ? "a filter can't be attached to %s: %s" : "one was attached to %s%s",
		  path, r < 0 ? strerrordesc_np(-r) : "");
	(void)scratch_end(fd, path);
	return r < 0 ? r : 0;
}

/* In a process of its own: a filter can't be taken off again. */
static int listen_to_nothing(void *data, struct err *err)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog program = {.len = 1, .filter = &allow};
	int r;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_sys(err, -errno, "prctl", "set no_new_privs");
	r = sys_seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
	return r < 0 ? err_sys(err, r, "seccomp", "load a filter with a listener") : 0;
}

int probe_notify(const struct probing *probing, struct text *text)
{
	struct err err = {};
	int r = worker_run(listen_to_nothing, NULL, &err);

	if (r == 0) {
		text_add(text, "a filter with a listener was loaded");
		return 0;
	}
	err_hint(&err, err.num == EBUSY ? "this process has one already, and there can be one only"
					: "Linux 5.0 has them");
	return probe_failed(text, &err);
}

int probe_apparmor(const struct probing *probing, struct text *text)
{
	const bool parser = access("/sbin/apparmor_parser", X_OK) == 0 ||
			    access("/usr/sbin/apparmor_parser", X_OK) == 0;

	if (!probing->host->apparmor) {
		text_add(text, "the kernel has it not, or off: boot with apparmor=1 "
			       "security=apparmor");
		return -ENOENT;
	}
	if (access("/sys/kernel/security/apparmor/.load", F_OK) < 0) {
		text_add(text, "securityfs is not mounted: mount -t securityfs securityfs "
			       "/sys/kernel/security");
		return -ENOENT;
	}
	text_add(text,
		 parser ? "it is on, and profiles can be compiled"
			: "it is on, but apparmor_parser is missing: install package apparmor");
	return parser ? 0 : -ENOENT;
}

/* Needed for containers of another processor alone: their absence is no finding. */
int probe_binfmt(const struct probing *probing, struct text *text)
{
	binfmt_handlers(text);
	if (!text->length)
		text_addf(text, "no emulator is registered: only programs for %s run",
			  probing->host->machine);
	return 0;
}
