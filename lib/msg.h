#pragma once

#include <stddef.h>
#include <sys/types.h>

struct err;

/*
 * Datagrams with descriptors over SOCK_SEQPACKET: how the two sides of a start talk, and the only
 * way a descriptor crosses processes. What is received is O_CLOEXEC.
 */

#define MSG_FDS_MAX 16

/** msg_pair() - two ends of one SOCK_SEQPACKET, the caller's. Return: 0 or a negative errno. */
int msg_pair(int pair[2]);

/** msg_send() - one datagram with @count descriptors, which stay the caller's. */
int msg_send(int socket_fd, const void *data, size_t length, const int *fds, size_t count);

/**
 * msg_receive() - one datagram
 * @fds: room for MSG_FDS_MAX, or NULL: then descriptors that come are closed
 * Return: its length, 0 when the other side is gone, or a negative errno.
 */
ssize_t msg_receive(int socket_fd, void *data, size_t size, int *fds, size_t *count);

/** unix_connect() / unix_listen() - a path of any length (sun_path's limit is worked around). */
int unix_connect(const char *path, int type);
int unix_listen(const char *path, int type, mode_t mode);
