/*
 * swap A B: exchanges two names as fast as it can, until it is killed. What another container does
 * in a tree that it shares with the one being made (CVE-2021-30465, CVE-2024-45310).
 */
#include <fcntl.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	while (renameat2(AT_FDCWD, argv[1], AT_FDCWD, argv[2], RENAME_EXCHANGE) == 0)
		;
	perror(argv[1]);
	return 1;
}
