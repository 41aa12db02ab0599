#include "net/rtnl.h"

#include "tests/unit/apart.h"

#include <criterion/criterion.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/socket.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LOOPBACK = 1 };

/* What its root could send to somebody who asks the kernel in there. */
static bool send_to(uint32_t port, uint16_t type, uint16_t flags)
{
	const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	const struct sockaddr_nl to = {.nl_family = AF_NETLINK, .nl_pid = port};
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
	} message = {.header = {sizeof(message), type, flags, 0, 0}, .error = {.error = -EPERM}};

	return fd >= 0 && sendto(fd, &message, sizeof(message), 0, (const struct sockaddr *)&to,
				 sizeof(to)) == sizeof(message);
}

static bool is_up(void)
{
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = {.ifr_name = "lo"};

	return ioctl(fd, SIOCGIFFLAGS, &request) == 0 && request.ifr_flags & IFF_UP;
}

static int ask_among_others(void)
{
	static const struct {
		uint16_t type, flags;
	} others[] = {{RTM_NEWADDR, NLM_F_MULTI}, {NLMSG_ERROR, 0}, {NLMSG_DONE, NLM_F_MULTI}};
	struct nl_sock *sock;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return NO_NAMESPACES;
	(void)alarm(60); /* for an answer that never comes */
	if (rtnl_open(&sock, NULL) < 0)
		return WRONG;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (!send_to(nl_socket_get_local_port(sock), others[i].type, others[i].flags))
			return WRONG;
	return rtnl_up(sock, LOOPBACK) == 0 && is_up() && rtnl_up(sock, 1000) == -ENODEV ? FINE
											 : WRONG;
}

Test(rtnl, the_kernel_alone_is_heard)
{
	run_apart(ask_among_others);
}
