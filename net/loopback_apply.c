#include "lib/err.h"
#include "lib/json.h"
#include "lib/run.h"
#include "lib/text.h"
#include "net/net.h"
#include "net/rtnl.h"

#include <net/if.h>
#include <netlink/route/link.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* The kernel makes lo first of all in a new network namespace, always with this number. */
enum { LOOPBACK_INDEX = 1 };

static void loopback_describe(const struct step *step, struct text *text)
{
	text_add(text, "lo up");
}

static void loopback_write(const struct step *step, struct json_out *out)
{
	json_out_string(out, "name", "lo");
}

/* One flag: netdevice(7) does it in three calls, where a netlink socket takes ten. */
static int loopback_apply(const struct step *step, struct run *run, struct err *err)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	cleanup_close int fd =
		socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0); /* any family will do */

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) < 0)
		return err_set(err, -errno, "set lo up");
	return 0;
}

static int loopback_observe(const struct step *step, struct run *run, struct observation *seen,
			    struct err *err)
{
	cleanup_(rtnl_close) struct nl_sock *sock = NULL;
	struct rtnl_link *link = NULL;
	unsigned int flags;
	int r = rtnl_open_in(run->netns_fd, &sock, err);

	if (r == -EPERM) {
		err_clear(err);
		return observe(seen, OBSERVED_UNSEEN, "an ordinary user can't enter the network");
	}
	if (r < 0)
		return r;
	r = rtnl_errno(rtnl_link_get_kernel(sock, LOOPBACK_INDEX, NULL, &link));
	if (r < 0)
		return err_set(err, r, "look at lo");
	flags = rtnl_link_get_flags(link);
	rtnl_link_put(link);
	return flags & IFF_UP ? observe(seen, OBSERVED_HOLDS, "lo is up")
			      : observe(seen, OBSERVED_DIFFERS, "lo is down");
}

const struct step_kind loopback_kind = {
	.name = "net.loopback",
	.describe = loopback_describe,
	.write = loopback_write,
	.apply = loopback_apply,
	.observe = loopback_observe,
};
