#include "debug/probe_parts.h"

#include "lib/err.h"
#include "lib/worker.h"
#include "net/rate.h"
#include "net/rtnl.h"

#include <errno.h>
#include <sched.h>

enum { LOOPBACK_INDEX = 1, SOME_RATE = 1024 * 1024 };

/* A network of the process' own, which goes with it; who may not make one may do so in a user
 * namespace, with the same kernel. */
static int leave_network(struct err *err)
{
	int r = unshare(CLONE_NEWNET) < 0 ? -errno : 0;

	if (r == -EPERM)
		r = unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0 ? -errno : 0;
	return r < 0 ? err_sys(err, r, "unshare", "make a network namespace") : 0;
}

/* Its loopback interface is used by nobody. */
static int limit_loopback(void *data, struct err *err)
{
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	int r = leave_network(err);

	if (r == 0)
		r = rtnl_open(&sock, err);
	return r < 0 ? r : rate_limit(sock, LOOPBACK_INDEX, SOME_RATE, err);
}

/* Modules that a kernel lacks are known by asking for them alone, which loads them where it has
 * them. */
int probe_rate(const struct probing *probing, struct text *text)
{
	struct err err = {};

	if (worker_run(limit_loopback, NULL, &err) < 0)
		return probe_failed(text, &err);
	text_add(text, "an interface was limited both ways");
	return 0;
}
