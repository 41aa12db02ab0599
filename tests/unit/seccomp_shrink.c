#include "seccomp/shrink.h"

#include "lib/arena.h"
#include "lib/own.h"
#include "seccomp/filter.h"
#include "seccomp/paths.h"

#include <criterion/criterion.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { X32_BIT = 0x40000000, NUMBERS = 600, MANY = 400 };

static const uint32_t arches[] = {
	AUDIT_ARCH_X86_64, AUDIT_ARCH_I386, AUDIT_ARCH_AARCH64, AUDIT_ARCH_ARM, 0, 1};

/* As libseccomp makes it. */
static void export(struct arena *arena, scmp_filter_ctx ctx, struct program *program)
{
	cleanup_close int fd = memfd_create("filter", MFD_CLOEXEC);
	struct stat st;

	cr_assert_eq(seccomp_export_bpf(ctx, fd), 0);
	cr_assert_eq(fstat(fd, &st), 0);
	program->count = (size_t)st.st_size / sizeof(*program->insns);
	program->insns = arena_alloc(arena, (size_t)st.st_size);
	cr_assert_eq(pread(fd, program->insns, (size_t)st.st_size, 0), st.st_size);
}

static void compare(const char *name, const struct program *old, const struct program *new,
		    uint32_t arch, uint32_t number)
{
	static const uint64_t args[][2] = {{0, 0}, {3, 0}, {4, 9}, {~0ULL, 4}, {1ULL << 32, 1}};

	for (size_t i = 0; i < ARRAY_SIZE(args); i++) {
		struct seccomp_data data = {.nr = (int)number, .arch = arch};

		memcpy(data.args, args[i], sizeof(args[i]));
		cr_assert_eq(program_run(new, &data), program_run(old, &data),
			     "%s: architecture 0x%x, call 0x%x, arguments %zu", name, arch, number,
			     i);
	}
}

static void compare_all(const char *name, const struct program *old, const struct program *new)
{
	for (size_t i = 0; i < ARRAY_SIZE(arches); i++) {
		for (uint32_t number = 0; number < NUMBERS; number++) {
			compare(name, old, new, arches[i], number);
			compare(name, old, new, arches[i], X32_BIT | number);
		}
		compare(name, old, new, arches[i], UINT32_MAX);
	}
}

/* Allowed: all but each seventh; every @nth looks at its arguments too. */
static scmp_filter_ctx many_rules(unsigned int tree, uint32_t fallback, int nth)
{
	scmp_filter_ctx ctx = seccomp_init(fallback);

	cr_assert_eq(seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, tree), 0);
	cr_assert_eq(seccomp_arch_add(ctx, SCMP_ARCH_X86), 0);
	cr_assert_eq(seccomp_arch_add(ctx, SCMP_ARCH_X32), 0);
	cr_assert_eq(seccomp_arch_add(ctx, SCMP_ARCH_AARCH64), 0);
	for (int number = 0; number < MANY; number++) {
		if (number % 7 == 0)
			continue;
		if (nth && number % nth == 0) {
			(void)seccomp_rule_add(ctx, SCMP_ACT_ALLOW, number, 1,
					       SCMP_A0(SCMP_CMP_MASKED_EQ, 5, 4));
			(void)seccomp_rule_add(ctx, SCMP_ACT_ERRNO(7), number, 1,
					       SCMP_A1(SCMP_CMP_GT, 8));
		} else {
			(void)seccomp_rule_add(ctx, SCMP_ACT_ALLOW, number, 0);
		}
	}
	return ctx;
}

Test(seccomp_shrink, does_the_same)
{
	static const struct {
		const char *name;
		unsigned int tree;
		uint32_t fallback;
		int nth;
		size_t at_most; /* per cent of the instructions before */
	} rows[] = {
		{"allow-list, tree", 2, SCMP_ACT_ERRNO(38), 0, 65},
		{"allow-list, linear", 1, SCMP_ACT_ERRNO(38), 0, 65},
		{"some arguments", 2, SCMP_ACT_ERRNO(1), 20, 65},
		{"many arguments", 2, SCMP_ACT_KILL_PROCESS, 2, 100},
		{"arguments, linear", 1, SCMP_ACT_TRAP, 3, 100},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		scmp_filter_ctx ctx = many_rules(rows[i].tree, rows[i].fallback, rows[i].nth);
		struct program old, new;

		export(&arena, ctx, &old);
		seccomp_release(ctx);
		new = old;
		shrink(&arena, &new);
		cr_expect_leq(new.count * 100, old.count * rows[i].at_most,
			      "%s: %zu instructions of %zu", rows[i].name, new.count, old.count);
		compare_all(rows[i].name, &old, &new);
	}
}

Test(seccomp_shrink, what_is_not_understood_stays)
{
	static struct sock_filter arithmetic[] = {
		{BPF_LD | BPF_W | BPF_ABS, 0, 0, 4},  {BPF_JMP | BPF_JEQ | BPF_K, 0, 3, 7},
		{BPF_LD | BPF_W | BPF_ABS, 0, 0, 0},  {BPF_ALU | BPF_AND | BPF_K, 0, 0, 1},
		{BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1}, {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
	};
	static struct sock_filter range_of_arches[] = {
		{BPF_LD | BPF_W | BPF_ABS, 0, 0, 4},
		{BPF_JMP | BPF_JGT | BPF_K, 0, 1, 7},
		{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
		{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_PROCESS},
	};
	static struct sock_filter *const rows[] = {arithmetic, range_of_arches};
	static const size_t counts[] = {ARRAY_SIZE(arithmetic), ARRAY_SIZE(range_of_arches)};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		struct program program = {counts[i], rows[i]};

		shrink(&arena, &program);
		cr_expect_eq(program.insns, rows[i], "row %zu", i);
		cr_expect_eq(program.count, counts[i], "row %zu", i);
	}
}
