#include "pve/translate/parts.h"

#include "pve/lxc/seccomp.h"

#include <string.h>

/* ------------------------------------------------------------------------------------ seccomp */

static int read_profile(struct translation *t, const struct lxc_line *line,
			struct oci_seccomp *seccomp)
{
	const char *text = pve_names_find(&t->facts->files, line->value);
	struct oci_strings notes = {};
	int r;

	if (!text)
		return fail_absent(t, line);
	r = lxc_seccomp_read(t->arena, line->value, text, strlen(text), t->facts->machine, seccomp,
			     &notes, t->err);
	for (size_t i = 0; i < notes.count; i++)
		unenforced(t, "lxc.seccomp.profile", line->origin, "%s", notes.items[i]);
	return r < 0 ? fail_from(t, r, line->origin) : 0;
}

static void use_default(struct translation *t)
{
	const struct lxc_seccomp_defaults defaults = {
		.machine = t->facts->machine,
		.unprivileged = t->userns,
		.keyctl = opt_bool_or(t->features.keyctl, false),
	};
	struct oci_strings because = {};

	t->spec->linux.seccomp = lxc_seccomp_default(t->arena, &defaults, &because);
	for (size_t i = 0; i < because.count; i++)
		if (because.items[i])
			note_origin(t,
				    arena_printf(t->arena, "Proxmox default: %s", because.items[i]),
				    "linux.seccomp.syscalls[%zu]", i);
}

int translate_seccomp(struct translation *t)
{
	const struct lxc_line *line = lxc_config_last(&t->lxc, "lxc.seccomp.profile");

	if (!line) {
		use_default(t);
		return 0;
	}
	note_origin(t, line->origin, "linux.seccomp");
	t->spec->linux.seccomp = arena_alloc(t->arena, sizeof(*t->spec->linux.seccomp));
	return read_profile(t, line, t->spec->linux.seccomp);
}

/* ----------------------------------------------------------------------------------- AppArmor */

/* Without AppArmor these parts of /proc and /sys would be open: hidden as far as mounts can. */
static const char *const hidden[] = {
	"/proc/acpi",        "/proc/kcore",          "/sys/firmware/efi/efivars",
	"/sys/kernel/debug", "/sys/kernel/security",
};

static void hide_paths(struct translation *t, const struct lxc_line *profile)
{
	unenforced(t, "apparmor", profile->origin,
		   "this host has no AppArmor: instead of the generated profile, what mounts can "
		   "hide is hidden");
	for (size_t i = 0; i < ARRAY_SIZE(hidden); i++)
		*push(t, &t->spec->linux.masked_paths) = hidden[i];
	*push(t, &t->spec->linux.readonly_paths) = "/proc/bus";
	note_origin(t, profile->origin, "linux.maskedPaths");
}

static void generate_profile(struct translation *t, const struct lxc_line *profile)
{
	const char *nesting = lxc_config_value(&t->lxc, "lxc.apparmor.allow_nesting");
	struct oci_strings raw = {};
	struct apparmor_profile text = {
		.name = arena_printf(t->arena, "lxc-%s_</var/lib/lxc>", t->conf->id),
		.abi = t->facts->apparmor_abi,
		.nesting = strcmp(nesting, "1") == 0,
		.unprivileged = t->userns,
	};

	lxc_each(line, &t->lxc, "lxc.apparmor.raw") * push(t, &raw) = line->value;
	text.raw_count = raw.count;
	text.raw = raw.items;
	t->spec->process->apparmor_profile = text.name;
	annotate(t, ANNOTATION_APPARMOR_TEXT, apparmor_profile_write(t->arena, &text));
	note_origin(t, profile->origin, "annotations." ANNOTATION_APPARMOR_TEXT);
}

/* Another runtime refuses a bundle that names a profile where there is no AppArmor, so it is not
 * written there; that it is missing is said here. */
static void miss_profile(struct translation *t, const struct lxc_line *profile)
{
	if (strcmp(profile->value, "generated") == 0)
		hide_paths(t, profile);
	else if (strcmp(profile->value, "unconfined") != 0)
		unenforced(t, "apparmor", profile->origin,
			   "this host has no AppArmor: the profile %s does not hold",
			   profile->value);
}

int translate_apparmor(struct translation *t)
{
	const struct lxc_line *profile = lxc_config_last(&t->lxc, "lxc.apparmor.profile");

	if (!profile || strcmp(profile->value, "unchanged") == 0)
		return 0;
	note_origin(t, profile->origin, "process.apparmorProfile");
	if (!t->facts->apparmor)
		miss_profile(t, profile);
	else if (strcmp(profile->value, "generated") == 0)
		generate_profile(t, profile);
	else
		t->spec->process->apparmor_profile = profile->value;
	return 0;
}
