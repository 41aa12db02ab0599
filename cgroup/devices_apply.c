#include "cgroup/devices.h"
#include "lib/arena.h"
#include "lib/err.h"
#include "lib/run.h"
#include "lib/sys.h"

#include <linux/bpf.h>

/* Return: the program's descriptor or a negative errno. */
static int load(const struct device_policy *policy)
{
	cleanup_(arena_free) struct arena arena = {};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
		.license = (uint64_t)(uintptr_t) "GPL", /* helpers ask for it; we call none */
		.prog_name = DEVICES_PROGRAM,
	};
	size_t count;

	attr.insns = (uint64_t)(uintptr_t)devices_program(&arena, policy, &count);
	attr.insn_cnt = (uint32_t)count;
	return sys_bpf(BPF_PROG_LOAD, &attr, sizeof(attr));
}

/* ALLOW_MULTI: programs of the cgroups above and of a service manager hold too. */
static int attach(const struct step *step, struct run *run, int instead_fd, struct err *err)
{
	const struct device_policy *policy =
		&container_of(step, struct cgroup_devices_step, step)->policy;
	cleanup_close int program_fd = -EBADF;
	union bpf_attr attach = {
		.target_fd = (uint32_t)run->cgroup_fd,
		.attach_type = BPF_CGROUP_DEVICE,
		.attach_flags = BPF_F_ALLOW_MULTI,
	};
	int r;

	if (run->cgroup_fd < 0)
		return err_plain(err, -EBADF, "there is no cgroup yet");
	program_fd = load(policy);
	if (program_fd < 0)
		return err_set(err, program_fd, "load the device filter");
	attach.attach_bpf_fd = (uint32_t)program_fd;
	if (instead_fd >= 0) {
		attach.attach_flags |= BPF_F_REPLACE;
		attach.replace_bpf_fd = (uint32_t)instead_fd;
	}
	r = sys_bpf(BPF_PROG_ATTACH, &attach, sizeof(attach));
	return r < 0 ? err_set(err, r, "attach the device filter") : 0;
}

int devices_apply(const struct step *step, struct run *run, struct err *err)
{
	return attach(step, run, -EBADF, err);
}

static bool same_policy(const struct device_policy *a, const struct device_policy *b)
{
	if (a->allow != b->allow || a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const struct device_rule *one = &a->rules[i], *other = &b->rules[i];

		if (one->allow != other->allow || one->type != other->type ||
		    one->major != other->major || one->minor != other->minor ||
		    one->access != other->access)
			return false;
	}
	return true;
}

bool devices_same(const struct step *one, const struct step *other)
{
	return true;
}

int devices_change(const struct step *from, const struct step *to, struct run *run, struct err *err)
{
	cleanup_close int filter_fd = -EBADF;

	if (same_policy(&container_of(from, struct cgroup_devices_step, step)->policy,
			&container_of(to, struct cgroup_devices_step, step)->policy))
		return 0;
	filter_fd = devices_find(run->cgroup_fd);
	return filter_fd < 0 ? err_set(err, filter_fd, "find the device filter")
			     : attach(to, run, filter_fd, err);
}
