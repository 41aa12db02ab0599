#include "lib/own.h"
#include "lib/run.h"
#include "lib/sys.h"
#include "ns/stdio.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

enum { STDIO_COUNT = 3, NULL_MAJOR = 1, NULL_MINOR = 3 };

/* Whether any of the three is a null device other than the container's own. */
int stdio_observe(const struct step *step, struct run *run, struct observation *seen,
		  struct err *err)
{
	cleanup_close int own_fd = sys_open_in_root(run->root_fd, "/dev/null", O_PATH, 0);
	struct stat own, st;
	char name[16];

	if (own_fd < 0 || fstat(own_fd, &own) < 0)
		return observe(seen, OBSERVED_UNSEEN, "the container has no /dev/null");
	for (int fd = 0; fd < STDIO_COUNT; fd++) {
		(void)snprintf(name, sizeof(name), "fd/%d", fd);
		if (fstatat(run->pid_dir_fd, name, &st, 0) < 0 || !S_ISCHR(st.st_mode) ||
		    st.st_rdev != makedev(NULL_MAJOR, NULL_MINOR))
			continue;
		if (st.st_dev != own.st_dev || st.st_ino != own.st_ino)
			return observe(seen, OBSERVED_DIFFERS,
				       "descriptor %d is another null device than its own", fd);
	}
	return observe(seen, OBSERVED_HOLDS, "no null device but its own");
}
