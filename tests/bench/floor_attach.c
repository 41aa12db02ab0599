/*
 * What attaching a container to a bridge costs the kernel: floor_attach BRIDGE ROUNDS makes a veth
 * by one message, its other end in a new network namespace, where address, interface and default
 * route are set up, sets the host's end up without IPv6, and takes it back. A line for each round:
 * microseconds on the host's side and on the container's. No library but libc, one static program.
 */

#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define HOST_NAME "floor0"
#define NAME      "eth0"

struct message {
	struct nlmsghdr header;
	char room[512];
};

static double now_us(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		err(1, "clock");
	return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

static int open_route(void)
{
	const struct sockaddr_nl self = {.nl_family = AF_NETLINK};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&self, sizeof(self)) < 0)
		err(1, "netlink");
	return fd;
}

static void begin(struct message *message, int type, int flags, const void *body, size_t length)
{
	*message = (struct message){
		.header = {
			.nlmsg_len = NLMSG_LENGTH(length),
			.nlmsg_type = (uint16_t)type,
			.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags),
		}};
	memcpy(NLMSG_DATA(&message->header), body, length);
}

static struct rtattr *put(struct message *message, int type, const void *data, size_t length)
{
	struct rtattr *attr =
		(struct rtattr *)((char *)message + NLMSG_ALIGN(message->header.nlmsg_len));

	attr->rta_type = (uint16_t)type;
	attr->rta_len = (uint16_t)RTA_LENGTH(length);
	if (length)
		memcpy(RTA_DATA(attr), data, length);
	message->header.nlmsg_len =
		NLMSG_ALIGN(message->header.nlmsg_len) + (uint32_t)RTA_ALIGN(attr->rta_len);
	return attr;
}

static void end(struct message *message, struct rtattr *nest)
{
	nest->rta_len = (uint16_t)((char *)message + message->header.nlmsg_len - (char *)nest);
}

static void send_message(int fd, struct message *message)
{
	char answer[1024];
	const struct nlmsgerr *error = NLMSG_DATA((struct nlmsghdr *)answer);

	if (send(fd, message, message->header.nlmsg_len, 0) < 0 ||
	    recv(fd, answer, sizeof(answer), 0) < 0)
		err(1, "message %d", message->header.nlmsg_type);
	if (error->error)
		errx(1, "message %d: %s", message->header.nlmsg_type, strerror(-error->error));
}

static void make_pair(int fd, int bridge, pid_t pid)
{
	static const unsigned char hwaddr[6] = {0xfe, 0x24, 0x11, 0, 0, 9};
	static const unsigned char inner[6] = {0xbc, 0x24, 0x11, 0, 0, 9};
	const struct ifinfomsg link = {}, peer = {};
	const uint32_t mtu = 1500;
	struct rtattr *info, *data, *other;
	struct message message;

	begin(&message, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &link, sizeof(link));
	put(&message, IFLA_IFNAME, HOST_NAME, sizeof(HOST_NAME));
	put(&message, IFLA_ADDRESS, hwaddr, sizeof(hwaddr));
	put(&message, IFLA_MTU, &mtu, sizeof(mtu));
	put(&message, IFLA_MASTER, &bridge, sizeof(bridge));
	info = put(&message, IFLA_LINKINFO, NULL, 0);
	put(&message, IFLA_INFO_KIND, "veth", 4);
	data = put(&message, IFLA_INFO_DATA, NULL, 0);
	other = put(&message, VETH_INFO_PEER, &peer, sizeof(peer));
	put(&message, IFLA_IFNAME, NAME, sizeof(NAME));
	put(&message, IFLA_ADDRESS, inner, sizeof(inner));
	put(&message, IFLA_MTU, &mtu, sizeof(mtu));
	put(&message, IFLA_NET_NS_PID, &pid, sizeof(pid));
	end(&message, other);
	end(&message, data);
	end(&message, info);
	send_message(fd, &message);
}

static void set_up(int fd, int index)
{
	const struct ifinfomsg link = {
		.ifi_index = index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};
	struct message message;

	begin(&message, RTM_NEWLINK, 0, &link, sizeof(link));
	send_message(fd, &message);
}

/* Absent where the kernel has no IPv6. */
static void disable_ipv6(void)
{
	int fd = open("/proc/sys/net/ipv6/conf/" HOST_NAME "/disable_ipv6", O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, "1", 1) != 1)
		err(1, "disable_ipv6");
	close(fd);
}

static void add_address(int fd, int index)
{
	const struct ifaddrmsg address = {
		.ifa_family = AF_INET, .ifa_prefixlen = 24, .ifa_index = (unsigned int)index};
	const uint32_t local = htonl(0x0a5a0002);
	struct message message;

	begin(&message, RTM_NEWADDR, NLM_F_CREATE, &address, sizeof(address));
	put(&message, IFA_LOCAL, &local, sizeof(local));
	send_message(fd, &message);
}

static void add_route(int fd, int index)
{
	const struct rtmsg route = {
		.rtm_family = AF_INET,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = RT_SCOPE_UNIVERSE,
		.rtm_type = RTN_UNICAST,
		.rtm_flags = RTNH_F_ONLINK,
	};
	const uint32_t gateway = htonl(0x0a5a0001);
	struct message message;

	begin(&message, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, &route, sizeof(route));
	put(&message, RTA_GATEWAY, &gateway, sizeof(gateway));
	put(&message, RTA_OIF, &index, sizeof(index));
	send_message(fd, &message);
}

/* The container's side: in a namespace of its own, waits until the pair is there. */
static void inside(int ready_fd, int go_fd, int took_fd)
{
	double start, took;
	char byte = 0;
	int fd, index;

	if (unshare(CLONE_NEWNET) < 0 || write(ready_fd, &byte, 1) != 1 ||
	    read(go_fd, &byte, 1) != 1)
		err(1, "the container's side");
	start = now_us();
	index = (int)if_nametoindex(NAME);
	fd = open_route();
	add_address(fd, index);
	set_up(fd, index);
	add_route(fd, index);
	close(fd);
	took = now_us() - start;
	if (write(took_fd, &took, sizeof(took)) != sizeof(took))
		err(1, "report");
	_exit(0);
}

static void one_round(const char *bridge)
{
	int ready[2], go[2], report[2], fd;
	double start, took, inner;
	char byte = 0;
	pid_t pid;

	if (pipe(ready) < 0 || pipe(go) < 0 || pipe(report) < 0)
		err(1, "pipe");
	pid = fork();
	if (pid == 0)
		inside(ready[1], go[0], report[1]);
	if (pid < 0 || read(ready[0], &byte, 1) != 1)
		err(1, "fork");
	start = now_us();
	fd = open_route();
	make_pair(fd, (int)if_nametoindex(bridge), pid);
	disable_ipv6();
	set_up(fd, (int)if_nametoindex(HOST_NAME));
	close(fd);
	took = now_us() - start;
	if (write(go[1], &byte, 1) != 1 ||
	    read(report[0], &inner, sizeof(inner)) != sizeof(inner) || waitpid(pid, NULL, 0) != pid)
		err(1, "the container's side");
	(void)printf("%.0f %.0f\n", took, inner);
	for (size_t i = 0; i < 2; i++) {
		close(ready[i]);
		close(go[i]);
		close(report[i]);
	}
	while (if_nametoindex(HOST_NAME)) /* it goes with the namespace, a moment later */
		(void)usleep(1000);
}

int main(int argc, char **argv)
{
	if (argc != 3)
		errx(2, "usage: floor_attach BRIDGE ROUNDS");
	for (int left = atoi(argv[2]); left > 0; left--)
		one_round(argv[1]);
	return 0;
}
