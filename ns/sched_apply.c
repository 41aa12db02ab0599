#include "lib/err.h"
#include "lib/run.h"
#include "ns/sched.h"

/* Real time in a cgroup: the kernel gives it no budget unless the cpu controller of v1 does. */
static void hint_rights(int r, struct err *err)
{
	if (r == -EPERM)
		err_hint(err, "it takes CAP_SYS_NICE on the host, and real time a kernel without "
			      "CONFIG_RT_GROUP_SCHED");
}

int sched_policy_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct sched_policy_step *policy = container_of(step, struct sched_policy_step, step);
	int r = sys_sched_setattr(run->pid, &policy->attr);

	if (r < 0) {
		err_set(err, r, "set the scheduling policy");
		hint_rights(r, err);
	}
	return r;
}

int sched_io_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct sched_io_step *io = container_of(step, struct sched_io_step, step);
	int r = sys_ioprio_set(IOPRIO_WHO_PROCESS, run->pid, io->ioprio);

	if (r < 0) {
		err_set(err, r, "set the priority for input and output");
		hint_rights(r, err);
	}
	return r;
}

/* Before the clone there is no process yet: its parent's affinity is what it begins with. */
int sched_affinity_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct sched_affinity_step *affinity =
		container_of(step, struct sched_affinity_step, step);
	pid_t pid = step->stage == STEP_CLONE ? 0 : run->pid;

	if (sched_setaffinity(pid, sizeof(affinity->cpus), &affinity->cpus) == 0)
		return 0;
	if (errno == EINVAL)
		return err_plain(err, -EINVAL, "none of them is a cpu that it may use");
	return err_set(err, -errno, "set the cpus");
}
