#include "pve/translate/parts.h"

#include "lib/signals.h"
#include "pve/lxc/command.h"

#include <string.h>
#include <strings.h>

/* ------------------------------------------------------------------------- program and user */

static int set_args(struct translation *t)
{
	const struct lxc_line *line = lxc_config_last(&t->lxc, "lxc.init.cmd");
	struct oci_strings *args = &t->spec->process->args;

	if (!line) {
		*push(t, args) = "/sbin/init";
		return 0;
	}
	note_origin(t, line->origin, "process.args");
	if (!lxc_command_split(t->arena, line->value, args)) {
		if (!shell_split(t->arena, line->text, args))
			return fail_wrong(t, line->origin, "close it, or write \\ before it",
					  "a quote is not closed: %s", line->text);
		advise(t, "entrypoint", line->origin,
		       "LXC would break this command line: it is split as a shell does");
	}
	if (!args->count || !*args->items[0])
		return fail_wrong(t, line->origin, "begin it with a program: /sbin/init",
				  "the command line names no program");
	return 0;
}

static int set_cwd(struct translation *t)
{
	const struct lxc_line *line = lxc_config_last(&t->lxc, "lxc.init.cwd");

	t->spec->process->cwd = line ? line->value : "/";
	note_origin(t, line ? line->origin : "Proxmox default", "process.cwd");
	if (*t->spec->process->cwd != '/')
		return fail_wrong(t, line->origin, "begin it with /", "'%s' is no absolute path",
				  t->spec->process->cwd);
	return 0;
}

static int set_id(struct translation *t, const char *key, const char *name, uint32_t *id)
{
	const struct lxc_line *line = lxc_config_last(&t->lxc, key);

	if (!line)
		return 0;
	if (parse_u32(line->value, id) < 0)
		return fail_wrong(t, line->origin, "write a number: names are not looked up",
				  "'%s' is no id", line->value);
	note_origin(t, line->origin, "process.user.%s", name);
	return 0;
}

/* lxc.init.groups: numbers with commas between; each line adds to those before. */
static int set_groups(struct translation *t)
{
	lxc_each(line, &t->lxc, "lxc.init.groups")
	{
		for (const char *at = line->value; *at;) {
			size_t length = strcspn(at, ", ");
			const char *word = arena_strndup(t->arena, at, length);
			uint32_t id;

			at += length + (at[length] != '\0');
			if (!length)
				continue;
			if (parse_u32(word, &id) < 0)
				return fail_wrong(t, line->origin,
						  "write numbers: names are not looked up",
						  "'%s' is no id", word);
			*push(t, &t->spec->process->user.additional_gids) = id;
		}
		note_origin(t, line->origin, "process.user.additionalGids");
	}
	return 0;
}

static int set_user(struct translation *t)
{
	const struct lxc_line *uid = lxc_config_last(&t->lxc, "lxc.init.uid");
	const struct lxc_line *first = uid ? uid : lxc_config_last(&t->lxc, "lxc.init.gid");
	int r = set_id(t, "lxc.init.uid", "uid", &t->spec->process->user.uid);

	if (r == 0)
		r = set_id(t, "lxc.init.gid", "gid", &t->spec->process->user.gid);
	if (first)
		note_origin(t, first->origin, "process.user");
	return r < 0 ? r : set_groups(t);
}

/* ------------------------------------------------------------------------------ environment */

static size_t name_length(const char *variable)
{
	return strcspn(variable, "=");
}

/* A later value of a variable takes the place of the earlier one. */
static void set_variable(struct translation *t, const char *variable, const char *origin)
{
	struct oci_strings *env = &t->spec->process->env;
	size_t length = name_length(variable);
	size_t i = 0;

	while (i < env->count && (name_length(env->items[i]) != length ||
				  strncmp(env->items[i], variable, length) != 0))
		i++;
	if (i == env->count)
		push(t, env);
	env->items[i] = variable;
	note_origin(t, origin, "process.env[%zu]", i);
}

static int set_variables(struct translation *t, const char *key)
{
	lxc_each(line, &t->lxc, key)
	{
		const char *variable = line->value;
		const char *value = pve_names_find(&t->facts->environment, line->value);

		if (!strchr(variable, '=')) {
			if (!value)
				return fail_wrong(t, line->origin, "write NAME=VALUE",
						  "the host's environment has no %s to copy",
						  variable);
			variable = arena_printf(t->arena, "%s=%s", variable, value);
		}
		set_variable(t, variable, line->origin);
	}
	return 0;
}

/* The console's pty is the first one of the container's own devpts, the ttys' come behind it. */
static void set_tty_variable(struct translation *t, unsigned int ttys, const char *origin)
{
	cleanup_(text_free) struct text text = {};
	unsigned int first = t->spec->process->terminal ? 1 : 0;

	text_add(&text, "container_ttys=");
	for (unsigned int i = 0; i < ttys; i++)
		text_addf(&text, "%spts/%u", i ? " " : "", first + i);
	if (ttys)
		set_variable(t, arena_strdup(t->arena, text_str(&text)), origin);
}

/* ------------------------------------------------------------------------- console and ttys */

static void set_console(struct translation *t)
{
	const struct lxc_line *path = lxc_config_last(&t->lxc, "lxc.console.path");
	const struct lxc_line *log = lxc_config_last(&t->lxc, "lxc.console.logfile");

	t->spec->process->terminal = !path || strcmp(path->value, "none") != 0;
	note_origin(t, path ? path->origin : "Proxmox default", "process.terminal");
	if (t->spec->process->terminal)
		annotate(t, ANNOTATION_CONSOLE_CONTROLLING, "0");
	if (path && t->spec->process->terminal)
		advise(t, "lxc.console.path", path->origin,
		       "the console is not shown on %s: see it with pct console", path->value);
	if (log)
		annotate(t, ANNOTATION_CONSOLE_LOG, log->value);
}

static int set_ttys(struct translation *t)
{
	const struct lxc_line *line = lxc_config_last(&t->lxc, "lxc.tty.max");
	unsigned int ttys = 0;

	if (line && (parse_u32(line->value, &ttys) < 0 || ttys > 256))
		return fail_wrong(t, line->origin, "write 0 to 256",
				  "'%s' is no number of ttys (0 to 256)", line->value);
	annotate(t, ANNOTATION_TTY, arena_printf(t->arena, "%u", ttys));
	if (line)
		note_origin(t, line->origin, "annotations." ANNOTATION_TTY);
	annotate(t, ANNOTATION_TTY_DIR, lxc_config_value(&t->lxc, "lxc.tty.dir"));
	set_tty_variable(t, ttys, line ? line->origin : "Proxmox default");
	return 0;
}

static int set_env(struct translation *t)
{
	int r = set_variables(t, "lxc.environment");

	if (r == 0)
		r = set_variables(t, "lxc.environment.runtime");
	if (r == 0)
		set_variable(t, "container=lxc", "Proxmox default");
	return r;
}

/* ------------------------------------------------------------------------- limits of the process
 */

/* getrlimit(2); the place is the kernel's number. */
static const char *const rlimits[] = {
	"cpu",     "fsize", "data",  "stack",      "core",     "rss",  "nproc",  "nofile",
	"memlock", "as",    "locks", "sigpending", "msgqueue", "nice", "rtprio", "rttime",
};

static const char *rlimit_type(struct arena *arena, const char *name)
{
	unsigned int number;
	char *type;

	if (parse_u32(name, &number) == 0)
		name = number < ARRAY_SIZE(rlimits) ? rlimits[number] : "";
	for (size_t i = 0; i < ARRAY_SIZE(rlimits); i++) {
		if (strcmp(rlimits[i], name) != 0)
			continue;
		type = arena_printf(arena, "RLIMIT_%s", name);
		for (char *at = type; *at; at++)
			*at = *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at;
		return type;
	}
	return NULL;
}

static int read_limit(const char *word, uint64_t *limit)
{
	if (strcmp(word, "unlimited") == 0 || strcmp(word, "-1") == 0) {
		*limit = UINT64_MAX;
		return 0;
	}
	return parse_u64(word, limit);
}

/* "1024", "1024:4096", "unlimited": soft, hard. */
static int read_limits(struct arena *arena, const char *value, struct oci_rlimit *limit)
{
	const char *colon = strchrnul(value, ':');
	const char *soft = arena_strndup(arena, value, (size_t)(colon - value));

	if (read_limit(soft, &limit->soft) < 0)
		return -EINVAL;
	return read_limit(*colon ? colon + 1 : soft, &limit->hard) < 0 ? -EINVAL : 0;
}

static struct oci_rlimit *rlimit_slot(struct translation *t, const char *type)
{
	for (size_t i = 0; i < t->spec->process->rlimits.count; i++)
		if (strcmp(t->spec->process->rlimits.items[i].type, type) == 0)
			return &t->spec->process->rlimits.items[i];
	return push(t, &t->spec->process->rlimits);
}

static int set_rlimits(struct translation *t)
{
	lxc_each(line, &t->lxc, "lxc.prlimit.")
	{
		const char *name = line->key + strlen("lxc.prlimit.");
		struct oci_rlimit limit = {.type = rlimit_type(t->arena, name)};
		struct oci_rlimit *slot;

		if (!limit.type)
			return fail_wrong(t, line->origin,
					  "names are those of getrlimit(2) in lower case: nofile, "
					  "nproc, memlock",
					  "there is no limit named '%s'", name);
		if (read_limits(t->arena, line->value, &limit) < 0)
			return fail_wrong(t, line->origin,
					  "write SOFT or SOFT:HARD, numbers or unlimited",
					  "'%s' is no limit", line->value);
		slot = rlimit_slot(t, limit.type);
		*slot = limit;
		note_origin(t, line->origin, "process.rlimits[%zu]",
			    (size_t)(slot - t->spec->process->rlimits.items));
	}
	return 0;
}

/* ------------------------------------------------------------------- names, signals, the rest */

static const struct {
	const char *arch;
	const char *domain;
} personalities[] = {
	{"amd64", "LINUX"},    {"x86_64", "LINUX"},  {"arm64", "LINUX"},    {"aarch64", "LINUX"},
	{"riscv64", "LINUX"},  {"ppc64le", "LINUX"}, {"s390x", "LINUX"},    {"i386", "LINUX32"},
	{"i486", "LINUX32"},   {"i586", "LINUX32"},  {"i686", "LINUX32"},   {"x86", "LINUX32"},
	{"athlon", "LINUX32"}, {"armhf", "LINUX32"}, {"armv7l", "LINUX32"}, {"riscv32", "LINUX32"},
};

static int set_personality(struct translation *t)
{
	const struct lxc_line *line = lxc_config_last(&t->lxc, "lxc.arch");

	for (size_t i = 0; line && i < ARRAY_SIZE(personalities); i++) {
		if (strcmp(personalities[i].arch, line->value) != 0)
			continue;
		t->spec->linux.personality.domain = personalities[i].domain;
		note_origin(t, line->origin, "linux.personality");
		return 0;
	}
	return line ? fail_wrong(t, line->origin,
				 "write amd64, i386, arm64 or another that uname -m "
				 "may say",
				 "'%s' is no architecture", line->value)
		    : 0;
}

static int set_signal(struct translation *t, const char *key, const char *annotation)
{
	const struct lxc_line *line = lxc_config_last(&t->lxc, key);
	char name[SIGNAL_NAME_SIZE];
	int signal;

	if (!line)
		return 0;
	signal = signal_read(line->value);
	if (signal < 0 || !(strncasecmp(line->value, "SIG", 3) == 0 || *line->value <= '9'))
		return fail_wrong(t, line->origin, "write SIGTERM, SIGRTMIN+3 or a number",
				  "'%s' is no signal", line->value);
	annotate(t, annotation, arena_strdup(t->arena, signal_name(signal, name)));
	return 0;
}

static void set_sysctls(struct translation *t)
{
	lxc_each(line, &t->lxc, "lxc.sysctl.")
	{
		const char *name = line->key + strlen("lxc.sysctl.");

		map_set(t, &t->spec->linux.sysctl, name, line->value);
		note_origin(t, line->origin, "linux.sysctl.%s", name);
	}
}

static void set_names(struct translation *t)
{
	const struct lxc_line *name = lxc_config_last(&t->lxc, "lxc.uts.name");
	const struct lxc_line *label = lxc_config_last(&t->lxc, "lxc.selinux.context");

	t->spec->hostname = name ? name->value : NULL;
	if (name)
		note_origin(t, name->origin, "hostname");
	t->spec->process->selinux_label = label ? label->value : NULL;
	if (label)
		note_origin(t, label->origin, "process.selinuxLabel");
}

int translate_process(struct translation *t)
{
	static int (*const parts[])(struct translation *) = {
		set_args, set_cwd, set_user, set_env, set_rlimits, set_personality,
	};
	int r = 0;

	set_console(t);
	set_names(t);
	set_sysctls(t);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(parts); i++)
		r = parts[i](t);
	if (r == 0)
		r = set_ttys(t);
	if (r == 0)
		r = set_signal(t, "lxc.signal.halt", ANNOTATION_SIGNAL_HALT);
	if (r == 0)
		r = set_signal(t, "lxc.signal.stop", ANNOTATION_SIGNAL_STOP);
	return r;
}
