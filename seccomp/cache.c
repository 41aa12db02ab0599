#include "seccomp/cache.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/text.h"
#include "seccomp/filter.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CACHE_FORMAT = 2, FILE_MAX = 4 << 20, NAME_SIZE = 32 };

struct header {
	char magic[8];
	uint32_t format;
	uint32_t libseccomp; /* version that compiled it: major, minor, micro */
	uint32_t key_size;   /* without a terminator */
	uint32_t count;      /* instructions; they follow the key */
};

static const char magic[8] = "pctrunSF";

static uint32_t libseccomp_version(void)
{
	const struct scmp_version *v = seccomp_version();

	return v->major << 16 | v->minor << 8 | v->micro;
}

static struct header header_of(const char *key, size_t count)
{
	struct header header = {
		.format = CACHE_FORMAT,
		.libseccomp = libseccomp_version(),
		.key_size = (uint32_t)strlen(key),
		.count = (uint32_t)count,
	};

	memcpy(header.magic, magic, sizeof(magic));
	return header;
}

/* FNV-1a: only a name, see above. */
static void file_name(const char *key, char name[NAME_SIZE])
{
	uint64_t hash = 0xcbf29ce484222325;

	for (; *key; key++)
		hash = (hash ^ (unsigned char)*key) * 0x100000001b3;
	(void)snprintf(name, NAME_SIZE, "%016lx", hash);
}

static void folder_name(const char *state_root, char folder[PATH_MAX])
{
	(void)snprintf(folder, PATH_MAX, "%s/.cache/seccomp", state_root);
}

/* ------------------------------------------------------------------ looking up */

/* Return: the whole file; NULL when it doesn't have our form. */
static const struct header *read_file(struct arena *arena, int fd, const struct stat *st)
{
	const struct header *header;
	size_t size;

	if (!S_ISREG(st->st_mode) || st->st_size < (off_t)sizeof(*header) || st->st_size > FILE_MAX)
		return NULL;
	header = arena_alloc(arena, (size_t)st->st_size);
	if (pread(fd, (void *)header, (size_t)st->st_size, 0) != st->st_size)
		return NULL;
	size = sizeof(*header) + header->key_size + header->count * sizeof(struct sock_filter);
	if (memcmp(header->magic, magic, sizeof(magic)) != 0 || (size_t)st->st_size != size ||
	    header->count == 0 || header->count > BPF_MAXINSNS)
		return NULL;
	return header;
}

static bool is_ours(const struct stat *st)
{
	return st->st_uid == geteuid() && !(st->st_mode & 0077);
}

static bool is_for(const struct header *header, const char *key)
{
	const struct header wanted = header_of(key, header->count);

	return memcmp(header, &wanted, sizeof(wanted)) == 0 &&
	       memcmp(header + 1, key, wanted.key_size) == 0;
}

static void take_program(struct arena *arena, const struct header *header, struct program *program)
{
	program->count = header->count;
	/* The key has any length: instructions want to be aligned. */
	program->insns = arena_array(arena, header->count, sizeof(*program->insns));
	memcpy(program->insns, (const char *)(header + 1) + header->key_size,
	       header->count * sizeof(*program->insns));
}

int cache_find(struct arena *arena, const char *state_root, const char *key,
	       struct program *program)
{
	cleanup_(arena_free) struct arena file = {};
	char folder[PATH_MAX], name[NAME_SIZE], path[PATH_MAX + NAME_SIZE + 1];
	cleanup_close int fd = -EBADF;
	const struct header *header;
	struct stat st;

	folder_name(state_root, folder);
	file_name(key, name);
	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st) < 0)
		return -ENOENT;
	header = is_ours(&st) ? read_file(&file, fd, &st) : NULL;
	if (!header || !is_for(header, key))
		return -ENOENT;
	take_program(arena, header, program);
	return 0;
}

/* ------------------------------------------------------------------ storing */

static void remove_oldest(int folder_fd, DIR *dir, size_t *files)
{
	char oldest[NAME_MAX + 1] = "";
	struct timespec time = {};
	struct dirent *entry;
	struct stat st;

	*files = 0;
	rewinddir(dir);
	while ((entry = readdir(dir))) {
		if (fstatat(folder_fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		    !S_ISREG(st.st_mode))
			continue;
		if (++*files == 1 || st.st_mtim.tv_sec < time.tv_sec) {
			(void)snprintf(oldest, sizeof(oldest), "%s", entry->d_name);
			time = st.st_mtim;
		}
	}
	if (*files > CACHE_FILES_MAX && unlinkat(folder_fd, oldest, 0) == 0)
		--*files;
}

/* One that another process has just opened stays readable for it. */
static void evict(const char *folder)
{
	DIR *dir = opendir(folder);
	size_t files, before = SIZE_MAX;

	if (!dir)
		return;
	do {
		before = before == SIZE_MAX ? before : files;
		remove_oldest(dirfd(dir), dir, &files);
	} while (files > CACHE_FILES_MAX && files != before);
	(void)closedir(dir);
}

static int store(const char *state_root, const char *key, const char *bytes, size_t length)
{
	char folder[PATH_MAX], name[NAME_SIZE];
	cleanup_close int folder_fd = -EBADF;
	int r;

	folder_name(state_root, folder);
	r = make_dirs(folder, 0700, NULL);
	if (r < 0)
		return r;
	folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder_fd < 0)
		return -errno;
	file_name(key, name);
	r = file_replace(folder_fd, name, bytes, length, 0600, false, NULL);
	if (r == 0)
		evict(folder);
	return r;
}

int cache_add(const char *state_root, const char *key, const struct program *program)
{
	const struct header header = header_of(key, program->count);
	cleanup_(text_free) struct text file = {};

	text_addn(&file, (const char *)&header, sizeof(header));
	text_add(&file, key);
	text_addn(&file, (const char *)program->insns, program->count * sizeof(*program->insns));
	return store(state_root, key, file.at, file.length);
}
