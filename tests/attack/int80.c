/*
 * A system call of i386 from a program of x86_64, by the gate that both have: getpid, and with an
 * argument the call of that number. Prints the result. SIGSEGV where the kernel has no such gate.
 */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	long result = argc > 1 ? atol(argv[1]) : 20;

	__asm__ volatile("int $0x80" : "+a"(result) : "b"(0), "c"(0), "d"(0) : "memory");
	printf("%d\n", (int)result);
	return 0;
}
