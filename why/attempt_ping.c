#include "why/attempt.h"

#include "lib/own.h"
#include "why/action.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/*
 * An echo that is answered: RFC 792, RFC 4443. The calls are ping(8)'s: behind setsockopt(2) only
 * write(2) and read(2), which no filter has anything against.
 */

enum { OTHERS_MAX = 1000 }; /* packets of others: whoever sends them mustn't keep us for long */

struct echo {
	uint8_t type, code;
	uint16_t checksum, id, sequence;
	struct timespec mark; /* by which its answer is told from others' */
};

/* Else it is told of few errors: icmp(7) and the kernel's icmp_err_convert[].fatal. */
static void hear_all(int fd, int family)
{
	const int on = 1;

	if (family == AF_INET6)
		(void)setsockopt(fd, SOL_IPV6, IPV6_RECVERR, &on, sizeof(on));
	else
		(void)setsockopt(fd, SOL_IP, IP_RECVERR, &on, sizeof(on));
}

int attempt_ping_socket(const struct action *action)
{
	const int family = action->address.ss_family;
	int fd = socket(family, SOCK_RAW | SOCK_CLOEXEC, action->protocol);

	if (fd < 0 && errno == EPERM) {
		fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, action->protocol);
		errno = EPERM; /* is why there is none */
	}
	if (fd >= 0)
		hear_all(fd, family);
	return fd;
}

/* RFC 1071; the kernel does it for IPv6. */
static uint16_t checksum(const struct echo *echo)
{
	uint16_t words[sizeof(*echo) / sizeof(uint16_t)];
	uint32_t sum = 0;

	memcpy(words, echo, sizeof(words));
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		sum += words[i];
	sum = (sum >> 16) + (sum & 0xffff);
	return (uint16_t) ~(sum + (sum >> 16));
}

/* A raw socket's packets of IPv4 have that header before them, of which no answer has the first
 * byte. */
static bool is_answer(const unsigned char *packet, size_t size, const struct echo *sent)
{
	const uint8_t type = sent->type == ICMP_ECHO ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY;
	size_t at = sent->type == ICMP_ECHO && packet[0] >> 4 == 4 ? (packet[0] & 15) * 4U : 0;
	struct echo echo;

	if (at + sizeof(echo) > size)
		return false;
	memcpy(&echo, packet + at, sizeof(echo));
	return echo.type == type && memcmp(&echo.mark, &sent->mark, sizeof(echo.mark)) == 0;
}

int attempt_ping(int fd, const struct action *action)
{
	struct echo echo = {.type = action->icmp_type};
	unsigned char packet[256];

	(void)clock_gettime(CLOCK_MONOTONIC, &echo.mark);
	/* None that a firewall knows from a ping before: it is asked about the first packet. */
	echo.id = (uint16_t)(echo.mark.tv_sec * 1000 + echo.mark.tv_nsec / 1000000);
	echo.checksum = checksum(&echo);
	if (write(fd, &echo, sizeof(echo)) < 0)
		return errno;
	for (int i = 0; i < OTHERS_MAX; i++) {
		ssize_t n = read(fd, packet, sizeof(packet));

		if (n < 0)
			return errno == EINTR ? ETIMEDOUT : errno;
		if (n > 0 && is_answer(packet, (size_t)n, &echo))
			return 0;
	}
	return UNDECIDED;
}
