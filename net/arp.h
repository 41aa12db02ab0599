#pragma once

#include "net/hwaddr.h"

#include <netinet/in.h>

struct err;

/*
 * Who has an IPv4 address on an Ethernet: asked as in RFC 5227, by probes, which name no address of
 * the sender's and so change nobody's mind.
 */

/**
 * arp_open() - a socket for questions and answers at all interfaces of a network namespace
 * @netns_fd: /proc/PID/ns/net; borrowed
 *
 * Return: a descriptor that doesn't block, or a negative errno.
 */
int arp_open(int netns_fd, struct err *err);

/** arp_probe() - ask at the interface @index, whose address is @hwaddr. 0 or a negative errno */
int arp_probe(int fd, int index, const uint8_t hwaddr[HWADDR_BYTES], struct in_addr address);

/** struct arp_answer - somebody at the interface @index says that he has @address */
struct arp_answer {
	int index;
	struct in_addr address;
	uint8_t hwaddr[HWADDR_BYTES];
};

/** arp_read() - the next one.
 * Return: 0; -ENOMSG: what came is none, or was sent from here; -EAGAIN: nothing has come; another
 * negative errno. */
int arp_read(int fd, struct arp_answer *answer);
