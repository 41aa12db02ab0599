#include "lib/text.h"
#include "ns/mount.h"

#include <linux/mount.h>
#include <string.h>

#ifndef MOUNT_ATTR_NOSYMFOLLOW
#define MOUNT_ATTR_NOSYMFOLLOW 0x00200000
#endif

struct mount_word {
	const char *name;
	uint64_t set, clear;
	bool recursive;
	uint64_t propagation;
	uint32_t flag;
	const char *data; /* the new mount API's word for the whole file system, not the mount */
};

#define SET(word, bit)                                                                             \
	{.name = word, .set = (bit)},                                                              \
	{                                                                                          \
		.name = "r" word, .set = (bit), .recursive = true                                  \
	}
#define CLEAR(word, bit)                                                                           \
	{.name = word, .clear = (bit)},                                                            \
	{                                                                                          \
		.name = "r" word, .clear = (bit), .recursive = true                                \
	}
/* The three ways to keep access times are one field: it is cleared whenever one is set. */
#define ATIME(word, bit)                                                                           \
	{.name = word, .set = (bit), .clear = MOUNT_ATTR__ATIME},                                  \
	{                                                                                          \
		.name = "r" word, .set = (bit), .clear = MOUNT_ATTR__ATIME, .recursive = true      \
	}
#define PROPAGATION(word, bit)                                                                     \
	{.name = word, .propagation = (bit)},                                                      \
	{                                                                                          \
		.name = "r" word, .propagation = (bit), .recursive = true                          \
	}

/*
 * Words: runtime-spec config.md, "Linux mount options"; mount(8); lxc.container.conf(5).
 * Bits: mount_setattr(2). A word without anything is known and has no effect on a single mount.
 */
static const struct mount_word mount_words[] = {
	SET("ro", MOUNT_ATTR_RDONLY),
	CLEAR("rw", MOUNT_ATTR_RDONLY),
	SET("nosuid", MOUNT_ATTR_NOSUID),
	CLEAR("suid", MOUNT_ATTR_NOSUID),
	SET("nodev", MOUNT_ATTR_NODEV),
	CLEAR("dev", MOUNT_ATTR_NODEV),
	SET("noexec", MOUNT_ATTR_NOEXEC),
	CLEAR("exec", MOUNT_ATTR_NOEXEC),
	SET("nodiratime", MOUNT_ATTR_NODIRATIME),
	CLEAR("diratime", MOUNT_ATTR_NODIRATIME),
	SET("nosymfollow", MOUNT_ATTR_NOSYMFOLLOW),
	CLEAR("symfollow", MOUNT_ATTR_NOSYMFOLLOW),
	ATIME("relatime", MOUNT_ATTR_RELATIME),
	ATIME("noatime", MOUNT_ATTR_NOATIME),
	ATIME("strictatime", MOUNT_ATTR_STRICTATIME),
	ATIME("atime", MOUNT_ATTR_RELATIME),
	ATIME("nostrictatime", MOUNT_ATTR_RELATIME),
	{.name = "norelatime"},
	{.name = "rnorelatime"},
	PROPAGATION("private", MS_PRIVATE),
	PROPAGATION("shared", MS_SHARED),
	PROPAGATION("slave", MS_SLAVE),
	PROPAGATION("unbindable", MS_UNBINDABLE),
	{.name = "bind", .flag = MOUNT_BIND},
	{.name = "rbind", .flag = MOUNT_BIND | MOUNT_RECURSIVE},
	{.name = "idmap", .flag = MOUNT_IDMAP},
	{.name = "idmap=container", .flag = MOUNT_IDMAP},
	{.name = "ridmap", .flag = MOUNT_IDMAP | MOUNT_IDMAP_RECURSIVE},
	{.name = "remount", .flag = MOUNT_REMOUNT},
	{.name = "loop", .flag = MOUNT_LOOP},
	{.name = "tmpcopyup", .flag = MOUNT_COPY_UP},
	{.name = "src-nofollow", .flag = MOUNT_SRC_NOFOLLOW},
	{.name = "dest-nofollow", .flag = MOUNT_NO_SYMLINKS},
	{.name = "relative", .flag = MOUNT_RELATIVE},
	{.name = "optional", .flag = MOUNT_OPTIONAL},
	{.name = "nofail", .flag = MOUNT_OPTIONAL},
	{.name = "create=file", .flag = MOUNT_CREATE_FILE},
	{.name = "create=dir", .flag = MOUNT_CREATE_DIR},
	{.name = "keepattrs", .flag = MOUNT_KEEP_ATTRS},
	{.name = "no-symlinks", .flag = MOUNT_NO_SYMLINKS},
	{.name = "sync", .data = "sync"},
	{.name = "async", .data = "async"},
	{.name = "dirsync", .data = "dirsync"},
	{.name = "lazytime", .data = "lazytime"},
	{.name = "nolazytime", .data = "nolazytime"},
	{.name = "mand", .data = "mand"},
	{.name = "nomand", .data = "nomand"},
	{.name = "iversion"},
	{.name = "noiversion"},
	{.name = "silent"},
	{.name = "loud"},
	{.name = "defaults"},
};

static const struct mount_word *find(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(mount_words); i++)
		if (strcmp(mount_words[i].name, word) == 0)
			return &mount_words[i];
	return NULL;
}

const char *mount_opts_word(size_t index)
{
	return index < ARRAY_SIZE(mount_words) ? mount_words[index].name : NULL;
}

static void add_data(struct text *data, const char *word)
{
	if (data->length > 0)
		text_addc(data, ',');
	text_add(data, word);
}

/* The clearing of the atime field belongs to the setting of one of its values. */
static void change(uint64_t *set, uint64_t *clear, const struct mount_word *word)
{
	*set = (*set & ~word->clear) | word->set;
	*clear = (*clear & ~(word->set & ~(uint64_t)MOUNT_ATTR__ATIME)) | word->clear;
}

/* A word for all of the tree overrides what was said of its top before. */
static void change_all(struct mount_opts *opts, const struct mount_word *word)
{
	opts->set &= ~(word->set | word->clear);
	opts->clear &= ~(word->set | word->clear);
	change(&opts->set_recursive, &opts->clear_recursive, word);
}

void mount_opts_add(struct mount_opts *opts, const char *text, struct text *data)
{
	const struct mount_word *word = find(text);

	if (starts_with(text, "x-") || starts_with(text, "X-"))
		return; /* user space's own words, mount(8) */
	if (!word) {
		add_data(data, text);
		return;
	}
	if (word->recursive)
		change_all(opts, word);
	else
		change(&opts->set, &opts->clear, word);
	if (word->propagation)
		*(word->recursive ? &opts->propagation_recursive : &opts->propagation) =
			word->propagation;
	opts->flags |= word->flag;
	if (word->data && !(opts->flags & MOUNT_BIND))
		add_data(data, word->data);
}

static const struct {
	uint64_t bit;
	const char *word;
} attr_words[] = {
	{MOUNT_ATTR_RDONLY, "ro"},
	{MOUNT_ATTR_NOSUID, "nosuid"},
	{MOUNT_ATTR_NODEV, "nodev"},
	{MOUNT_ATTR_NOEXEC, "noexec"},
	{MOUNT_ATTR_NOATIME, "noatime"},
	{MOUNT_ATTR_NODIRATIME, "nodiratime"},
	{MOUNT_ATTR_NOSYMFOLLOW, "nosymfollow"},
};

const char *mount_attr_word(uint64_t bits, size_t *index)
{
	while (*index < ARRAY_SIZE(attr_words)) {
		size_t i = (*index)++;

		if (bits & attr_words[i].bit)
			return attr_words[i].word;
	}
	return NULL;
}

static const char *propagation_word(uint64_t propagation)
{
	switch (propagation) {
	case MS_SHARED:
		return "shared";
	case MS_SLAVE:
		return "slave";
	case MS_UNBINDABLE:
		return "unbindable";
	default:
		return "private";
	}
}

static void describe_bits(struct text *text, const char **glue, const char *prefix, uint64_t bits)
{
	const char *word;
	size_t i = 0;

	while ((word = mount_attr_word(bits, &i))) {
		text_addf(text, "%s%s%s", *glue, prefix, word);
		*glue = ",";
	}
}

void mount_opts_describe(const struct mount_opts *opts, struct text *text)
{
	const char *glue = ", ";

	describe_bits(text, &glue, "", opts->set);
	describe_bits(text, &glue, "r", opts->set_recursive);
	if (opts->propagation) {
		text_addf(text, "%s%s", glue, propagation_word(opts->propagation));
		glue = ",";
	}
	if (opts->propagation_recursive) {
		text_addf(text, "%sr%s", glue, propagation_word(opts->propagation_recursive));
		glue = ",";
	}
	if (opts->data && *opts->data)
		text_addf(text, "%s%s", glue, opts->data);
}
