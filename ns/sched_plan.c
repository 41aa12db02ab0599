#include "lib/bitlist.h"
#include "lib/err.h"
#include "lib/host.h"
#include "lib/json.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "ns/sched.h"
#include "oci/spec.h"

#include <inttypes.h>
#include <string.h>

/* The kernel's numbers: linux/sched.h, linux/sched/types.h, linux/ioprio.h. */
struct number {
	const char *name;
	unsigned int value;
};

static const struct number policies[] = {
	{"SCHED_OTHER", 0}, {"SCHED_FIFO", 1}, {"SCHED_RR", 2},       {"SCHED_BATCH", 3},
	{"SCHED_ISO", 4},   {"SCHED_IDLE", 5}, {"SCHED_DEADLINE", 6}, {NULL, 0},
};

static const struct number flags[] = {
	{"SCHED_FLAG_RESET_ON_FORK", 0x01},  {"SCHED_FLAG_RECLAIM", 0x02},
	{"SCHED_FLAG_DL_OVERRUN", 0x04},     {"SCHED_FLAG_KEEP_POLICY", 0x08},
	{"SCHED_FLAG_KEEP_PARAMS", 0x10},    {"SCHED_FLAG_UTIL_CLAMP_MIN", 0x20},
	{"SCHED_FLAG_UTIL_CLAMP_MAX", 0x40}, {NULL, 0},
};

static const struct number io_classes[] = {
	{"IOPRIO_CLASS_RT", 1},
	{"IOPRIO_CLASS_BE", 2},
	{"IOPRIO_CLASS_IDLE", 3},
	{NULL, 0},
};

static int find(const struct number *numbers, const char *path, const char *name,
		unsigned int *value, struct err *err)
{
	for (; numbers->name; numbers++)
		if (strcmp(numbers->name, name) == 0) {
			*value = numbers->value;
			return 0;
		}
	return err_plain(err, -EINVAL, "%s: unknown word '%s'", path, name);
}

static const char *name_of(const struct number *numbers, unsigned int value)
{
	for (; numbers->name; numbers++)
		if (numbers->value == value)
			return numbers->name;
	return NULL;
}

const char *sched_policy_name(unsigned int policy)
{
	return name_of(policies, policy);
}

const char *sched_io_class_name(unsigned int class)
{
	return name_of(io_classes, class);
}

/* ------------------------------------------------------------------------------- sched.policy */

static void policy_describe(const struct step *step, struct text *text)
{
	const struct sched_policy_step *policy = container_of(step, struct sched_policy_step, step);
	const struct sys_sched_attr *attr = &policy->attr;

	text_add(text, policy->policy);
	if (attr->nice)
		text_addf(text, ", nice %d", attr->nice);
	if (attr->priority)
		text_addf(text, ", priority %u", attr->priority);
	if (attr->period || attr->deadline)
		text_addf(text, ", %" PRIu64 " of %" PRIu64 " ns by %" PRIu64, attr->runtime,
			  attr->period, attr->deadline);
}

static void policy_write(const struct step *step, struct json_out *out)
{
	const struct sched_policy_step *policy = container_of(step, struct sched_policy_step, step);

	json_out_string(out, "policy", policy->policy);
	json_out_u64(out, "flags", policy->attr.flags);
	json_out_i64(out, "nice", policy->attr.nice);
	json_out_u64(out, "priority", policy->attr.priority);
	json_out_u64(out, "runtime", policy->attr.runtime);
	json_out_u64(out, "deadline", policy->attr.deadline);
	json_out_u64(out, "period", policy->attr.period);
}

const struct step_kind sched_policy_kind = {
	.name = "sched.policy",
	.describe = policy_describe,
	.write = policy_write,
	.apply = sched_policy_apply,
	.observe = sched_policy_observe,
};

static int plan_policy(struct plan *plan, const struct oci_scheduler *scheduler, const char *path,
		       struct err *err)
{
	const char *origin = plan_origin(plan, "%s.scheduler", path);
	struct sched_policy_step *step =
		plan_step(plan, &sched_policy_kind, STEP_ATTACH, sizeof(*step), origin);
	int r;

	step->policy = scheduler->policy;
	step->attr = (struct sys_sched_attr){
		.nice = (int32_t)scheduler->nice,
		.priority = (uint32_t)scheduler->priority,
		.runtime = scheduler->runtime,
		.deadline = scheduler->deadline,
		.period = scheduler->period,
	};
	r = find(policies, "process.scheduler.policy", scheduler->policy, &step->attr.policy, err);
	for (size_t i = 0; r == 0 && i < scheduler->flags.count; i++) {
		unsigned int flag = 0;

		r = find(flags, "process.scheduler.flags", scheduler->flags.items[i], &flag, err);
		step->attr.flags |= flag;
	}
	return r;
}

/* ----------------------------------------------------------------------------------- sched.io */

static void io_describe(const struct step *step, struct text *text)
{
	const struct sched_io_step *io = container_of(step, struct sched_io_step, step);

	text_addf(text, "%s, priority %d", io->class, io->ioprio & IOPRIO_DATA_MASK);
}

static void io_write(const struct step *step, struct json_out *out)
{
	const struct sched_io_step *io = container_of(step, struct sched_io_step, step);

	json_out_string(out, "class", io->class);
	json_out_i64(out, "priority", io->ioprio & IOPRIO_DATA_MASK);
}

const struct step_kind sched_io_kind = {
	.name = "sched.io",
	.describe = io_describe,
	.write = io_write,
	.apply = sched_io_apply,
	.observe = sched_io_observe,
};

static int plan_io(struct plan *plan, const struct oci_process *process, const char *path,
		   struct err *err)
{
	const char *origin = plan_origin(plan, "%s.ioPriority", path);
	struct sched_io_step *step =
		plan_step(plan, &sched_io_kind, STEP_ATTACH, sizeof(*step), origin);
	unsigned int class = 0;
	int r;

	step->class = process->io_priority.class;
	r = find(io_classes, "process.ioPriority.class", step->class, &class, err);
	step->ioprio = (int)(class << IOPRIO_CLASS_SHIFT) | (int)process->io_priority.priority;
	return r;
}

int sched_plan(struct plan *plan, const struct oci_process *process, const char *path,
	       struct err *err)
{
	int r = 0;

	if (process->scheduler)
		r = plan_policy(plan, process->scheduler, path, err);
	if (r == 0 && process->io_priority.set)
		r = plan_io(plan, process, path, err);
	return r;
}

/* ----------------------------------------------------------------------------- sched.affinity */

static void affinity_describe(const struct step *step, struct text *text)
{
	text_addf(text, "cpus %s %s the container's cgroup",
		  container_of(step, struct sched_affinity_step, step)->list,
		  step->stage == STEP_CLONE ? "before" : "in");
}

static void affinity_write(const struct step *step, struct json_out *out)
{
	json_out_string(out, "cpus", container_of(step, struct sched_affinity_step, step)->list);
}

const struct step_kind sched_affinity_kind = {
	.name = "sched.affinity",
	.describe = affinity_describe,
	.write = affinity_write,
	.apply = sched_affinity_apply,
};

static int plan_affinity(struct plan *plan, enum step_stage stage, const char *list,
			 const char *origin, struct err *err)
{
	struct sched_affinity_step *step;

	if (!list || !*list)
		return 0;
	step = plan_step(plan, &sched_affinity_kind, stage, sizeof(*step), origin);
	step->list = list;
	if (bitlist_read(list, (unsigned long *)&step->cpus, CPU_SETSIZE) < 0)
		return err_plain(err, -EINVAL, "process.execCPUAffinity: '%s' is no list of cpus",
				 list);
	return 0;
}

/* Not the list itself: that would hold against an update of the cgroup, too. */
void sched_cpus_plan(struct plan *plan, const struct oci_spec *spec)
{
	const struct oci_resources *resources = spec->linux.resources;
	struct sched_affinity_step *step;

	if (!resources || !resources->cpu.cpus || !*resources->cpu.cpus ||
	    !(plan->host->controllers & CONTROLLER_CPUSET))
		return;
	step = plan_step(plan, &sched_affinity_kind, STEP_ATTACH, sizeof(*step),
			 plan_origin(plan, "linux.resources.cpu.cpus"));
	step->list = "all";
	memset(&step->cpus, 0xff, sizeof(step->cpus));
}

int sched_affinity_plan(struct plan *plan, const struct oci_process *process, const char *path,
			struct err *err)
{
	const char *origin = plan_origin(plan, "%s.execCPUAffinity", path);
	int r;

	r = plan_affinity(plan, STEP_CLONE, process->exec_cpu_affinity.initial, origin, err);
	return r < 0 ? r
		     : plan_affinity(plan, STEP_ATTACH, process->exec_cpu_affinity.final, origin,
				     err);
}
