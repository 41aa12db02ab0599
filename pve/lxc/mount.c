#include "pve/lxc/mount.h"

#include "lib/err.h"
#include "lib/text.h"

#include <string.h>

/* LXC's own words are taken out of the options; what it passes over we pass over too; all others
 * are the kernel's or the file system's. man 5 lxc.container.conf, "MOUNT POINTS". */
enum option_kind { OPTION_PLAIN, OPTION_NOTHING, OPTION_EXTRA, OPTION_IGNORED, OPTION_IDMAP };

static const struct option_word {
	const char *word;
	enum option_kind kind;
} option_words[] = {
	{"defaults", OPTION_NOTHING},  {"optional", OPTION_EXTRA},  {"create=dir", OPTION_EXTRA},
	{"create=file", OPTION_EXTRA}, {"relative", OPTION_EXTRA},  {"sync", OPTION_IGNORED},
	{"async", OPTION_IGNORED},     {"dirsync", OPTION_IGNORED}, {"lazytime", OPTION_IGNORED},
	{"mand", OPTION_IGNORED},      {"nomand", OPTION_IGNORED},  {"remount", OPTION_IGNORED},
};

static enum option_kind option_kind(const char *option)
{
	if (starts_with(option, "idmap="))
		return OPTION_IDMAP;
	for (size_t i = 0; i < ARRAY_SIZE(option_words); i++)
		if (strcmp(option_words[i].word, option) == 0)
			return option_words[i].kind;
	return OPTION_PLAIN;
}

static bool octal(char c)
{
	return c >= '0' && c <= '7';
}

/* "\040" and the like, as fstab(5) has them. */
static const char *unescape(struct arena *arena, const char *word, size_t length)
{
	char *copy = arena_strndup(arena, word, length);
	char *out = copy;

	for (const char *in = copy; *in; out++) {
		if (in[0] == '\\' && octal(in[1]) && octal(in[2]) && octal(in[3])) {
			*out = (char)((in[1] - '0') * 64 + (in[2] - '0') * 8 + (in[3] - '0'));
			in += 4;
		} else {
			*out = *in++;
		}
	}
	*out = '\0';
	return copy;
}

static void add(struct oci_strings *strings, const char *s)
{
	strings->items[strings->count++] = s;
}

/* Sorts one option into @mount, whose lists have room for all of them. */
static void add_option(const char *option, struct lxc_mount *mount)
{
	switch (option_kind(option)) {
	case OPTION_PLAIN:
		add(&mount->mount.options, option);
		break;
	case OPTION_EXTRA:
		add(&mount->extras, option);
		break;
	case OPTION_IGNORED:
		add(&mount->ignored, option);
		break;
	case OPTION_IDMAP:
		mount->idmap = option + strlen("idmap=");
		break;
	case OPTION_NOTHING:
		break;
	}
}

static void add_options(struct arena *arena, const char *options, struct lxc_mount *mount)
{
	size_t room = 1;

	for (const char *at = options; *at; at++)
		room += *at == ',';
	mount->mount.options.items = arena_array(arena, room, sizeof(char *));
	mount->extras.items = arena_array(arena, room + 1, sizeof(char *));
	mount->ignored.items = arena_array(arena, room, sizeof(char *));
	while (*options) {
		size_t length = strcspn(options, ",");

		if (length)
			add_option(arena_strndup(arena, options, length), mount);
		options += length + (options[length] == ',');
	}
}

static bool has_option(const struct oci_mount *mount, const char *option)
{
	for (size_t i = 0; i < mount->options.count; i++)
		if (strcmp(mount->options.items[i], option) == 0)
			return true;
	return false;
}

/* The target as a path below the root: "dev/fuse" -> "/dev/fuse". */
static const char *destination(struct arena *arena, const char *target)
{
	while (*target == '/')
		target++;
	return arena_printf(arena, "/%s", target);
}

static bool leads_up(const char *path)
{
	for (const char *at = path; *at; at += strspn(at, "/")) {
		size_t length = strcspn(at, "/");

		if (length == 2 && at[0] == '.' && at[1] == '.')
			return true;
		at += length;
	}
	return false;
}

int lxc_mount_read(struct arena *arena, const char *line, struct lxc_mount *mount, struct err *err)
{
	struct lxc_mount result = {};
	const char *fields[4] = {};
	const char *rest = line;
	size_t length;

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		const char *word = next_word(&rest, &length);

		if (!word)
			return err_wrong(err, "write 'SOURCE TARGET TYPE OPTIONS'",
					 "'%s' is no mount entry", line);
		fields[i] = unescape(arena, word, length);
	}
	if (leads_up(fields[1]))
		return err_wrong(err, "write a target below the container's root, without '..'",
				 "mount entry: the target '%s' leads up", fields[1]);
	result.absolute = *fields[1] == '/';
	result.mount.source = fields[0];
	result.mount.destination = destination(arena, fields[1]);
	result.mount.type = fields[2];
	add_options(arena, fields[3], &result);
	add(&result.extras, "no-symlinks");
	if (has_option(&result.mount, "bind") || has_option(&result.mount, "rbind"))
		result.mount.type = "bind";
	*mount = result;
	return 0;
}

enum auto_class { AUTO_PROC, AUTO_SYS, AUTO_CGROUP };

static const struct auto_word {
	const char *word;
	enum auto_class class;
	enum lxc_auto mode;
} auto_words[] = {
	{"proc", AUTO_PROC, LXC_AUTO_MIXED},
	{"proc:mixed", AUTO_PROC, LXC_AUTO_MIXED},
	{"proc:rw", AUTO_PROC, LXC_AUTO_RW},
	{"sys", AUTO_SYS, LXC_AUTO_MIXED},
	{"sys:mixed", AUTO_SYS, LXC_AUTO_MIXED},
	{"sys:ro", AUTO_SYS, LXC_AUTO_RO},
	{"sys:rw", AUTO_SYS, LXC_AUTO_RW},
	{"cgroup", AUTO_CGROUP, LXC_AUTO_MIXED},
	{"cgroup:mixed", AUTO_CGROUP, LXC_AUTO_MIXED},
	{"cgroup:ro", AUTO_CGROUP, LXC_AUTO_RO},
	{"cgroup:rw", AUTO_CGROUP, LXC_AUTO_RW},
	{"cgroup:force", AUTO_CGROUP, LXC_AUTO_MIXED},
	{"cgroup:mixed:force", AUTO_CGROUP, LXC_AUTO_MIXED},
	{"cgroup:ro:force", AUTO_CGROUP, LXC_AUTO_RO},
	{"cgroup:rw:force", AUTO_CGROUP, LXC_AUTO_RW},
	{"cgroup2", AUTO_CGROUP, LXC_AUTO_RW},
	{"cgroup2:ro", AUTO_CGROUP, LXC_AUTO_RO},
	{"cgroup2:force", AUTO_CGROUP, LXC_AUTO_RW},
	{"cgroup2:ro:force", AUTO_CGROUP, LXC_AUTO_RO},
};

static int read_word(const char *word, struct lxc_automount *automount, struct err *err)
{
	enum lxc_auto *modes[] = {&automount->proc, &automount->sys, &automount->cgroup};

	for (size_t i = 0; i < ARRAY_SIZE(auto_words); i++) {
		if (strcmp(auto_words[i].word, word) != 0)
			continue;
		*modes[auto_words[i].class] = auto_words[i].mode;
		return 0;
	}
	if (starts_with(word, "shmounts:")) {
		automount->shmounts = word;
		return 0;
	}
	if (starts_with(word, "cgroup-full"))
		return err_plain(err, -EINVAL, "'%s' needs cgroup v1: write cgroup:rw", word);
	return err_plain(
		err, -EINVAL,
		"'%s' is none of the automatic mounts (proc, sys, cgroup, each with :mixed, "
		":ro or :rw)",
		word);
}

int lxc_automount_read(struct arena *arena, const char *value, struct lxc_automount *automount,
		       struct err *err)
{
	struct lxc_automount result = *automount;
	const char *rest = value;
	const char *word;
	size_t length;

	if (!*value)
		result = (struct lxc_automount){};
	while ((word = next_word(&rest, &length))) {
		int r = read_word(arena_strndup(arena, word, length), &result, err);

		if (r < 0)
			return r;
	}
	*automount = result;
	return 0;
}
