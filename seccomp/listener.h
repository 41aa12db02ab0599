#pragma once

#include <stddef.h>

struct err;

/*
 * The spec's protocol of linux.seccomp.listenerPath (config-linux.md, "The container process
 * state"): one message of JSON with the notify descriptor on a stream socket.
 *
 * The host connects before the process exists and writes the message when it knows the process'
 * number, into memory that both sides have; the process sends it with what seccomp(2) gave it.
 */

enum { LISTENER_MESSAGE_SIZE = 16384 };

struct listener_message {
	size_t length;
	char text[LISTENER_MESSAGE_SIZE];
};

/** listener_message_read() - what a start has left in @memory_fd. Return: 0; -ENODATA: nothing. */
int listener_message_read(int memory_fd, struct listener_message *message, struct err *err);

/** listener_send() - one sendmsg(2), nothing else: the filter is loaded. Closes @notify_fd. */
int listener_send(int socket_fd, const struct listener_message *message, int notify_fd,
		  struct err *err);
