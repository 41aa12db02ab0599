#include "runtime/pidfile.h"

#include "lib/err.h"
#include "lib/file.h"
#include "lib/msg.h"
#include "lib/own.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

int pid_file_write(const char *path, pid_t pid, struct err *err)
{
	char digits[16];
	int r;

	(void)snprintf(digits, sizeof(digits), "%d", (int)pid);
	r = file_replace(AT_FDCWD, path, digits, strlen(digits), 0644, false, err);
	if (r < 0)
		err_add(err, "pid file");
	return r;
}

int pidfd_send(const char *path, const char *kind, int pid_fd, struct err *err)
{
	cleanup_close int socket_fd = unix_connect(path, SOCK_STREAM);
	int r = socket_fd;

	if (r >= 0)
		r = msg_send(socket_fd, kind, strlen(kind), &pid_fd, 1);
	return r < 0 ? err_set(err, r, "send the pidfd to %s", path) : 0;
}
