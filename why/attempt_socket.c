#include "why/attempt.h"

#include "lib/own.h"
#include "why/action.h"
#include "why/around.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

/* Connections that are closed at once, the way of a datagram that isn't sent, and a ping. Little
 * but socket(2) and connect(2) is called between: the subject's filters may have something against
 * anything else. */

static void wake_up(int signal)
{
}

/* Again and again, as one that comes between two calls ends none. */
static void ring_after(time_t seconds)
{
	const struct itimerval bell = {{1, 0}, {seconds, 0}};

	(void)setitimer(ITIMER_REAL, &bell, NULL);
}

void attempt_wait(void)
{
	const struct sigaction wake = {.sa_handler = wake_up}; /* no SA_RESTART: connect(2) ends */

	(void)sigaction(SIGALRM, &wake, NULL);
	ring_after(PATIENCE_SEC);
}

/* As it was: whoever goes on relies on it that no signal has a handler. */
static void wait_no_more(void)
{
	ring_after(0);
	(void)signal(SIGALRM, SIG_DFL);
}

static int connect_to(int fd, const void *address, socklen_t size)
{
	if (connect(fd, address, size) == 0)
		return 0;
	return errno == EINTR ? ETIMEDOUT : errno;
}

/* What is meant by /proc/self has another name for who tries it. */
static int connect_to_file(int fd, const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	if (strlen(path) >= sizeof(address.sun_path))
		return ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path));
	return connect_to(fd, &address, sizeof(address));
}

static int open_socket(const struct action *action, int type)
{
	return action_is_ping(action) ? attempt_ping_socket(action)
				      : socket(action->address.ss_family, type | SOCK_CLOEXEC, 0);
}

static int reach(int fd, const struct action *action, const void *address)
{
	int error = connect_to(fd, address, action->address_size);

	return !error && action_is_ping(action) ? attempt_ping(fd, action) : error;
}

int attempt_connect(const struct action *action)
{
	cleanup_close int fd = open_socket(action, action->socket_type);

	if (fd < 0)
		return errno;
	return action->path ? connect_to_file(fd, action->path)
			    : reach(fd, action, &action->address);
}

/* From the address that was asked about to the subject's own, at the port that was. What we may not
 * ourselves is no answer. */
const char *attempt_accept(const struct around *around, const struct action *action, int *error)
{
	struct sockaddr_storage from = action->address, to = action->address;
	struct sockaddr_in *from4 = (struct sockaddr_in *)&from, *to4 = (struct sockaddr_in *)&to;
	cleanup_close int fd = open_socket(action, SOCK_STREAM);

	if (fd < 0)
		return action_is_ping(action) ? "only who may ping can try it"
					      : "we have no socket to try it by";
	from4->sin_port = 0; /* at the same place in both families */
	if (bind(fd, (const struct sockaddr *)&from, action->address_size) < 0)
		return "only from addresses of this host can it be tried";
	if (to.ss_family == AF_INET)
		memcpy(&to4->sin_addr, &around->route.source, sizeof(to4->sin_addr));
	else
		((struct sockaddr_in6 *)&to)->sin6_addr = around->route.source;
	attempt_wait();
	*error = reach(fd, action, &to);
	wait_no_more();
	return NULL;
}

bool attempt_sends(const struct action *action)
{
	return action->kind != ACTION_CONNECT || action->socket_type != SOCK_DGRAM;
}

/* What routers and firewalls on the way tell a ping; icmp_err_convert[], icmpv6_err_convert(). */
static bool is_of_the_way(const struct action *action, int error)
{
	return error == ENETUNREACH || error == ENOPROTOOPT || error == EHOSTDOWN ||
	       error == ENONET || (error == EACCES && action->address.ss_family == AF_INET6);
}

bool attempt_is_answer(const struct action *action, int error)
{
	if (action_is_ping(action) && is_of_the_way(action, error))
		return true;
	if (action->kind == ACTION_CONNECT_LOCAL)
		return error == ECONNREFUSED || error == ETIMEDOUT || error == EPROTOTYPE;
	return (action->kind == ACTION_CONNECT || action->kind == ACTION_ACCEPT) &&
	       (error == ECONNREFUSED || error == ETIMEDOUT || error == EHOSTUNREACH);
}
