#include "lib/err.h"
#include "lib/mountinfo.h"
#include "lib/run.h"
#include "lib/text.h"
#include "ns/dev.h"
#include "ns/mask.h"
#include "ns/mount.h"

#include <linux/mount.h>
#include <string.h>
#include <sys/statvfs.h>

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

static const struct mount_values *values_of(const struct step *step)
{
	return container_of(step, struct mount_step, step)->values;
}

/* The mount of a later step on the very place of @step's: what is seen there is that one's. */
static const struct step *mounted_over(const struct step *step)
{
	for (const struct step *later = step->next; later; later = later->next)
		if (later->kind == &mount_kind && mount_same(step, later) &&
		    !(values_of(later)->opts.flags & MOUNT_REMOUNT))
			return later;
	return NULL;
}

/* Does a later step make or cover @destination read-only? */
static bool later_readonly(const struct step *step, const char *destination)
{
	for (const struct step *later = step->next; later; later = later->next) {
		if (later->kind == &dev_readonly_kind && strcmp(destination, "/dev") == 0)
			return true;
		if (later->kind == &mount_kind && mount_same(step, later))
			return true;
		if ((later->kind == &readonly_kind || later->kind == &mask_kind) &&
		    strcmp(container_of(later, struct mask_step, step)->path, destination) == 0)
			return true;
	}
	return false;
}

/* A bind is as its source was where no word says otherwise; of an image that can't be told, nor of
 * a new file system that the host's may stand for. */
static bool began_writable(const struct mount_values *values)
{
	struct statvfs source;

	if (values->opts.clear & MOUNT_ATTR_RDONLY)
		return !values->cgroup_fallback && !values->shared_proc;
	if (values->type)
		return !values->cgroup_fallback && !values->shared_proc &&
		       strcmp(values->type, "sysfs") != 0;
	return values->volume_slot < 0 && !(values->opts.flags & MOUNT_RELATIVE) &&
	       statvfs(values->source, &source) == 0 && !(source.f_flag & ST_RDONLY);
}

static bool became_readonly(const struct step *step, const struct mountinfo *mount)
{
	const struct mount_values *values = values_of(step);

	return mountinfo_has(mount->options, "ro") &&
	       !((values->opts.set | values->opts.set_recursive) & MOUNT_ATTR_RDONLY) &&
	       !later_readonly(step, values->destination) && began_writable(values);
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
	const struct mount_values *values = values_of(step);
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text missing = {};
	const struct mountinfo *list, *mount, *over;
	const struct step *later = mounted_over(step);
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
	if (later)
		return observe(seen, OBSERVED_DIFFERS, "hidden by what is mounted on it later (%s)",
			       later->origin);
	over = mountinfo_hidden(list, mount);
	if (over)
		return observe(seen, OBSERVED_DIFFERS, "hidden by the %s on %s", over->type,
			       over->target);
	if (other_type(mount, values))
		return observe(seen, OBSERVED_DIFFERS, "%s is mounted there", mount->type);
	if (lacks(mount, values, &missing))
		return observe(seen, OBSERVED_DIFFERS, "%s without %s", mount->options,
			       text_str(&missing));
	if (became_readonly(step, mount))
		return observe(seen, OBSERVED_DIFFERS, "%s, and was writable", mount->options);
	return observe(seen, OBSERVED_HOLDS, "%s %s, %s", mount->type, mount->root, mount->options);
}
