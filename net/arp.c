#include "net/arp.h"

#include "lib/err.h"
#include "lib/own.h"
#include "net/netns.h"

#include <net/if_arp.h>
#include <netinet/if_ether.h>
#include <netpacket/packet.h>
#include <string.h>
#include <sys/socket.h>

static int open_there(void *data, struct err *err)
{
	int *fd = data;

	*fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(ETH_P_ARP));
	return *fd < 0 ? err_set(err, -errno, "open a packet socket") : 0;
}

int arp_open(int netns_fd, struct err *err)
{
	int fd = -EBADF;
	int r = netns_do(netns_fd, open_there, &fd, err);

	if (r < 0)
		close_fd(fd);
	return r < 0 ? r : fd;
}

int arp_probe(int fd, int index, const uint8_t hwaddr[HWADDR_BYTES], struct in_addr address)
{
	const struct sockaddr_ll everybody = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ARP),
		.sll_ifindex = index,
		.sll_halen = HWADDR_BYTES,
		.sll_addr = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
	};
	struct ether_arp question = {
		.ea_hdr = {.ar_hrd = htons(ARPHRD_ETHER),
			   .ar_pro = htons(ETH_P_IP),
			   .ar_hln = HWADDR_BYTES,
			   .ar_pln = sizeof(address),
			   .ar_op = htons(ARPOP_REQUEST)},
	};

	memcpy(question.arp_sha, hwaddr, HWADDR_BYTES);
	memcpy(question.arp_tpa, &address, sizeof(address));
	return sendto(fd, &question, sizeof(question), 0, (const struct sockaddr *)&everybody,
		      sizeof(everybody)) < 0
		       ? -errno
		       : 0;
}

/* Whoever asks for something says what he has as well. */
static bool says_who(const struct ether_arp *arp, const struct sockaddr_ll *from)
{
	static const struct in_addr nobody;

	return from->sll_pkttype != PACKET_OUTGOING && arp->arp_hrd == htons(ARPHRD_ETHER) &&
	       arp->arp_pro == htons(ETH_P_IP) && arp->arp_hln == HWADDR_BYTES &&
	       arp->arp_pln == sizeof(nobody) && memcmp(arp->arp_spa, &nobody, sizeof(nobody)) != 0;
}

int arp_read(int fd, struct arp_answer *answer)
{
	struct sockaddr_ll from = {};
	socklen_t size = sizeof(from);
	struct ether_arp arp;
	ssize_t n = recvfrom(fd, &arp, sizeof(arp), 0, (struct sockaddr *)&from, &size);

	if (n < 0)
		return -errno;
	if (n < (ssize_t)sizeof(arp) || !says_who(&arp, &from))
		return -ENOMSG;
	answer->index = from.sll_ifindex;
	memcpy(&answer->address, arp.arp_spa, sizeof(answer->address));
	memcpy(answer->hwaddr, arp.arp_sha, HWADDR_BYTES);
	return 0;
}
