/*
 * nameless SIZE: executes itself from a copy in memory, which has no name and is as long as some
 * other program; that one asks for its personality(2).
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/sendfile.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char *const copied[] = {argv[0], NULL};
	int self, copy;

	if (argc < 2)
		return personality(0xffffffff) < 0;
	self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	copy = memfd_create("copy", 0);
	while (sendfile(copy, self, NULL, 1 << 30) > 0)
		;
	if (ftruncate(copy, atol(argv[1])) == 0)
		(void)fexecve(copy, copied, environ);
	return 1;
}
