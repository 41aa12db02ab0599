#include "debug/tools.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/process.h"
#include "lib/sys.h"
#include "lib/text.h"

#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Where the tools may be shown: folders that are mostly empty, then those that the kernel makes to
 * be mounted on (sysfs has them in every container).
 */
static const char *const places[] = {
	"/mnt",
	"/media",
	"/srv",
	"/opt",
	"/sys/kernel/debug",
	"/sys/kernel/tracing",
	"/sys/kernel/config",
	"/sys/fs/fuse/connections",
	"/sys/fs/bpf",
	"/sys/fs/pstore",
};

/* What loads a program: "" for one that runs in any root. Return: false: it is none of 64 bits. */
static bool read_interpreter(int fd, char *path, size_t size)
{
	Elf64_Ehdr header;
	Elf64_Phdr part;
	ssize_t n = 0;

	if (pread(fd, &header, sizeof(header), 0) != sizeof(header) ||
	    memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
	    header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_phentsize != sizeof(part))
		return false;
	for (unsigned int i = 0; n == 0 && i < header.e_phnum; i++) {
		if (pread(fd, &part, sizeof(part), (off_t)(header.e_phoff + i * sizeof(part))) !=
		    sizeof(part))
			return false;
		if (part.p_type == PT_INTERP)
			n = pread(fd, path, size - 1, (off_t)part.p_offset); /* ends with NUL */
	}
	path[n > 0 ? n : 0] = '\0';
	return n >= 0;
}

static bool is_static(int fd)
{
	char interpreter[PATH_MAX];

	return read_interpreter(fd, interpreter, sizeof(interpreter)) && !*interpreter;
}

static bool is_static_program(const char *path)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd >= 0 && access(path, X_OK) == 0 && is_static(fd);
}

static const char *find_busybox(struct arena *arena)
{
	static const char fallback[] = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
	const char *given = getenv("PATH");
	char *rest = arena_printf(arena, "%s:%s", given ? given : "", fallback);

	for (char *folder; (folder = strsep(&rest, ":"));) {
		const char *path = arena_printf(arena, "%s/busybox", folder);

		if (folder[0] == '/' && is_static_program(path))
			return path;
	}
	return NULL;
}

/* busybox says itself what it can be called. */
static int list_applets(struct arena *arena, struct tools *tools, struct err *err)
{
	const char *const argv[] = {tools->busybox, "--list", NULL};
	cleanup_(text_free) struct text text = {};
	size_t lines = 1;
	char *rest;
	int r = process_run(argv, &text, err);

	if (r < 0)
		return r;
	rest = arena_strdup(arena, text_str(&text));
	for (const char *at = rest; *at; at++)
		lines += *at == '\n';
	tools->applets = arena_array(arena, lines, sizeof(*tools->applets));
	for (char *line; (line = strsep(&rest, "\n"));)
		if (*line && !strchr(line, '/') && strcmp(line, "busybox") != 0)
			tools->applets[tools->applet_count++] = line;
	return 0;
}

static int find_tools(struct arena *arena, const char *folder, struct tools *tools, struct err *err)
{
	char resolved[PATH_MAX];
	struct stat st;

	if (folder) {
		if (!realpath(folder, resolved) || stat(resolved, &st) < 0)
			return err_set(err, -errno, "--tools %s", folder);
		if (!S_ISDIR(st.st_mode))
			return err_set(err, -ENOTDIR, "--tools %s", folder);
		tools->folder = arena_strdup(arena, resolved);
		return 0;
	}
	tools->busybox = find_busybox(arena);
	if (tools->busybox)
		return list_applets(arena, tools, err);
	err_plain(err, -ENOENT, "no statically linked busybox in PATH");
	err_hint(err, "install busybox-static, or name a folder of tools with --tools");
	return -ENOENT;
}

static bool is_empty(int dir_fd)
{
	DIR *dir = fdopendir(dir_fd);
	const struct dirent *entry;
	bool empty = true;

	if (!dir) {
		close_fd(dir_fd);
		return false;
	}
	while (empty && (entry = readdir(dir)))
		empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
	(void)closedir(dir);
	return empty;
}

static int find_place(struct arena *arena, int root_fd, const char *at, struct tools *tools,
		      struct err *err)
{
	int fd;

	if (at) {
		cleanup_close int chosen = sys_open_real(root_fd, at, O_PATH | O_DIRECTORY);

		if (at[0] != '/' || strcmp(at, "/") == 0)
			return err_plain(err, -EINVAL, "--at %s: a folder below / is needed", at);
		if (chosen < 0)
			return err_set(err, chosen, "--at %s, in the container", at);
		tools->at = at;
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		fd = sys_open_real(root_fd, places[i], O_RDONLY | O_DIRECTORY);
		if (fd < 0 || !is_empty(fd))
			continue;
		tools->at = places[i];
		return 0;
	}
	err_plain(err, -ENOENT, "the container has no empty folder that tools could cover");
	err_hint(err, "name any folder of it that isn't needed meanwhile with --at");
	return -ENOENT;
}

/* The file of the user's folder that the shell's PATH leads to; -EBADF: none. */
static int open_tool(struct arena *arena, const char *folder, const char *name)
{
	static const char *const below[] = {"", "bin/", "sbin/"};

	for (size_t i = 0; i < ARRAY_SIZE(below); i++) {
		const char *path = arena_printf(arena, "%s/%s%s", folder, below[i], name);

		if (access(path, X_OK) == 0)
			return open(path, O_RDONLY | O_CLOEXEC);
	}
	return -EBADF;
}

static bool is_applet(const struct tools *tools, const char *name)
{
	for (size_t i = 0; i < tools->applet_count; i++)
		if (strcmp(tools->applets[i], name) == 0)
			return true;
	return strcmp(name, "busybox") == 0;
}

/* Whether it may be executed is found out by who does it. */
static bool may_have(struct arena *arena, int root_fd, const char *folders, const char *name)
{
	char *rest = arena_strdup(arena, folders);

	for (char *folder; (folder = strsep(&rest, ":"));) {
		cleanup_close int fd = sys_open_in_root(
			root_fd, arena_printf(arena, "%s/%s", folder, name), O_PATH | O_CLOEXEC, 0);

		if (fd != -ENOENT && fd != -ENOTDIR)
			return true;
	}
	return false;
}

static int is_nowhere(const struct tools *tools, const char *name, struct err *err)
{
	err_set(err, -ENOENT, "exec: \"%s\": executable file not found in $PATH", name);
	err_fact(err, "PATH is that of the tools, then %s", tools->path);
	if (tools->folder)
		err_hint(err, "put it into %s, or leave --tools out for busybox", tools->folder);
	else
		err_hint(err, "busybox has no such applet: name a folder that has it with --tools");
	return -ENOENT;
}

int tools_check(struct arena *arena, const struct tools *tools, const char *name, int root_fd,
		struct err *err)
{
	cleanup_close int fd = -EBADF, loader_fd = -EBADF;
	char interpreter[PATH_MAX];

	if (strchr(name, '/'))
		return 0;
	fd = tools->folder ? open_tool(arena, tools->folder, name) : -EBADF;
	if (fd < 0 && (tools->folder || !is_applet(tools, name)))
		return may_have(arena, root_fd, tools->path, name) ? 0
								   : is_nowhere(tools, name, err);
	if (fd < 0 || !read_interpreter(fd, interpreter, sizeof(interpreter)) || !*interpreter)
		return 0;
	loader_fd = sys_open_in_root(root_fd, interpreter, O_PATH | O_CLOEXEC, 0);
	if (loader_fd >= 0)
		return 0;
	err_plain(err, -ENOENT, "--tools: %s is not statically linked, and the container has no %s",
		  name, interpreter);
	err_hint(err, "put a statically linked one there, or leave --tools out for busybox");
	return -ENOENT;
}

int tools_find(struct arena *arena, const char *folder, int root_fd, const char *at,
	       struct tools *tools, struct err *err)
{
	int r;

	*tools = (struct tools){};
	r = find_tools(arena, folder, tools, err);
	return r < 0 ? r : find_place(arena, root_fd, at, tools, err);
}
