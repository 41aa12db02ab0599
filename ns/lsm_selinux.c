#include "lib/err.h"
#include "lib/json.h"
#include "lib/run.h"
#include "lib/text.h"
#include "ns/lsm.h"
#include "ns/lsm_attr.h"

#include <string.h>

enum { LABEL_SIZE = 4096 };

static const char *label_of(const struct step *step)
{
	return container_of(step, struct lsm_step, step)->label;
}

static int selinux_apply(const struct step *step, struct run *run, struct err *err)
{
	int r = lsm_attr_write(run, "exec", label_of(step));

	if (r < 0)
		err_set(err, r, "set the label for execve");
	if (r == -EINVAL)
		err_hint(err, "the loaded policy knows no label %s", label_of(step));
	return r;
}

static int selinux_observe(const struct step *step, struct run *run, struct observation *seen,
			   struct err *err)
{
	char current[LABEL_SIZE], next[LABEL_SIZE];

	if (lsm_attr_read(run, "current", current, sizeof(current)) < 0)
		return observe(seen, OBSERVED_UNSEEN, "the kernel shows no SELinux label");
	if (strcmp(current, label_of(step)) == 0)
		return observe(seen, OBSERVED_HOLDS, "%.200s", current);
	/* A container that is created and not yet started. */
	if (lsm_attr_read(run, "exec", next, sizeof(next)) == 0 &&
	    strcmp(next, label_of(step)) == 0)
		return observe(seen, OBSERVED_HOLDS, "%.200s from its start on", next);
	return observe(seen, OBSERVED_DIFFERS, "%.200s", current);
}

static void selinux_describe(const struct step *step, struct text *text)
{
	text_addf(text, "label %s", label_of(step));
}

static void selinux_write(const struct step *step, struct json_out *out)
{
	json_out_string(out, "label", label_of(step));
}

const struct step_kind selinux_kind = {
	.name = "selinux",
	.describe = selinux_describe,
	.write = selinux_write,
	.apply = selinux_apply,
	.observe = selinux_observe,
};
