/*
 * spy NAME: looks for processes called NAME that appear in its pid namespace, until it gets a
 * SIGTERM, and tries to get at what they have: their program, memory, environment, root, working
 * directory, descriptors, and to trace them (CVE-2016-9962, CVE-2016-8649). Prints a line for each
 * success; at the end how many processes it saw.
 */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t done;

static void stop(int signal)
{
	done = 1;
}

/* comm changes at execve: what was opened before it still had that name was the runtime's. */
static int is_called(const char *pid, const char *name)
{
	char path[300], comm[32] = "";
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (fgets(comm, sizeof(comm), file))
		comm[strcspn(comm, "\n")] = '\0';
	(void)fclose(file);
	return strcmp(comm, name) == 0;
}

static void try_open(const char *pid, const char *name, const char *what, int flags)
{
	char path[600];
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%s/%s", pid, what);
	fd = open(path, flags | O_CLOEXEC);
	if (fd >= 0 && is_called(pid, name))
		(void)printf("got %s\n", what);
	if (fd >= 0)
		(void)close(fd);
}

static void try_fds(const char *pid, const char *name)
{
	struct dirent *entry;
	char path[300];
	DIR *dir;

	(void)snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		(void)snprintf(path, sizeof(path), "fd/%s", entry->d_name);
		if (isdigit(*entry->d_name))
			try_open(pid, name, path, O_PATH);
	}
	if (dir)
		(void)closedir(dir);
}

/* By a child: what it traces is free again at its end. */
static void try_trace(const char *pid, const char *name)
{
	const pid_t child = fork();

	if (child == 0) {
		if (ptrace(PTRACE_SEIZE, (pid_t)strtol(pid, NULL, 10), NULL, NULL) == 0 &&
		    is_called(pid, name))
			(void)printf("got to trace it\n");
		(void)fflush(stdout);
		_exit(0);
	}
	(void)waitpid(child, NULL, 0);
}

static void attack(const char *pid, const char *name)
{
	try_open(pid, name, "exe", O_RDONLY);
	try_open(pid, name, "mem", O_RDWR);
	try_open(pid, name, "environ", O_RDONLY);
	try_open(pid, name, "root", O_PATH);
	try_open(pid, name, "cwd", O_PATH);
	try_fds(pid, name);
	try_trace(pid, name);
}

static int look(const char *name)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	int seen = 0;

	while (proc && (entry = readdir(proc))) {
		if (!isdigit(*entry->d_name) || !is_called(entry->d_name, name))
			continue;
		attack(entry->d_name, name);
		seen++;
	}
	if (proc)
		(void)closedir(proc);
	return seen;
}

int main(int argc, char **argv)
{
	int seen = 0;

	if (argc != 2)
		return 2;
	(void)signal(SIGTERM, stop);
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	(void)printf("looking\n");
	while (!done)
		seen += look(argv[1]);
	(void)printf("seen %d\n", seen);
	return 0;
}
