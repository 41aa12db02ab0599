#include "why/fix.h"

#include "lib/arena.h"
#include "lib/mountinfo.h"
#include "lib/printable.h"
#include "lib/text.h"
#include "ns/cred.h"
#include "ns/spec_help.h"
#include "oci/spec.h"
#include "why/says.h"
#include "why/subject.h"

#include <ctype.h>
#include <string.h>

/* "CAP_SYS_TIME" -> "sys_time" */
static const char *raw_name(const struct subject *subject, unsigned int cap)
{
	char *name = arena_strdup(says_arena(subject), cap_name(cap) + strlen("CAP_"));

	for (char *at = name; *at; at++)
		*at = (char)tolower(*at);
	return name;
}

const char *fix_capability(const struct subject *subject, unsigned int cap)
{
	struct arena *arena = says_arena(subject);

	if (subject_is_pct(subject))
		return arena_printf(arena, "lxc.cap.drop without %s, or lxc.cap.keep with it",
				    raw_name(subject, cap));
	return subject->spec ? arena_printf(arena, "%s in process.capabilities", cap_name(cap))
			     : arena_printf(arena, "%s, from who starts it", cap_name(cap));
}

const char *fix_read_only(const struct subject *subject, const char *target)
{
	if (subject_is_pct(subject))
		return starts_with(target, "/sys") ? "lxc.mount.auto: sys:rw"
						   : "lxc.mount.auto: proc:rw";
	return arena_printf(says_arena(subject), "take %s out of linux.readonlyPaths", target);
}

const char *fix_mask(const struct subject *subject, const char *target)
{
	if (subject_is_pct(subject))
		return "AppArmor on the host: its profile says more finely who may what";
	return subject->spec ? arena_printf(says_arena(subject), "take %s out of linux.maskedPaths",
					    target)
			     : "take away what lies over it";
}

const char *fix_filter(const struct subject *subject, const char *name, bool by_rule)
{
	struct arena *arena = says_arena(subject);

	if (!subject_is_pct(subject) && by_rule)
		return arena_printf(arena, "take %s out of that rule", name);
	if (!subject_is_pct(subject))
		return arena_printf(arena, "a rule with SCMP_ACT_ALLOW for %s", name);
	if (strcmp(name, "keyctl") == 0)
		return "add keyctl=1 to features";
	return arena_printf(arena, "an lxc.seccomp.profile that allows %s", name);
}

/* A person copies the line into a shell. What is no plain word nft doesn't take either. */
static bool is_plain(const char *name)
{
	for (const char *at = name; *at; at++)
		if (!isascii(*at) || (!isalnum(*at) && (at == name || !strchr("_.-", *at))))
			return false;
	return *name;
}

const char *fix_table(const struct subject *subject, const char *family, const char *name,
		      const char *whose)
{
	const bool plain = is_plain(name);

	return arena_printf(
		says_arena(subject), "a rule of whoever runs that table%s: nft -a list %s %s%s%s",
		whose, plain ? "table" : "ruleset", family, plain ? " " : "", plain ? name : "");
}

const char *fix_sysctl(const struct subject *subject, const char *key)
{
	char *name;

	if (!subject_is_pct(subject))
		return "linux.sysctl";
	name = arena_strdup(says_arena(subject), key);
	for (char *at = name; *at; at++)
		*at = *at == '/' ? '.' : *at == '.' ? '/' : *at;
	return arena_printf(says_arena(subject), "lxc.sysctl.%s", name);
}

const char *fix_device(const struct subject *subject, const char *name)
{
	return arena_printf(says_arena(subject), "if the host has that device: %s%s",
			    subject_is_pct(subject) ? "dev0: /dev/" : "an entry of linux.devices",
			    subject_is_pct(subject) ? name : "");
}

/* A path of the host leads into it; an image has no such paths. */
static bool is_bound(const struct oci_mount *mount)
{
	return (mount_says(mount, "bind") || mount_says(mount, "rbind")) && mount->source &&
	       mount->source[0] == '/';
}

/* " /srv/www/index.html", as the host calls it, where the config says what is mounted; "": not. */
static const char *path_outside(const struct subject *subject, const char *target,
				const struct place *place)
{
	const struct oci_spec *spec = subject->spec;
	const struct oci_mount *mount = NULL;

	for (size_t i = 0; spec && i < spec->mounts.count; i++)
		if (strcmp(spec->mounts.items[i].destination, target) == 0)
			mount = &spec->mounts.items[i];
	if (!mount || !is_bound(mount) || !starts_with(place->path, target))
		return "";
	return printable(says_arena(subject),
			 arena_printf(says_arena(subject), " %s%s", mount->source,
				      place->path + strlen(target)));
}

const char *fix_owner(const struct subject *subject, const struct place *place)
{
	const struct isolation_mount *mount = mount_of(subject, place);
	const char *target = mount ? mount->info->target : "/";

	return arena_printf(
		says_arena(subject), "%s the mount on %s, or on the host: chown %u%s",
		subject_is_pct(subject) ? "idmap=passthrough in the line of" : "an id map for",
		target, subject->isolation.creds.uid[3], path_outside(subject, target, place));
}
