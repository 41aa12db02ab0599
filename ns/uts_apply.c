#include "lib/err.h"
#include "lib/json.h"
#include "lib/text.h"
#include "lib/within.h"
#include "ns/uts.h"

#include <sched.h>
#include <string.h>
#include <unistd.h>

static void uts_describe(const struct step *step, struct text *text)
{
	const struct uts_step *uts = container_of(step, struct uts_step, step);

	text_addf(text, "%s %s", uts->domain ? "domainname" : "hostname", uts->name);
}

static void uts_write(const struct step *step, struct json_out *out)
{
	const struct uts_step *uts = container_of(step, struct uts_step, step);

	json_out_string(out, uts->domain ? "domainname" : "hostname", uts->name);
}

static int uts_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct uts_step *uts = container_of(step, struct uts_step, step);
	size_t length = strlen(uts->name);
	int r = uts->domain ? setdomainname(uts->name, length) : sethostname(uts->name, length);

	return r < 0 ? err_set(err, -errno, "set") : 0;
}

static int uts_observe(const struct step *step, struct run *run, struct observation *seen,
		       struct err *err)
{
	const struct uts_step *uts = container_of(step, struct uts_step, step);
	const char *path =
		uts->domain ? "/proc/sys/kernel/domainname" : "/proc/sys/kernel/hostname";
	char name[256];

	if (run_read_within(run, CLONE_NEWUTS, path, name, sizeof(name)) < 0)
		return observe(seen, OBSERVED_UNSEEN, "its name can't be read");
	return observe(seen, strcmp(name, uts->name) == 0 ? OBSERVED_HOLDS : OBSERVED_DIFFERS, "%s",
		       name);
}

const struct step_kind uts_kind = {
	.name = "uts",
	.describe = uts_describe,
	.write = uts_write,
	.apply = uts_apply,
	.observe = uts_observe,
};
