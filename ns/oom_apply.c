#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/run.h"
#include "lib/text.h"
#include "ns/oom.h"

#include <stdio.h>

static int score_of(const struct step *step)
{
	return container_of(step, struct oom_step, step)->score_adj;
}

static int oom_apply(const struct step *step, struct run *run, struct err *err)
{
	char text[16];
	int r;

	(void)snprintf(text, sizeof(text), "%d", score_of(step));
	r = file_write(run->pid_dir_fd, "oom_score_adj", text);
	if (r == 0)
		return 0;
	err_set(err, r, "write oom_score_adj");
	if (r == -EACCES)
		err_hint(err, "less than the caller's own takes CAP_SYS_RESOURCE");
	return r;
}

static int oom_observe(const struct step *step, struct run *run, struct observation *seen,
		       struct err *err)
{
	char line[32];
	long value;

	if (file_line(run->pid_dir_fd, "oom_score_adj", line, sizeof(line)) < 0 ||
	    parse_i64(line, &value) < 0)
		return observe(seen, OBSERVED_UNSEEN, "oom_score_adj can't be read");
	return observe(seen, value == score_of(step) ? OBSERVED_HOLDS : OBSERVED_DIFFERS,
		       "oom_score_adj = %ld", value);
}

static void oom_describe(const struct step *step, struct text *text)
{
	text_addf(text, "score adjusted by %d", score_of(step));
}

static void oom_write(const struct step *step, struct json_out *out)
{
	json_out_i64(out, "oomScoreAdj", score_of(step));
}

const struct step_kind oom_kind = {
	.name = "oom",
	.describe = oom_describe,
	.write = oom_write,
	.apply = oom_apply,
	.observe = oom_observe,
};
