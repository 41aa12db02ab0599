#include "pve/storage/type.h"

#include <string.h>

static const struct storage_type types[] = {
	{"dir", "images,rootdir", &storage_dir_ops},
	{"btrfs", "images,rootdir", &storage_btrfs_ops},
	{"nfs", "images", &storage_dir_ops, .network = true},
	{"cifs", "images", &storage_dir_ops, .network = true},
	{"lvm", "images", NULL},
	{"lvmthin", "images,rootdir", NULL},
	{"zfspool", "images,rootdir", NULL},
	{"rbd", "images", NULL},
};

const struct storage_type *storage_type_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strcmp(types[i].name, name) == 0)
			return &types[i];
	return NULL;
}
