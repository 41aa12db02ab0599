#include "net/netns.h"

#include "lib/err.h"
#include "lib/own.h"

#include <fcntl.h>
#include <sched.h>

int netns_do(int netns_fd, int (*what)(void *data, struct err *err), void *data, struct err *err)
{
	cleanup_close int ours = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	int r;

	if (ours < 0)
		return err_set(err, -errno, "open our network namespace");
	if (setns(netns_fd, CLONE_NEWNET) < 0)
		return err_set(err, -errno, "enter the network namespace");
	r = what(data, err);
	if (setns(ours, CLONE_NEWNET) < 0)
		return err_set(err, -errno, "go back to our network namespace");
	return r;
}
