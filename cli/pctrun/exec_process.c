#include "cli/pctrun/exec_process.h"

#include "cli/options.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/list.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "oci/spec.h"

#include <string.h>

/* "UID", "UID:GID": whole numbers, nothing before, between or behind. */
static int read_user(struct arena *arena, const char *text, struct oci_user *user, struct err *err)
{
	const char *colon = strchr(text, ':');
	const char *uid = colon ? arena_strndup(arena, text, (size_t)(colon - text)) : text;

	if (parse_u32(uid, &user->uid) < 0 || (colon && parse_u32(colon + 1, &user->gid) < 0))
		return err_plain(err, -EINVAL, "--user: '%s' is not UID or UID:GID", text);
	return 0;
}

/* Never to the inheritable set: a program's own file capabilities would add to it. */
static void add_cap(struct arena *arena, struct oci_process *process, const char *cap)
{
	struct oci_capabilities *caps = arena_alloc(arena, sizeof(*caps));

	if (process->capabilities)
		*caps = *process->capabilities;
	*list_extend(arena, &caps->bounding) = cap;
	*list_extend(arena, &caps->effective) = cap;
	*list_extend(arena, &caps->permitted) = cap;
	process->capabilities = caps;
}

static int add_gid(struct arena *arena, const char *text, struct oci_user *user, struct err *err)
{
	if (parse_u32(text, list_extend(arena, &user->additional_gids)) < 0)
		return err_plain(err, -EINVAL, "--additional-gids: '%s' is no group id", text);
	return 0;
}

static int set_env(struct arena *arena, const char *value, struct oci_process *process,
		   struct err *err)
{
	if (!strchr(value, '=') || *value == '=')
		return err_plain(err, -EINVAL, "--env: '%s' is not NAME=VALUE", value);
	*list_extend(arena, &process->env) = value;
	return 0;
}

static int set_cap(struct arena *arena, const char *value, struct oci_process *process,
		   struct err *err)
{
	add_cap(arena, process, value);
	return 0;
}

static int set_user(struct arena *arena, const char *value, struct oci_process *process,
		    struct err *err)
{
	return read_user(arena, value, &process->user, err);
}

static int set_gid(struct arena *arena, const char *value, struct oci_process *process,
		   struct err *err)
{
	return add_gid(arena, value, &process->user, err);
}

static int set_cwd(struct arena *arena, const char *value, struct oci_process *process,
		   struct err *err)
{
	process->cwd = value;
	return 0;
}

static int set_apparmor(struct arena *arena, const char *value, struct oci_process *process,
			struct err *err)
{
	process->apparmor_profile = value;
	return 0;
}

static int set_selinux(struct arena *arena, const char *value, struct oci_process *process,
		       struct err *err)
{
	process->selinux_label = value;
	return 0;
}

static int set_no_new_privs(struct arena *arena, const char *value, struct oci_process *process,
			    struct err *err)
{
	process->no_new_privileges = true;
	return 0;
}

/* What an option changes in the process that the container's config.json describes. */
static const struct setter {
	const char *option;
	const char *path; /* of what it changes: the option is its origin */
	int (*set)(struct arena *arena, const char *value, struct oci_process *process,
		   struct err *err);
} setters[] = {
	{"env", "process.env", set_env},
	{"cap", "process.capabilities", set_cap},
	{"user", "process.user", set_user},
	{"additional-gids", "process.user", set_gid},
	{"cwd", "process.cwd", set_cwd},
	{"apparmor", "process.apparmorProfile", set_apparmor},
	{"process-label", "process.selinuxLabel", set_selinux},
	{"no-new-privs", "process.noNewPrivileges", set_no_new_privs},
};

/* What process.json says itself. --tty says no more than it, and engines say both. */
int exec_process_alone(const struct options *given, struct err *err)
{
	if (given->word_count > 1)
		return err_plain(err, -EINVAL, "exec: a command does not go with --process");
	for (size_t i = 0; i < ARRAY_SIZE(setters); i++)
		if (option_value(given, setters[i].option) || option_flag(given, setters[i].option))
			return err_plain(err, -EINVAL, "exec: --%s does not go with --process",
					 setters[i].option);
	return 0;
}

static int apply_option(struct arena *arena, const struct option_given *option,
			struct oci_process *process, struct json *origins, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(setters); i++) {
		const struct setter *setter = &setters[i];

		if (strcmp(setter->option, option->row->name) != 0)
			continue;
		origin_add(arena, origins, setter->path,
			   arena_printf(arena, "--%s", setter->option));
		return setter->set(arena, option->value, process, err);
	}
	return 0;
}

int exec_process_options(struct arena *arena, const struct options *given,
			 struct oci_process *process, struct json *origins, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < given->count; i++)
		r = apply_option(arena, &given->given[i], process, origins, err);
	return r;
}
