/*
 * The ready filter for floor.c: floor_filter FILE compiles an allow-list of the names on standard
 * input as a search tree, for this machine's architecture alone, the shortest that libseccomp
 * makes.
 */

#include <err.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(38));
	char name[64];
	int fd;

	if (argc != 2 || !ctx || seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2) < 0)
		errx(2, "usage: floor_filter FILE <NAMES");
	while (scanf("%63s", name) == 1) {
		int number = seccomp_syscall_resolve_name(name);

		if (number != __NR_SCMP_ERROR)
			(void)seccomp_rule_add(ctx, SCMP_ACT_ALLOW, number, 0); /* not here: none */
	}
	fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || seccomp_export_bpf(ctx, fd) < 0)
		err(1, "%s", argv[1]);
	return 0;
}
