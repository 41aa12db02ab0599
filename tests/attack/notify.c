/*
 * notify MESSAGE...: sends each to the socket that NOTIFY_SOCKET names, as sd_notify(3) does. Exit
 * status 0 when all of them went.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

int main(int argc, char **argv)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const char *path = getenv("NOTIFY_SOCKET");
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	if (!path || strlen(path) >= sizeof(address.sun_path)) {
		(void)fprintf(stderr, "no NOTIFY_SOCKET\n");
		return 1;
	}
	memcpy(address.sun_path, path, strlen(path));
	for (int i = 1; i < argc; i++)
		if (sendto(fd, argv[i], strlen(argv[i]), 0, (const struct sockaddr *)&address,
			   sizeof(address)) < 0) {
			perror(path);
			return 1;
		}
	return 0;
}
