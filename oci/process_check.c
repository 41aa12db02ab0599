#include "lib/err.h"
#include "lib/text.h"
#include "oci/check.h"

#include <string.h>

static const char *const limits[] = {
	"RLIMIT_AS",
	"RLIMIT_CORE",
	"RLIMIT_CPU",
	"RLIMIT_DATA",
	"RLIMIT_FSIZE",
	"RLIMIT_LOCKS",
	"RLIMIT_MEMLOCK",
	"RLIMIT_MSGQUEUE",
	"RLIMIT_NICE",
	"RLIMIT_NOFILE",
	"RLIMIT_NPROC",
	"RLIMIT_RSS",
	"RLIMIT_RTPRIO",
	"RLIMIT_RTTIME",
	"RLIMIT_SIGPENDING",
	"RLIMIT_STACK",
	NULL,
};

static const char *const policies[] = {"SCHED_OTHER", "SCHED_FIFO", "SCHED_RR",       "SCHED_BATCH",
				       "SCHED_ISO",   "SCHED_IDLE", "SCHED_DEADLINE", NULL};

static const char *const io_classes[] = {"IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE",
					 NULL};

int oci_word_check(const char *path, const char *word, const char *const *words, struct err *err)
{
	cleanup_(text_free) struct text list = {};

	for (const char *const *at = words; *at; at++) {
		if (strcmp(*at, word) == 0)
			return 0;
		text_addf(&list, "%s%s", list.length ? ", " : "", *at);
	}
	return err_plain(err, -EINVAL, "%s: '%s' is none of %s", path, word, text_str(&list));
}

static int check_rlimits(const struct oci_process *process, struct err *err)
{
	for (size_t i = 0; i < process->rlimits.count; i++) {
		const struct oci_rlimit *limit = &process->rlimits.items[i];
		int r = oci_word_check("process.rlimits[].type", limit->type, limits, err);

		if (r < 0)
			return r;
		if (limit->soft > limit->hard)
			return err_plain(err, -EINVAL,
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

static int check_scheduling(const struct oci_process *process, struct err *err)
{
	const struct oci_scheduler *scheduler = process->scheduler;
	int r = 0;

	if (scheduler)
		r = oci_word_check("process.scheduler.policy", scheduler->policy, policies, err);
	if (r == 0 && scheduler && (scheduler->nice < -20 || scheduler->nice > 19))
		r = err_plain(err, -EINVAL, "process.scheduler.nice: %ld is not within -20 to 19",
			      scheduler->nice);
	if (r == 0 && process->io_priority.set)
		r = oci_word_check("process.ioPriority.class", process->io_priority.class,
				   io_classes, err);
	if (r == 0 && (process->io_priority.priority < 0 || process->io_priority.priority > 7))
		r = err_plain(err, -EINVAL, "process.ioPriority.priority: %ld is not within 0 to 7",
			      process->io_priority.priority);
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
	r = check_env(process, err);
	if (r == 0)
		r = check_rlimits(process, err);
	return r < 0 ? r : check_scheduling(process, err);
}
