#include "why/runner.h"

#include "debug/isolation.h"
#include "lib/host.h"
#include "lib/own.h"
#include "lib/text.h"
#include "why/lookup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* What is busy for us is so for everybody; nothing is written. */
static bool own_may_be_written(void)
{
	cleanup_close int fd = open("/proc/self/exe", O_WRONLY | O_CLOEXEC);

	return fd >= 0;
}

/* One that has ended has no program any more, and the kernel's own threads never had one. Who
 * serves the file system that one is on isn't asked: he need not answer. */
static void look_at(pid_t pid, const struct place *object, struct runner *runner)
{
	char path[64];
	struct statx st;

	(void)snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	if (statx(AT_FDCWD, path, AT_STATX_DONT_SYNC, STATX_INO, &st) < 0)
		runner->all_seen &= errno == ENOENT || errno == ESRCH;
	else if (makedev(st.stx_dev_major, st.stx_dev_minor) == object->on &&
		 st.stx_ino == object->inode)
		runner->pid = pid;
}

void runner_look(const struct isolation *isolation, const struct place *object,
		 struct runner *runner)
{
	const struct dirent *entry;
	DIR *dir = opendir("/proc");
	unsigned int pid;

	*runner = (struct runner){.asked = true};
	/* hidepid hides those of others without a word. */
	runner->all_seen = dir && !isolation->host->ordinary && host_has_all_processes();
	while (dir && !runner->pid && (entry = readdir(dir)))
		if (parse_u32(entry->d_name, &pid) == 0 && (pid_t)pid != getpid())
			look_at((pid_t)pid, object, runner);
	if (dir)
		(void)closedir(dir);
	runner->allowed = runner->pid && own_may_be_written();
}
