#include "lib/flock.h"

#include "lib/clock.h"

#include <errno.h>
#include <sys/file.h>

enum { PAUSE_MS = 5 };

/* It has no time limit of its own, and an alarm would be the whole program's: ask again. */
int flock_wait(int fd, int64_t deadline)
{
	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -errno;
		if (deadline_left(deadline) == 0)
			return -ETIMEDOUT;
		pause_ms(PAUSE_MS);
	}
	return 0;
}
