#include "runtime/readiness.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/list.h"
#include "lib/notify.h"
#include "lib/own.h"
#include "lib/sys.h"
#include "oci/spec.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define FOLDER_INSIDE "/run/notify"
#define SOCKET_NAME   "notify.sock"
#define VARIABLE      "NOTIFY_SOCKET="

enum { MESSAGE_ROOM = 4096 };

static void add_mount(struct arena *arena, struct oci_spec *spec, const char *folder)
{
	static const char *options[] = {"bind", "ro", "nosuid", "nodev", "noexec"};

	*list_extend(arena, &spec->mounts) = (struct oci_mount){
		.destination = FOLDER_INSIDE,
		.type = "bind",
		.source = folder,
		.options = {ARRAY_SIZE(options), options},
	};
}

static bool has_variable(const struct oci_strings *env)
{
	for (size_t i = 0; i < env->count; i++)
		if (strncmp(env->items[i], VARIABLE, strlen(VARIABLE)) == 0)
			return true;
	return false;
}

void readiness_add(struct arena *arena, struct oci_spec *spec, const char *folder)
{
	if (!spec->process || has_variable(&spec->process->env))
		return;
	*list_extend(arena, &spec->process->env) = VARIABLE FOLDER_INSIDE "/" SOCKET_NAME;
	add_mount(arena, spec, folder);
}

/* The program's user, whoever it is, may send; others can't get to the folder. */
static int bind_in(int folder_fd, int socket_fd)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/" SOCKET_NAME,
		       folder_fd);
	(void)unlinkat(folder_fd, SOCKET_NAME, 0); /* of who created it, and is gone */
	if (bind(socket_fd, (const struct sockaddr *)&address, sizeof(address)) < 0 ||
	    fchmodat(folder_fd, SOCKET_NAME, 0666, 0) < 0)
		return -errno;
	return 0;
}

int readiness_open(int state_fd, bool make, int *socket_fd, struct err *err)
{
	cleanup_close int folder_fd = -EBADF, fd = -EBADF;
	int r;

	if (make && (mkdirat(state_fd, "notify", 0755) < 0 ||
		     fchmodat(state_fd, "notify", 0755, 0) < 0)) /* whatever the umask */
		return err_set(err, -errno, "make the folder of NOTIFY_SOCKET");
	folder_fd = openat(state_fd, "notify", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder_fd < 0)
		return errno == ENOENT ? 0
				       : err_set(err, -errno, "open the folder of NOTIFY_SOCKET");
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	r = fd < 0 ? -errno : bind_in(folder_fd, fd);
	if (r < 0)
		return err_set(err, r, "make the socket of NOTIFY_SOCKET");
	*socket_fd = take_fd(&fd);
	return 0;
}

/* Descriptors that come along are not taken, and closed by the kernel. */
static bool says_ready(int socket_fd)
{
	char text[MESSAGE_ROOM + 1];
	ssize_t n = recv(socket_fd, text, MESSAGE_ROOM, 0);

	if (n < 0)
		return false;
	text[n] = '\0';
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, "READY=1", 7) == 0 && (line[7] == '\n' || line[7] == '\0'))
			return true;
	}
	return false;
}

static void tell(pid_t pid, bool becomes_main)
{
	char text[64];

	(void)snprintf(text, sizeof(text), "MAINPID=%d\nREADY=1", (int)pid);
	notify_manager(becomes_main ? text : "READY=1");
}

int readiness_pass_on(int socket_fd, pid_t pid, bool becomes_main, int cancel_fd, struct err *err)
{
	cleanup_close int pid_fd = sys_pidfd_open(pid);
	struct pollfd polled[] = {{.fd = socket_fd, .events = POLLIN},
				  {.fd = pid_fd, .events = POLLIN},
				  {.fd = cancel_fd, .events = POLLIN}};

	while (pid_fd >= 0) {
		if (poll(polled, ARRAY_SIZE(polled), -1) < 0) {
			if (errno != EINTR)
				return err_set(err, -errno, "wait until process %d is ready",
					       (int)pid);
			continue;
		}
		if (polled[0].revents && says_ready(socket_fd)) {
			tell(pid, becomes_main);
			return 0;
		}
		if (polled[2].revents)
			return err_plain(err, -EINTR, "interrupted");
		if (!polled[0].revents && polled[1].revents)
			return 0;
	}
	return 0; /* it has ended, and was waited for */
}
