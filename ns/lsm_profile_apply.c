#include "lib/err.h"
#include "lib/file.h"
#include "lib/json.h"
#include "lib/process.h"
#include "lib/run.h"
#include "lib/sha1.h"
#include "lib/text.h"
#include "ns/lsm.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define POLICY "/sys/kernel/security/apparmor/"

/*
 * To compile a profile takes a tenth of a second, so the parser is given its own cache. It goes by
 * the text's file: named by its content, and left alone when it is there already.
 */
static int write_text(const char *folder, const struct lsm_profile_step *profile,
		      char path[PATH_MAX], struct err *err)
{
	cleanup_(arena_free) struct arena arena = {};
	size_t length = strlen(profile->text);
	const char *there;
	char digest[41];

	sha1_hex(profile->text, length, digest);
	if ((size_t)snprintf(path, PATH_MAX, "%s/%s", folder, digest) >= PATH_MAX)
		return err_set(err, -ENAMETOOLONG, "write the profile below %s", folder);
	if (file_read(&arena, AT_FDCWD, path, 0, &there, NULL, NULL) == 0 &&
	    strcmp(there, profile->text) == 0)
		return 0;
	return file_replace(AT_FDCWD, path, profile->text, length, 0600, false, err);
}

static int profile_apply(const struct step *step, struct run *run, struct err *err)
{
	const struct lsm_profile_step *profile = container_of(step, struct lsm_profile_step, step);
	char folder[PATH_MAX - 64], compiled[PATH_MAX], path[PATH_MAX];
	int r;

	(void)snprintf(folder, sizeof(folder), "%s/.cache/apparmor", run->state_root);
	(void)snprintf(compiled, sizeof(compiled), "%s/compiled", folder);
	r = make_dirs(compiled, 0700, err);
	if (r < 0)
		return r;
	r = write_text(folder, profile, path, err);
	if (r < 0)
		return r;
	const char *const argv[] = {"apparmor_parser",
				    "--replace",
				    "--write-cache",
				    "--cache-loc",
				    compiled,
				    path,
				    NULL};

	r = process_run(argv, NULL, err);
	if (r < 0 && access(POLICY, F_OK) < 0)
		err_hint(err, "mount -t securityfs securityfs /sys/kernel/security");
	return r;
}

static int profile_undo(const struct json *record, struct run *run, struct err *err)
{
	const char *name = json_string(record, "name");
	int r;

	if (!name)
		return err_plain(err, -EINVAL, "the journal names no profile");
	r = file_write(AT_FDCWD, POLICY ".remove", name);
	return r < 0 && r != -ENOENT ? err_set(err, r, "remove the profile %s", name) : 0;
}

static bool has_line(const char *text, const char *name)
{
	size_t length = strlen(name);

	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		if (strncmp(line, name, length) == 0 && starts_with(line + length, " ("))
			return true;
	return false;
}

static int profile_observe(const struct step *step, struct run *run, struct observation *seen,
			   struct err *err)
{
	const char *name = container_of(step, struct lsm_profile_step, step)->name;
	cleanup_(arena_free) struct arena arena = {};
	const char *text;

	if (file_read(&arena, AT_FDCWD, POLICY "profiles", 0, &text, NULL, NULL) < 0)
		return observe(seen, OBSERVED_UNSEEN, POLICY "profiles can't be read");
	return has_line(text, name) ? observe(seen, OBSERVED_HOLDS, "the kernel has it")
				    : observe(seen, OBSERVED_DIFFERS, "the kernel hasn't got it");
}

static void profile_describe(const struct step *step, struct text *text)
{
	text_addf(text, "load %s", container_of(step, struct lsm_profile_step, step)->name);
}

static void profile_write(const struct step *step, struct json_out *out)
{
	json_out_string(out, "name", container_of(step, struct lsm_profile_step, step)->name);
}

const struct step_kind lsm_profile_kind = {
	.name = "apparmor.profile",
	.describe = profile_describe,
	.write = profile_write,
	.apply = profile_apply,
	.undo = profile_undo,
	.observe = profile_observe,
};
