#include "lib/explain.h"

#include "lib/err.h"
#include "lib/own.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

void explain_path(struct err *err, const char *path)
{
	cleanup_free char *there = strdup(path);
	size_t missing = 0; /* how much of @path the first folder that isn't there takes */
	struct stat st;

	if (!err || !there || *path != '/')
		return;
	while (*there && lstat(there, &st) < 0 && errno == ENOENT) {
		missing = strlen(there);
		*strrchr(there, '/') = '\0';
	}
	if (missing)
		err_fact(err, "%s is there, %.*s is not", *there ? there : "/", (int)missing, path);
	else if (err->num == ENOENT)
		err_fact(err, "%s is a symbolic link to nothing", path);
}

static void explain_descriptors(struct err *err)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
		err_fact(err, "this process may have %lu descriptors open", limit.rlim_cur);
	err_hint(err, "raise the limit of open descriptors: ulimit -n, in a service LimitNOFILE=");
}

/* A number that has one meaning wherever it comes from. */
static const struct meaning {
	int num;
	const char *hint;                 /* NULL: @explain has one */
	void (*explain)(struct err *err); /* NULL: nothing to look up */
} meanings[] = {
	{EMFILE, NULL, explain_descriptors},
	{ENFILE, "raise fs.file-max: the whole host has no descriptor left", NULL},
	{ENOSPC, "free space on that file system (df PATH), or inodes (df -i PATH)", NULL},
	{EDQUOT, "raise the quota of the files' owner, or remove some of them", NULL},
	{ENOMEM, "free memory on the host, or raise the limit of this process' cgroup", NULL},
	{EIO, "look into the kernel's log (dmesg): the disk below may be broken", NULL},
	{EUCLEAN, "its file system is damaged: check it (pct fsck, or fsck)", NULL},
};

void explain_number(struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(meanings); i++) {
		if (err->plain || meanings[i].num != err->num)
			continue;
		if (meanings[i].explain)
			meanings[i].explain(err);
		else
			err_hint(err, "%s", meanings[i].hint);
	}
}
