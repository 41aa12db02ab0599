#include "pve/storage/type.h"

#include "lib/err.h"
#include "lib/own.h"
#include "lib/text.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>

enum { DISKS_MAX = 1024 };

/* The number of "vm-100-disk-3.raw", in any of a disk's forms. Return: -1: it is no disk. */
static int disk_number(const char *name, const char *id)
{
	static const char *const forms[] = {"vm", "base", "subvol", "basevol"};
	char prefix[64];

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		int length = snprintf(prefix, sizeof(prefix), "%s-%s-disk-", forms[i], id);
		unsigned long number;
		char *end;

		if (!starts_with(name, prefix))
			continue;
		number = strtoul(name + length, &end, 10);
		if (end > name + length && number < DISKS_MAX)
			return (int)number;
	}
	return -1;
}

/* A number that any form has is taken: all of them belong to one list of disks. */
int storage_free_number(const char *folder, const char *id)
{
	bool taken[DISKS_MAX] = {};
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int number = 0;

	while (dir && (entry = readdir(dir)))
		if ((number = disk_number(entry->d_name, id)) >= 0)
			taken[number] = true;
	if (dir)
		closedir(dir);
	for (number = 0; number < DISKS_MAX && taken[number]; number++)
		;
	return number < DISKS_MAX ? number : -ENOSPC;
}

size_t storage_disks(struct arena *arena, const struct storage_ops *ops, const char *folder,
		     const char *id, const char ***files)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	size_t count = 0;

	*files = arena_array(arena, DISKS_MAX, sizeof(**files));
	while (dir && (entry = readdir(dir)) && count < DISKS_MAX) {
		const char *file = disk_number(entry->d_name, id) >= 0
					   ? ops->file(arena, entry->d_name)
					   : NULL;

		if (file)
			(*files)[count++] = file;
	}
	if (dir)
		closedir(dir);
	return count;
}

int storage_rename_path(const char *from, const char *to, struct err *err)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno == ENOENT && access(to, F_OK) == 0)
		return 0;
	return err_set(err, -errno, "rename %s to %s", from, to);
}
