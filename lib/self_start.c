/*
 * What self_seal() does, before anything else: the program's entry point.
 *
 * main() would be early enough for safety, but by then the C library has started: it has relocated
 * us and asked the processor for its features, hundreds of microseconds where a hypervisor traps
 * that, and all of it once more after the execution from the read-only mount. Here nothing of it
 * is there yet: no relocation, no thread pointer (so no stack protector), no libc function, not
 * even string constants by pointer. Whatever doesn't work is left for main(), which says why.
 *
 * Only in the static program, and on x86-64; elsewhere the entry point is the C library's own.
 */

#include "lib/self.h"

#ifdef __x86_64__

#include <fcntl.h>
#include <linux/mount.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The stack as execve(2) leaves it goes on to _start as it was. */
__asm__(".text\n"
	".globl self_start\n"
	".type self_start, @function\n"
	"self_start:\n"
	"	endbr64\n"
	"	xor %ebp, %ebp\n"
	"	mov %rsp, %rdi\n"
	"	push %rdx\n"
	"	push %rdx\n"
	"	call self_start_sealed\n"
	"	pop %rdx\n"
	"	pop %rdx\n"
	"	jmp _start\n"
	".size self_start, . - self_start\n");

static long kernel(long number, long a, long b, long c, long d, long e)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
			 : "rcx", "r11", "memory");
	return result;
}

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

/* A verb that puts us into a container, perhaps: another's argument costs one execution more. */
static bool may_enter(char **words)
{
	static const char verbs[][8] = {"create", "run", "exec"};

	for (; *words; words++)
		for (int i = 0; i < 3; i++)
			if (same(*words, verbs[i]))
				return true;
	return false;
}

__attribute__((used, visibility("hidden"))) void self_start_sealed(long *stack)
{
	static const char self[] = "/proc/self/exe";
	struct mount_attr attr = {.attr_set = MOUNT_ATTR_RDONLY};
	char **argv = (char **)(stack + 1), **envp = argv + stack[0] + 1;
	long fd;

	if (!may_enter(argv) ||
	    kernel(SYS_faccessat2, AT_FDCWD, (long)self, W_OK, AT_EACCESS, 0) != 0)
		return;
	fd = kernel(SYS_open_tree, AT_FDCWD, (long)self, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC, 0, 0);
	if (fd < 0)
		return;
	if (kernel(SYS_mount_setattr, fd, (long)"", AT_EMPTY_PATH, (long)&attr, sizeof(attr)) == 0)
		(void)kernel(SYS_execveat, fd, (long)"", (long)argv, (long)envp, AT_EMPTY_PATH);
	(void)kernel(SYS_close, fd, 0, 0, 0, 0);
}

#endif
