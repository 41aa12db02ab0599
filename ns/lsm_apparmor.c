#include "lib/err.h"
#include "lib/json.h"
#include "lib/run.h"
#include "lib/text.h"
#include "ns/lsm.h"
#include "ns/lsm_attr.h"

#include <stdio.h>
#include <string.h>

enum { LABEL_SIZE = 4096 };

static const char *label_of(const struct step *step)
{
	return container_of(step, struct lsm_step, step)->label;
}

static int failed(int r, struct err *err)
{
	err_set(err, r, "set the profile for execve");
	if (r == -ENOENT)
		err_hint(err, "the kernel has no such profile: load it with apparmor_parser");
	return r;
}

/* A folder of its own since Linux 5.8; before, the files are of the one major module. */
static int apparmor_apply(const struct step *step, struct run *run, struct err *err)
{
	char value[LABEL_SIZE];
	int r;

	(void)snprintf(value, sizeof(value), "exec %s", label_of(step));
	r = lsm_attr_write(run, "apparmor/exec", value);
	if (r == -ENOENT)
		r = lsm_attr_write(run, "exec", value);
	return r < 0 ? failed(r, err) : 0;
}

static int read_label(const struct run *run, const char *name, char *value)
{
	char path[32];
	int r;

	(void)snprintf(path, sizeof(path), "apparmor/%s", name);
	r = lsm_attr_read(run, path, value, LABEL_SIZE);
	return r == -ENOENT ? lsm_attr_read(run, name, value, LABEL_SIZE) : r;
}

/* "NAME (enforce)", or the name alone */
static bool is_label(const char *seen, const char *label)
{
	size_t length = strlen(label);

	return strncmp(seen, label, length) == 0 &&
	       (seen[length] == '\0' || starts_with(seen + length, " ("));
}

static int apparmor_observe(const struct step *step, struct run *run, struct observation *seen,
			    struct err *err)
{
	char current[LABEL_SIZE], next[LABEL_SIZE] = "";

	if (read_label(run, "current", current) < 0)
		return observe(seen, OBSERVED_UNSEEN, "the kernel shows no AppArmor label");
	if (ends_with(current, "(complain)"))
		return observe(seen, OBSERVED_DIFFERS, "%.200s: only logs", current);
	if (is_label(current, label_of(step)))
		return observe(seen, OBSERVED_HOLDS, "%.200s", current);
	/* A container that is created and not yet started. */
	if (read_label(run, "exec", next) == 0 && is_label(next, label_of(step)))
		return observe(seen, OBSERVED_HOLDS, "%.200s from its start on", next);
	return observe(seen, OBSERVED_DIFFERS, "%.200s", current);
}

static void apparmor_describe(const struct step *step, struct text *text)
{
	text_addf(text, "profile %s", label_of(step));
}

static void apparmor_write(const struct step *step, struct json_out *out)
{
	json_out_string(out, "profile", label_of(step));
}

const struct step_kind apparmor_kind = {
	.name = "apparmor",
	.describe = apparmor_describe,
	.write = apparmor_write,
	.apply = apparmor_apply,
	.observe = apparmor_observe,
};
