#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/run.h"
#include "lib/text.h"
#include "ns/rlimit.h"

#include <fcntl.h>
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
	return err_sys(err, -errno, "prlimit64", "set");
}

/* Even root can't have more descriptors than fs.nr_open. */
static void rlimit_explain(const struct step *step, struct run *run, struct err *err)
{
	const struct rlimit_step *limit = container_of(step, struct rlimit_step, step);
	unsigned long most;
	char line[32];

	if (err->num == EPERM && limit->resource == RLIMIT_NOFILE &&
	    file_line(AT_FDCWD, "/proc/sys/fs/nr_open", line, sizeof(line)) > 0 &&
	    parse_u64(line, &most) == 0 && limit->hard > most) {
		err_fact(err, "fs.nr_open of this host is %lu", most);
		err_hint(err, "ask for %lu at most, or raise fs.nr_open on the host", most);
	}
	if (err->num == EPERM)
		err_hint(err, "the caller can't raise its own hard limit: it has no "
			      "CAP_SYS_RESOURCE");
	if (err->num == EINVAL)
		err_hint(err, "the soft limit can't be above the hard one");
}

const struct step_kind rlimit_kind = {
	.name = "rlimit",
	.describe = rlimit_describe,
	.write = rlimit_write,
	.apply = rlimit_apply,
	.explain = rlimit_explain,
	.observe = rlimit_observe,
};
