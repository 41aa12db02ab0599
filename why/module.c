#include "why/module.h"

#include "lib/file.h"
#include "lib/own.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

/* The kernel has modprobe(8) look for "fs-" and the name: see get_fs_type(). */

static bool may_load(void)
{
	char line[8];

	return access("/proc/modules", F_OK) == 0 &&
	       (file_line(AT_FDCWD, "/proc/sys/kernel/modules_disabled", line, sizeof(line)) < 0 ||
		strcmp(line, "1") != 0);
}

/* A line "alias fs-ext4 ext4" of what depmod(8) has found. */
static bool is_alias(const char *line, const char *fstype)
{
	static const char begin[] = "alias fs-";
	const size_t length = strlen(fstype);

	return strncmp(line, begin, strlen(begin)) == 0 &&
	       strncmp(line + strlen(begin), fstype, length) == 0 &&
	       line[strlen(begin) + length] == ' ';
}

bool module_may_have(const char *fstype)
{
	cleanup_free char *line = NULL;
	char path[PATH_MAX];
	struct utsname host;
	size_t size = 0;
	bool found = false;
	FILE *file;

	if (!may_load())
		return false;
	(void)uname(&host);
	(void)snprintf(path, sizeof(path), "/lib/modules/%s/modules.alias", host.release);
	file = fopen(path, "re");
	if (!file)
		return true;
	while (!found && getline(&line, &size, file) > 0)
		found = is_alias(line, fstype);
	(void)fclose(file);
	return found;
}
