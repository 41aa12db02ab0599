#include "pve/facts/fs.h"

#include "lib/own.h"
#include "pve/facts/facts.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The superblock's magic number: libmagic's tables and each file system's own documentation. */
static const struct {
	const char *name;
	off_t offset;
	size_t length;
	const char *magic;
} superblocks[] = {
	{"ext4", 1080, 2, "\x53\xef"},   {"xfs", 0, 4, "XFSB"},
	{"btrfs", 65600, 8, "_BHRfS_M"}, {"squashfs", 0, 4, "hsqs"},
	{"iso9660", 32769, 5, "CD001"},
};

static const char *recognize(int fd)
{
	char found[8];

	for (size_t i = 0; i < ARRAY_SIZE(superblocks); i++)
		if (pread(fd, found, superblocks[i].length, superblocks[i].offset) ==
			    (ssize_t)superblocks[i].length &&
		    memcmp(found, superblocks[i].magic, superblocks[i].length) == 0)
			return superblocks[i].name;
	return NULL;
}

int facts_fs_look(const char *path, struct pve_volume *volume)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode)) {
		volume->kind = PVE_VOLUME_DIR;
		return 0;
	}
	if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode))
		return -EINVAL;
	volume->kind = S_ISBLK(st.st_mode) ? PVE_VOLUME_BLOCK : PVE_VOLUME_IMAGE;
	volume->fs = recognize(fd);
	return 0;
}
