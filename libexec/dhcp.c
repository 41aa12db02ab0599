/*
 * pctrun-dhcp: asks for the addresses of a container's interfaces, for a container that doesn't do
 * so itself (host-managed=1 with ip=dhcp or ip6=dhcp). The asking is dhcpcd(8)'s: DHCP, DHCPv6,
 * router advertisements and their renewal.
 *
 *	pctrun-dhcp PID CGROUP INTERFACE...
 *
 * starts dhcpcd in the network namespace of PID and in CGROUP, with the configuration on stdin.
 * CGROUP is one beside those of the container's processes and ends with theirs; that is how dhcpcd
 * ends. It gets a mount namespace where only its own folders are others than the host's. A failure
 * is printed as two lines: what failed, what to do. The exit status is its errno.
 *
 * dhcpcd runs the same program for each event (dhcpcd-run-hooks(8)): with $reason in its
 * environment it writes the servers for names into the container's resolv.conf.
 */

#include "lib/arena.h"
#include "lib/cgroup_line.h"
#include "lib/clock.h"
#include "lib/err.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/sys.h"
#include "lib/text.h"

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/stat.h>

#define FOLDER "/run/dhcpcd"
#define CONFIG "/run/dhcpcd/pctrun.conf"
#define NAMES  "/run/dhcpcd/names"

/* ------------------------------------------------------------------ starting dhcpcd */

static int open_process(const char *pid, struct err *err)
{
	char path[64];
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%.20s", pid);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? err_set(err, -errno, "open %s", path) : fd;
}

static int enter_network(int process_fd, struct err *err)
{
	cleanup_close int ns_fd = openat(process_fd, "ns/net", O_RDONLY | O_CLOEXEC);

	if (ns_fd < 0 || setns(ns_fd, CLONE_NEWNET) < 0)
		return err_set(err, -errno, "enter the container's network namespace");
	return 0;
}

/* Leases and sockets have names without the container's. What is unmounted on the host is
 * unmounted here, too. */
static int hide_folders(struct err *err)
{
	static const char *const folders[] = {FOLDER, "/var/lib/dhcpcd"};

	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
		return err_set(err, -errno, "make a mount namespace");
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		int r = make_dirs(folders[i], 0755, err);

		if (r < 0)
			return r;
		if (mount("tmpfs", folders[i], "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
			  "mode=755") < 0)
			return err_set(err, -errno, "mount on %s", folders[i]);
	}
	return mkdir(NAMES, 0755) < 0 ? err_set(err, -errno, "make " NAMES) : 0;
}

static int write_config(struct err *err)
{
	cleanup_(text_free) struct text text = {};
	int r = read_to_end(STDIN_FILENO, &text);

	if (r < 0)
		return err_set(err, r, "read the configuration");
	r = file_create(AT_FDCWD, CONFIG, text_str(&text), text.length, 0644);
	return r < 0 ? err_set(err, r, "write " CONFIG) : 0;
}

/* Return: only where it fails. */
static int become_client(const char *pid, char **interfaces)
{
	static char variable[64], self[PATH_MAX];
	const char *argv[64] = {"dhcpcd",     "--nobackground", "--quiet", "--noarp",
				"--noipv4ll", "--config",       CONFIG,    "--script",
				self,         "--env",          variable,  "--"};
	size_t count = 12;
	int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (null_fd < 0 || length < 0)
		return -errno;
	(void)snprintf(variable, sizeof(variable), "pctrun_pid=%.20s", pid);
	while (*interfaces) {
		if (count == ARRAY_SIZE(argv) - 1)
			return -E2BIG;
		argv[count++] = *interfaces++;
	}
	(void)setsid();
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (dup2(null_fd, fd) < 0)
			return -errno;
	(void)execvp(argv[0], (char *const *)argv);
	return -errno;
}

/* The pipe ends without a word when the program runs. */
static int spawn_client(const char *pid, char **interfaces, struct err *err)
{
	int pipe_fds[2], r = 0;
	pid_t child;
	ssize_t n;

	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return err_set(err, -errno, "make a pipe");
	child = fork();
	if (child < 0)
		return err_set(err, -errno, "fork");
	if (child == 0) {
		r = become_client(pid, interfaces);
		(void)write_all(pipe_fds[1], &r, sizeof(r));
		_exit(1);
	}
	close_fd(pipe_fds[1]);
	do
		n = read(pipe_fds[0], &r, sizeof(r));
	while (n < 0 && errno == EINTR);
	if (n == sizeof(r) && r < 0) {
		err_set(err, r, "run dhcpcd");
		err_hint(err, "apt-get install dhcpcd-base");
	}
	close_fd(pipe_fds[0]);
	return r;
}

static int start(char **words, struct err *err)
{
	const char *pid = words[0], *cgroup = words[1];
	cleanup_close int process_fd = open_process(pid, err);
	cleanup_close int cgroup_fd = open(cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r;

	if (process_fd < 0)
		return process_fd;
	if (cgroup_fd < 0)
		return err_set(err, -errno, "open %s", cgroup);
	r = file_write(cgroup_fd, "cgroup.procs", "0");
	if (r < 0)
		return err_set(err, r, "go into %s", cgroup);
	r = enter_network(process_fd, err);
	if (r == 0)
		r = hide_folders(err);
	if (r == 0)
		r = write_config(err);
	return r < 0 ? r : spawn_client(pid, words + 2, err);
}

/* ------------------------------------------------------------------ what dhcpcd tells */

/* Which of an interface's three sources an event is about. */
static const char *source_of(const char *reason)
{
	if (strcmp(reason, "ROUTERADVERT") == 0)
		return "ra";
	return ends_with(reason, "6") ? "dhcp6" : "dhcp";
}

/* "search a b" is one line, "nameserver a" one for each. */
static void add_words(struct text *text, const char *keyword, const char *words, bool one_line)
{
	size_t length;
	const char *word;

	if (one_line) {
		text_addf(text, "%s %s\n", keyword, words);
		return;
	}
	while ((word = next_word(&words, &length)))
		text_addf(text, "%s %.*s\n", keyword, (int)length, word);
}

static void add_variable(struct text *text, const char *keyword, const char *name, bool one_line)
{
	const char *value = getenv(name);

	if (value && *value)
		add_words(text, keyword, value, one_line);
}

/* nd1_rdnss1_servers, nd1_dnssl1_search: RFC 8106, for each router and option. */
static void add_advertised(struct text *text)
{
	for (int router = 1; router < 10; router++)
		for (int option = 1; option < 10; option++) {
			char name[64];

			(void)snprintf(name, sizeof(name), "nd%d_rdnss%d_servers", router, option);
			add_variable(text, "nameserver", name, false);
			(void)snprintf(name, sizeof(name), "nd%d_dnssl%d_search", router, option);
			add_variable(text, "search", name, true);
		}
}

/* A lease that ends has no new values: its file becomes empty. */
static int keep_names(const char *reason, const char *interface)
{
	const char *source = source_of(reason);
	cleanup_(text_free) struct text text = {};
	char path[PATH_MAX];

	if (strcmp(source, "ra") == 0) {
		add_advertised(&text);
	} else if (strcmp(source, "dhcp6") == 0) {
		add_variable(&text, "search", "new_dhcp6_domain_search", true);
		add_variable(&text, "nameserver", "new_dhcp6_name_servers", false);
	} else {
		add_variable(&text, "search",
			     getenv("new_domain_search") ? "new_domain_search" : "new_domain_name",
			     true);
		add_variable(&text, "nameserver", "new_domain_name_servers", false);
	}
	(void)snprintf(path, sizeof(path), NAMES "/%.15s.%s", interface, source);
	return file_replace(AT_FDCWD, path, text_str(&text), text.length, 0644, false, NULL);
}

/* Of all interfaces and sources, in the order of their names. */
static int gather_names(struct arena *arena, struct text *text)
{
	struct dirent **entries;
	int count = scandir(NAMES, &entries, NULL, alphasort);

	if (count < 0)
		return -errno;
	for (int i = 0; i < count; i++) {
		const char *names;

		if (entries[i]->d_name[0] != '.' &&
		    file_read(arena, AT_FDCWD, arena_printf(arena, NAMES "/%s", entries[i]->d_name),
			      0, &names, NULL, NULL) == 0)
			text_add(text, names);
		free(entries[i]);
	}
	free(entries);
	return 0;
}

/* ------------------------------------------------------------------ the container's file */

/* A later process of the same number is in another cgroup than this one's neighbours. */
static bool is_container(struct arena *arena, int process_fd)
{
	const char *own = cgroup_of_process(arena, AT_FDCWD, "/proc/self/cgroup");
	const char *its = cgroup_of_process(arena, process_fd, "cgroup");
	const char *slash = own ? strrchr(own, '/') : NULL;

	return slash && its && slash > own && strncmp(own, its, (size_t)(slash - own) + 1) == 0;
}

static bool is_root_of_host(int root_fd)
{
	struct stat host, its;

	return stat("/", &host) < 0 || fstat(root_fd, &its) < 0 ||
	       (host.st_dev == its.st_dev && host.st_ino == its.st_ino);
}

/* The first lease can be there before the container's process has left the host's files. */
static int open_root(int process_fd)
{
	enum { TRIES = 300, PAUSE_MS = 100 };

	for (int i = 0; i < TRIES; i++) {
		int root_fd = openat(process_fd, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);

		if (root_fd < 0)
			return -errno;
		if (!is_root_of_host(root_fd))
			return root_fd;
		close_fd(root_fd);
		pause_ms(PAUSE_MS);
	}
	return -ETIMEDOUT;
}

/* A link is of a resolver in the container, which looks after the names itself. */
static bool is_ours(int etc_fd)
{
	struct stat st;

	if (faccessat(etc_fd, ".pve-ignore.resolv.conf", F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return false;
	return fstatat(etc_fd, "resolv.conf", &st, AT_SYMLINK_NOFOLLOW) < 0 || S_ISREG(st.st_mode);
}

/* As the container's root, who may write no more than in there. */
static int write_resolv_conf(int root_fd, const struct text *text)
{
	cleanup_close int etc_fd =
		sys_open_in_root(root_fd, "etc", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	struct stat st;

	if (etc_fd < 0 || fstat(root_fd, &st) < 0 || !is_ours(etc_fd))
		return 0;
	if (setgroups(0, NULL) < 0)
		return -errno;
	(void)setfsgid(st.st_gid);
	(void)setfsuid(st.st_uid);
	return file_replace(etc_fd, "resolv.conf", text_str(text), text->length, 0644, false, NULL);
}

static int hear(const char *reason)
{
	const char *interface = getenv("interface"), *pid = getenv("pctrun_pid");
	cleanup_(arena_free) struct arena arena = {};
	cleanup_(text_free) struct text text = {};
	cleanup_close int process_fd = pid ? open_process(pid, NULL) : -ESRCH;
	cleanup_close int root_fd = -EBADF;
	int r;

	if (!interface || strchr(interface, '/') || process_fd < 0 ||
	    !is_container(&arena, process_fd))
		return -ESRCH;
	r = keep_names(reason, interface);
	if (r == 0)
		r = gather_names(&arena, &text);
	if (r < 0 || !strstr(text_str(&text), "nameserver"))
		return r;
	root_fd = open_root(process_fd);
	return root_fd < 0 ? root_fd : write_resolv_conf(root_fd, &text);
}

int main(int argc, char **argv)
{
	const char *reason = getenv("reason");
	struct err err = {};
	int r;

	if (reason && argc == 1)
		return hear(reason) < 0;
	if (argc < 4) {
		(void)printf("usage: pctrun-dhcp PID CGROUP INTERFACE...\n");
		return EINVAL;
	}
	r = start(argv + 1, &err);
	if (r < 0)
		(void)printf("%s\n%s\n", err.what, err.hint);
	return -r;
}
