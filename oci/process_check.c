#include "lib/err.h"
#include "oci/check.h"

#include <string.h>

enum { UMASK_MAX = 0777 };

/* setresuid(2) takes -1 for "as it is": the process would stay root. */
static int check_ids(const struct oci_user *user, struct err *err)
{
	if (user->uid == UINT32_MAX)
		return err_plain(err, -EINVAL, "process.user.uid: %u is no id", user->uid);
	if (user->gid == UINT32_MAX)
		return err_plain(err, -EINVAL, "process.user.gid: %u is no id", user->gid);
	for (size_t i = 0; i < user->additional_gids.count; i++)
		if (user->additional_gids.items[i] == UINT32_MAX)
			return err_plain(err, -EINVAL,
					 "process.user.additionalGids[%zu]: %u is no id", i,
					 UINT32_MAX);
	return 0;
}

static int check_rlimits(const struct oci_process *process, struct err *err)
{
	for (size_t i = 0; i < process->rlimits.count; i++) {
		const struct oci_rlimit *limit = &process->rlimits.items[i];
		int r = oci_item_check("process.rlimits", i, ".type", limit->type, oci_words_rlimit,
				       err);

		if (r < 0)
			return r;
		if (limit->soft > limit->hard)
			return err_wrong(err, "lower the soft limit or raise the hard one",
					 "process.rlimits[%zu].soft: %lu is above hard, %lu", i,
					 limit->soft, limit->hard);
		for (size_t j = 0; j < i; j++)
			if (strcmp(process->rlimits.items[j].type, limit->type) == 0)
				return err_plain(err, -EINVAL,
						 "process.rlimits[%zu].type: %s is there twice", i,
						 limit->type);
	}
	return 0;
}

static int check_env(const struct oci_process *process, struct err *err)
{
	for (size_t i = 0; i < process->env.count; i++)
		if (!strchr(process->env.items[i], '=') || process->env.items[i][0] == '=')
			return err_plain(err, -EINVAL, "process.env[%zu]: '%s' is not NAME=VALUE",
					 i, process->env.items[i]);
	return 0;
}

static int check_scheduler(const struct oci_scheduler *scheduler, struct err *err)
{
	bool deadline = strcmp(scheduler->policy, "SCHED_DEADLINE") == 0;
	int r;

	r = oci_word_check("process.scheduler.policy", scheduler->policy, oci_words_sched_policy,
			   err);
	if (r == 0 && (scheduler->nice < -20 || scheduler->nice > 19))
		r = err_plain(err, -EINVAL, "process.scheduler.nice: %ld is not within -20 to 19",
			      scheduler->nice);
	if (r == 0 && (scheduler->priority < 0 || scheduler->priority > 99))
		r = err_plain(err, -EINVAL, "process.scheduler.priority: %ld is not within 0 to 99",
			      scheduler->priority);
	if (r == 0 && !deadline && (scheduler->runtime || scheduler->deadline || scheduler->period))
		r = err_plain(err, -EINVAL,
			      "process.scheduler: runtime, deadline and period are for "
			      "SCHED_DEADLINE only");
	return r < 0 ? r
		     : oci_words_check("process.scheduler.flags", &scheduler->flags,
				       oci_words_sched_flag, err);
}

static int check_io_priority(const struct oci_process *process, struct err *err)
{
	int r;

	if (!process->io_priority.set)
		return 0;
	r = oci_word_check("process.ioPriority.class", process->io_priority.class,
			   oci_words_io_class, err);
	if (r == 0 && (process->io_priority.priority < 0 || process->io_priority.priority > 7))
		r = err_plain(err, -EINVAL, "process.ioPriority.priority: %ld is not within 0 to 7",
			      process->io_priority.priority);
	return r;
}

static int check_affinity(const struct oci_process *process, struct err *err)
{
	int r = 0;

	if (process->exec_cpu_affinity.initial && *process->exec_cpu_affinity.initial)
		r = oci_ranges_check("process.execCPUAffinity.initial",
				     process->exec_cpu_affinity.initial, err);
	if (r == 0 && process->exec_cpu_affinity.final && *process->exec_cpu_affinity.final)
		r = oci_ranges_check("process.execCPUAffinity.final",
				     process->exec_cpu_affinity.final, err);
	return r;
}

int oci_process_check(const struct oci_process *process, struct err *err)
{
	int r;

	if (process->args.count == 0)
		return err_plain(err, -EINVAL, "process.args: is missing or empty");
	if (process->cwd[0] != '/')
		return err_plain(err, -EINVAL, "process.cwd: '%s' is not absolute", process->cwd);
	if (process->oom_score_adj.set &&
	    (process->oom_score_adj.value < -1000 || process->oom_score_adj.value > 1000))
		return err_plain(err, -EINVAL,
				 "process.oomScoreAdj: %ld is not within -1000 to 1000",
				 process->oom_score_adj.value);
	if (process->user.umask.set && process->user.umask.value > UMASK_MAX)
		return err_plain(err, -EINVAL,
				 "process.user.umask: %lu is not within 0 to %d (0777)",
				 process->user.umask.value, UMASK_MAX);
	r = check_ids(&process->user, err);
	if (r == 0)
		r = check_env(process, err);
	if (r == 0)
		r = check_rlimits(process, err);
	if (r == 0 && process->scheduler)
		r = check_scheduler(process->scheduler, err);
	if (r == 0)
		r = check_io_priority(process, err);
	return r < 0 ? r : check_affinity(process, err);
}
