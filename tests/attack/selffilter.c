/*
 * Loads a filter of its own, which denies personality(2) with EDOM, and is denied it; with a number
 * as its argument so often, each time under another name.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

int main(int argc, char **argv)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_personality, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 33),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = sizeof(filter) / sizeof(filter[0]), .filter = filter};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		return 1;
	for (int i = 0; i < (argc > 1 ? atoi(argv[1]) : 1); i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "name%d", i);
		if (argc > 1)
			(void)prctl(PR_SET_NAME, name);
		if (personality(0xffffffff) >= 0)
			return 2;
	}
	return 0;
}
