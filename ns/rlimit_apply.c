#include "lib/err.h"
#include "lib/json.h"
#include "lib/run.h"
#include "lib/text.h"
#include "ns/rlimit.h"

#include <sys/resource.h>

static void add_value(struct text *text, uint64_t value)
{
	if (value == RLIM64_INFINITY)
		text_add(text, "unlimited");
	else
		text_addf(text, "%lu", value);
}

static void rlimit_describe(const struct step *step, struct text *text)
{
	const struct rlimit_step *limit = container_of(step, struct rlimit_step, step);

	text_addf(text, "%s ", limit->name);
	add_value(text, limit->soft);
	text_addc(text, ':');
	add_value(text, limit->hard);
}

static void rlimit_write(const struct step *step, struct json_out *out)
{
	const struct rlimit_step *limit = container_of(step, struct rlimit_step, step);

	json_out_string(out, "type", limit->name);
	json_out_u64(out, "soft", limit->soft);
	json_out_u64(out, "hard", limit->hard);
}

static int rlimit_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct rlimit_step *limit = container_of(step, struct rlimit_step, step);
	const struct rlimit64 wanted = {limit->soft, limit->hard};

	if (prlimit64(run->pid, (enum __rlimit_resource)limit->resource, &wanted, NULL) == 0)
		return 0;
	err_set(err, -errno, "set");
	if (err && err->num == EPERM)
		err_hint(err, "the caller can't raise its own hard limit: it has no "
			      "CAP_SYS_RESOURCE");
	return err ? -err->num : -EPERM;
}

const struct step_kind rlimit_kind = {
	.name = "rlimit",
	.describe = rlimit_describe,
	.write = rlimit_write,
	.apply = rlimit_apply,
	.observe = rlimit_observe,
};
