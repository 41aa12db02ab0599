#include "lib/msg.h"

#include "lib/own.h"

#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

int msg_pair(int pair[2])
{
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0 ? -errno : 0;
}

int msg_send(int socket_fd, const void *data, size_t length, const int *fds, size_t count)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(MSG_FDS_MAX * sizeof(int))] = {};
	struct iovec iov = {.iov_base = (void *)data, .iov_len = length};
	struct msghdr header = {.msg_iov = &iov, .msg_iovlen = 1};
	struct cmsghdr *message;
	ssize_t n;

	if (count > MSG_FDS_MAX)
		return -E2BIG;
	if (count > 0) {
		header.msg_control = control;
		header.msg_controllen = CMSG_SPACE(count * sizeof(int));
		message = CMSG_FIRSTHDR(&header);
		message->cmsg_level = SOL_SOCKET;
		message->cmsg_type = SCM_RIGHTS;
		message->cmsg_len = CMSG_LEN(count * sizeof(int));
		memcpy(CMSG_DATA(message), fds, count * sizeof(int));
	}
	do
		n = sendmsg(socket_fd, &header, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

static void take_fds(struct msghdr *header, int *fds, size_t *count)
{
	size_t got = 0;

	for (struct cmsghdr *message = CMSG_FIRSTHDR(header); message;
	     message = CMSG_NXTHDR(header, message)) {
		size_t number = (message->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		const unsigned char *data = CMSG_DATA(message);

		if (message->cmsg_level != SOL_SOCKET || message->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < number; i++) {
			int fd;

			memcpy(&fd, data + i * sizeof(int), sizeof(fd));
			if (fds && got < MSG_FDS_MAX)
				fds[got++] = fd;
			else
				close_fd(fd);
		}
	}
	if (count)
		*count = got;
}

ssize_t msg_receive(int socket_fd, void *data, size_t size, int *fds, size_t *count)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(MSG_FDS_MAX * sizeof(int))];
	struct iovec iov = {.iov_base = data, .iov_len = size};
	struct msghdr header = {.msg_iov = &iov,
				.msg_iovlen = 1,
				.msg_control = control,
				.msg_controllen = sizeof(control)};
	ssize_t n;

	do
		n = recvmsg(socket_fd, &header, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	take_fds(&header, fds, count);
	return n;
}

/*
 * An address has room for 107 characters: reach a longer path through a descriptor of its folder.
 * The folder stays open until the address was used.
 */
static int address_of(const char *path, struct sockaddr_un *address, int *folder_fd)
{
	char folder[PATH_MAX], name[PATH_MAX];
	int n;

	address->sun_family = AF_UNIX;
	if (strlen(path) < sizeof(address->sun_path)) {
		(void)snprintf(address->sun_path, sizeof(address->sun_path), "%s", path);
		return 0;
	}
	if (strlen(path) >= sizeof(folder))
		return -ENAMETOOLONG;
	(void)snprintf(folder, sizeof(folder), "%s", path);
	(void)snprintf(name, sizeof(name), "%s", path);
	*folder_fd = open(dirname(folder), O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*folder_fd < 0)
		return -errno;
	n = snprintf(address->sun_path, sizeof(address->sun_path), "/proc/self/fd/%d/%s",
		     *folder_fd, basename(name));
	return (size_t)n < sizeof(address->sun_path) ? 0 : -ENAMETOOLONG;
}

/* A socket for @path. Return: the descriptor, the caller's */
static int socket_for(const char *path, int type, struct sockaddr_un *address, int *folder_fd)
{
	const int r = address_of(path, address, folder_fd);
	int fd;

	if (r < 0)
		return r;
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	return fd < 0 ? -errno : fd;
}

int unix_connect(const char *path, int type)
{
	cleanup_close int folder_fd = -EBADF;
	struct sockaddr_un address = {};
	cleanup_close int fd = socket_for(path, type, &address, &folder_fd);

	if (fd < 0)
		return fd;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	return take_fd(&fd);
}

int unix_listen(const char *path, int type, mode_t mode)
{
	cleanup_close int folder_fd = -EBADF;
	struct sockaddr_un address = {};
	cleanup_close int fd = socket_for(path, type, &address, &folder_fd);
	mode_t mask;
	int r;

	if (fd < 0)
		return fd;
	mask = umask(~mode & 0777);
	r = bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? -errno : 0;
	(void)umask(mask);
	if (r < 0)
		return r;
	if (type != SOCK_DGRAM && listen(fd, 16) < 0)
		return -errno;
	return take_fd(&fd);
}
