#include "cli/accept.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/text.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* What plan_missing() is called with. Words with a dot are keys of container configs: "net.tag". */
static const char *const known[] = {
	"all",
	"cpu",
	"cpuset",
	"io",
	"memory",
	"hugetlb",
	"pids",
	"rdma",
	"misc",
	"unified",
	"cgroup",
	"apparmor",
	"selinux",
	"time",
	"memoryPolicy",
	"intelRdt",
	"memory-kernel",
	"memory-swappiness",
	"cpu-realtime",
	"quota",
	"memory-oom-killer",
	"network-class",
	"io-leaf-weight",
};

static bool is_known(const char *word, size_t length)
{
	if (memchr(word, '.', length))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (strlen(known[i]) == length && strncmp(known[i], word, length) == 0)
			return true;
	return false;
}

/* Words with one comma between two, whatever divided them; without comments. */
static const char *as_list(struct arena *arena, const char *text)
{
	cleanup_(text_free) struct text list = {};

	while (*text) {
		const size_t length = strcspn(text, ", \t\n#");

		if (length)
			text_addf(&list, "%s%.*s", list.length ? "," : "", (int)length, text);
		text += length;
		text += *text == '#' ? strcspn(text, "\n") : strspn(text, ", \t\n");
	}
	return arena_strdup(arena, text_str(&list));
}

/* @words: from as_list(); @from: who says it. */
static int check(const char *words, const char *from, struct err *err)
{
	for (const char *at = words; *at; at += strspn(at, ",")) {
		const size_t length = strcspn(at, ",");

		if (!is_known(at, length)) {
			err_plain(err, -EINVAL,
				  "%s: '%.*s' is nothing that a host may be unable to enforce",
				  from, (int)length, at);
			err_hint(err, "the words are in brackets where a start was refused");
			return -EINVAL;
		}
		at += length;
	}
	return 0;
}

/*
 * Whoever may write it decides what goes without: only root, and a caller for himself. Root is
 * whose "/" it is: in the user namespace of an engine's user that has another number.
 */
static int check_owner(const char *path, struct err *err)
{
	struct stat file, root;

	if (stat(path, &file) < 0 || stat("/", &root) < 0)
		return err_set(err, -errno, "look at %s", path);
	if ((file.st_uid == root.st_uid || file.st_uid == geteuid()) &&
	    !(file.st_mode & (S_IWGRP | S_IWOTH)))
		return 0;
	err_plain(err, -EPERM, "%s: others may write it", path);
	err_hint(err, "chown root and chmod 644 it");
	return -EPERM;
}

static int from_file(struct arena *arena, const char **words, struct err *err)
{
	const char *etc = getenv("PCTRUN_ETC"), *text;
	const char *path =
		arena_printf(arena, "%s/accept-unenforced", etc && *etc ? etc : "/etc/pctrun");
	int r;

	r = file_read(arena, AT_FDCWD, path, 0, &text, NULL, err);
	if (r == -ENOENT) {
		err_clear(err);
		*words = NULL;
		return 0;
	}
	if (r == 0)
		r = check_owner(path, err);
	if (r < 0)
		return r;
	*words = as_list(arena, text);
	return check(*words, path, err);
}

int accept_words(struct arena *arena, const char *option, const char **words, struct err *err)
{
	static const char name[] = "PCTRUN_ACCEPT_UNENFORCED";
	const char *variable = getenv(name);

	if (!option && !variable)
		return from_file(arena, words, err);
	*words = as_list(arena, option ? option : variable);
	return check(*words, option ? "--accept-unenforced" : name, err);
}
