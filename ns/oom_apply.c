#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/run.h"
#include "lib/text.h"
#include "ns/oom.h"

#include <stdio.h>

static const struct oom_step *oom_of(const struct step *step)
{
	return container_of(step, struct oom_step, step);
}

/* Before the clone it is the parent's, which the process begins with. */
static int write_score(const struct step *step, struct run *run, const char *score)
{
	if (step->stage == STEP_CLONE)
		return file_write(run->proc_fd, "self/oom_score_adj", score);
	return file_write(run->pid_dir_fd, "oom_score_adj", score);
}

static int oom_apply(const struct step *step, struct run *run, struct err *err)
{
	char score[16];
	int r;

	(void)snprintf(score, sizeof(score), "%d", oom_of(step)->score_adj);
	r = write_score(step, run, score);
	if (r == -EACCES && oom_of(step)->at_least)
		return 0;
	return r < 0 ? err_set(err, r, "write oom_score_adj") : 0;
}

static int oom_observe(const struct step *step, struct run *run, struct observation *seen,
		       struct err *err)
{
	char line[32];
	const struct oom_step *oom = oom_of(step);
	long value;
	bool holds;

	if (file_line(run->pid_dir_fd, "oom_score_adj", line, sizeof(line)) < 0 ||
	    parse_i64(line, &value) < 0)
		return observe(seen, OBSERVED_UNSEEN, "oom_score_adj can't be read");
	holds = value == oom->score_adj || (oom->at_least && value > oom->score_adj);
	return observe(seen, holds ? OBSERVED_HOLDS : OBSERVED_DIFFERS, "oom_score_adj = %ld",
		       value);
}

static void oom_describe(const struct step *step, struct text *text)
{
	text_addf(text, "score adjusted by %d%s", oom_of(step)->score_adj,
		  oom_of(step)->at_least ? ", or the caller's own where that is more" : "");
}

static void oom_write(const struct step *step, struct json_out *out)
{
	json_out_i64(out, "oomScoreAdj", oom_of(step)->score_adj);
}

const struct step_kind oom_kind = {
	.name = "oom",
	.describe = oom_describe,
	.write = oom_write,
	.apply = oom_apply,
	.observe = oom_observe,
};
