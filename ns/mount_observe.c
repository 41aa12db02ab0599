#include "lib/err.h"
#include "lib/mountinfo.h"
#include "lib/run.h"
#include "lib/text.h"
#include "ns/mount.h"

#include <string.h>

static void add_word(struct text *words, const char *word)
{
	text_addf(words, "%s%s", words->length ? "," : "", word);
}

static bool lacks(const struct mountinfo *mount, const struct mount_values *values,
		  struct text *missing)
{
	const struct mount_opts *opts = &values->opts;
	const char *word;
	size_t i = 0;

	while ((word = mount_attr_word(opts->set | opts->set_recursive, &i)))
		if (!mountinfo_has(mount->options, word))
			add_word(missing, word);
	if (values->idmapped && !mountinfo_has(mount->options, "idmapped"))
		add_word(missing, "idmapped");
	if (values->context && !strstr(mount->super_options, values->context))
		add_word(missing, "its SELinux context");
	return missing->length > 0;
}

/* The host's own, where the kernel let the container make no new one, is another type's root. */
static bool other_type(const struct mountinfo *mount, const struct mount_values *values)
{
	return values->type && strcmp(values->type, "none") != 0 &&
	       strcmp(mount->type, values->type) != 0;
}

int mount_observe(const struct step *step, struct run *run, struct observation *seen,
		  struct err *err)
{
	const struct mount_values *values = container_of(step, struct mount_step, step)->values;
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text missing = {};
	const struct mountinfo *list, *mount;
	int r;

	r = mountinfo_read(&arena, run->pid_dir_fd, &list, err);
	if (r < 0)
		return r;
	mount = mountinfo_find(list, values->destination);
	if (!mount && values->opts.flags & MOUNT_OPTIONAL)
		return observe(seen, OBSERVED_UNSEEN, "not mounted, and optional");
	if (!mount)
		return observe(seen, OBSERVED_DIFFERS, "nothing is mounted on %s",
			       values->destination);
	if (other_type(mount, values))
		return observe(seen, OBSERVED_DIFFERS, "%s is mounted there", mount->type);
	if (lacks(mount, values, &missing))
		return observe(seen, OBSERVED_DIFFERS, "%s without %s", mount->options,
			       text_str(&missing));
	return observe(seen, OBSERVED_HOLDS, "%s %s, %s", mount->type, mount->root, mount->options);
}
