#include "lib/run.h"
#include "ns/sched.h"

/* The times say something for SCHED_DEADLINE alone; of others the kernel shows its time slice. A
 * period of 0 stands for the deadline. */
static bool same(const struct sys_sched_attr *is, const struct sys_sched_attr *wanted)
{
	const bool deadline = wanted->runtime || wanted->deadline || wanted->period;

	return is->policy == wanted->policy && is->nice == wanted->nice &&
	       is->priority == wanted->priority &&
	       (!deadline || (is->runtime == wanted->runtime && is->deadline == wanted->deadline &&
			      is->period == (wanted->period ? wanted->period : wanted->deadline)));
}

int sched_policy_observe(const struct step *step, struct run *run, struct observation *seen,
			 struct err *err)
{
	const struct sched_policy_step *policy = container_of(step, struct sched_policy_step, step);
	struct sys_sched_attr is = {};
	const char *name;

	if (sys_sched_getattr(run->pid, &is) < 0)
		return observe(seen, OBSERVED_UNSEEN, "sched_getattr is refused");
	name = sched_policy_name(is.policy);
	return observe(seen, same(&is, &policy->attr) ? OBSERVED_HOLDS : OBSERVED_DIFFERS,
		       "%s, nice %d, priority %u", name ? name : "another policy", is.nice,
		       is.priority);
}

int sched_io_observe(const struct step *step, struct run *run, struct observation *seen,
		     struct err *err)
{
	int wanted = container_of(step, struct sched_io_step, step)->ioprio;
	int is = sys_ioprio_get(IOPRIO_WHO_PROCESS, run->pid);
	const char *name;

	if (is < 0)
		return observe(seen, OBSERVED_UNSEEN, "ioprio_get is refused");
	name = sched_io_class_name((unsigned int)is >> IOPRIO_CLASS_SHIFT);
	return observe(seen, is == wanted ? OBSERVED_HOLDS : OBSERVED_DIFFERS, "%s, priority %d",
		       name ? name : "no class", is & IOPRIO_DATA_MASK);
}
