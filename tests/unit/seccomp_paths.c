#include "lib/arena.h"
#include "lib/err.h"
#include "lib/own.h"
#include "lib/text.h"
#include "seccomp/calls.h"
#include "seccomp/filter.h"
#include "seccomp/paths.h"
#include "seccomp/stack.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Programs by chance, of all the instructions that a filter may have: run, followed, and loaded
 * into the kernel. Each RET has an errno of its own, so that who answers can be told.
 */

enum { PROGRAMS = 400, INSNS = 24, CALLS = 60, FIRST_ERRNO = 200 };

static uint32_t some_number(struct drand48_data *random)
{
	static const uint32_t special[] = {0, 1, 2, 38, 0xff, 0x80000000, 0xffffffff, 0x7e020000};
	long number;

	(void)lrand48_r(random, &number);
	return number % 3 ? special[(size_t)number / 3 % ARRAY_SIZE(special)] : (uint32_t)number;
}

static struct sock_filter some_insn(struct drand48_data *random, size_t at, bool plain)
{
	static const uint16_t codes[] = {
		BPF_LD | BPF_W | BPF_ABS,  BPF_LD | BPF_W | BPF_ABS,  BPF_JMP | BPF_JEQ | BPF_K,
		BPF_JMP | BPF_JGT | BPF_K, BPF_JMP | BPF_JGE | BPF_K, BPF_JMP | BPF_JSET | BPF_K,
		BPF_ALU | BPF_AND | BPF_K, BPF_JMP | BPF_JA,          BPF_RET | BPF_K,
		BPF_ALU | BPF_OR | BPF_K,  BPF_ALU | BPF_ADD | BPF_X, BPF_ALU | BPF_SUB | BPF_K,
		BPF_ALU | BPF_MUL | BPF_K, BPF_ALU | BPF_XOR | BPF_K, BPF_ALU | BPF_LSH | BPF_K,
		BPF_ALU | BPF_RSH | BPF_K, BPF_ALU | BPF_NEG,         BPF_LD | BPF_IMM,
		BPF_LDX | BPF_IMM,         BPF_MISC | BPF_TAX,        BPF_MISC | BPF_TXA,
		BPF_JMP | BPF_JGT | BPF_X, BPF_LD | BPF_W | BPF_LEN,  BPF_ALU | BPF_DIV | BPF_K,
	};
	size_t left = INSNS - at - 1;
	uint32_t k = some_number(random);
	struct sock_filter insn;
	long which;

	(void)lrand48_r(random, &which);
	insn.code = codes[(size_t)which % (plain ? 9 : ARRAY_SIZE(codes))];
	insn.jt = insn.jf = 0;
	insn.k = k;
	if (BPF_CLASS(insn.code) == BPF_JMP) {
		insn.jt = (uint8_t)((size_t)(which >> 8) % left);
		insn.jf = (uint8_t)((size_t)(which >> 16) % left);
	}
	if (insn.code == (BPF_JMP | BPF_JA))
		insn.k = insn.jt, insn.jt = insn.jf = 0;
	else if (insn.code == (BPF_LD | BPF_W | BPF_ABS)) /* numbers and arguments, no pointer */
		insn.k = (k % 14 < 2 ? k % 14 : k % 14 + 2) * 4;
	else if (insn.code == (BPF_ALU | BPF_LSH | BPF_K) ||
		 insn.code == (BPF_ALU | BPF_RSH | BPF_K))
		insn.k = k % 32;
	else if (insn.code == (BPF_ALU | BPF_DIV | BPF_K))
		insn.k = k | 1;
	else if (insn.code == (BPF_RET | BPF_K))
		insn.k = SECCOMP_RET_ERRNO | (uint32_t)(FIRST_ERRNO + at);
	return insn;
}

static void some_program(struct drand48_data *random, struct sock_filter *insns, bool plain)
{
	for (size_t i = 0; i + 1 < INSNS; i++)
		insns[i] = some_insn(random, i, plain);
	insns[0] = (struct sock_filter){BPF_LD | BPF_W | BPF_ABS, 0, 0,
					offsetof(struct seccomp_data, args[1])};
	insns[INSNS - 1] = (struct sock_filter){BPF_RET | BPF_K, 0, 0,
						SECCOMP_RET_ERRNO | (FIRST_ERRNO + INSNS)};
}

static struct seccomp_data some_call(struct drand48_data *random)
{
	struct seccomp_data data = {.nr = SYS_getppid, .arch = call_arches()->audit};

	for (size_t i = 0; i < 6; i++)
		data.args[i] = (uint64_t)some_number(random) << 32 | some_number(random);
	return data;
}

/* Whether the conditions can be solved with every word as @data has it. */
static bool hold(const struct condition *conditions, size_t count, const struct seccomp_data *data)
{
	enum { FIRST = offsetof(struct seccomp_data, instruction_pointer) / 4, WORDS = 16 };
	struct condition all[PATH_CONDITIONS + WORDS];
	struct seccomp_data solved = *data;
	uint32_t words[WORDS];

	cr_assert_leq(count, PATH_CONDITIONS);
	memcpy(all, conditions, count * sizeof(*conditions));
	memcpy(words, data, sizeof(words));
	for (uint8_t word = FIRST; word < WORDS; word++)
		all[count++] = (struct condition){word, CONDITION_EQ, UINT32_MAX, words[word]};
	return conditions_solve(all, count, &solved);
}

/* Exactly one way is a call's, and it ends as the program does. */
static void check_ways(size_t row, const struct program *program, const struct paths *paths,
		       const struct seccomp_data *data)
{
	size_t taken = 0;

	for (size_t i = 0; i < paths->count; i++) {
		const struct path *path = &paths->items[i];

		if (!hold(path->conditions, path->count, data))
			continue;
		taken++;
		cr_assert_eq(path->action, program_run(program, data), "program %zu", row);
	}
	cr_assert_eq(taken, 1, "program %zu: %zu ways for one call", row, taken);
}

Test(seccomp_paths, every_call_has_its_way)
{
	struct drand48_data random;
	size_t ways = 0;

	(void)srand48_r(1, &random);
	for (size_t row = 0; row < PROGRAMS; row++) {
		cleanup_(arena_free) struct arena arena = {};
		struct sock_filter insns[INSNS];
		const struct program program = {INSNS, insns};
		struct paths paths;

		some_program(&random, insns, true);
		paths_find(&arena, &program, call_arches()->audit, SYS_getppid, &paths);
		cr_assert(!paths.cut, "program %zu", row);
		ways += paths.count;
		for (size_t i = 0; i < CALLS; i++) {
			const struct seccomp_data data = some_call(&random);

			check_ways(row, &program, &paths, &data);
		}
		for (size_t i = 0; i < paths.count; i++) {
			const struct path *path = &paths.items[i];
			struct seccomp_data data = {.nr = SYS_getppid,
						    .arch = call_arches()->audit};

			cr_assert(conditions_solve(path->conditions, path->count, &data),
				  "program %zu: nobody can go way %zu", row, i);
			check_ways(row, &program, &paths, &data);
		}
	}
	cr_expect_gt(ways, PROGRAMS, "programs that ask for arguments");
}

/* What a call that does nothing answers under the filter. */
static int kernel_errno(const struct program *program, const struct seccomp_data *data)
{
	const struct sock_fprog loaded = {(unsigned short)program->count, program->insns};
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		const uint64_t *a = (const uint64_t *)data->args;

		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
		    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &loaded) < 0)
			_exit(1);
		_exit(syscall(data->nr, a[0], a[1], a[2], a[3], a[4], a[5]) == -1 ? errno : 0);
	}
	cr_assert_gt(pid, 0);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Other calls than the one that is asked for are let through. */
static void only_for(struct sock_filter *whole, const struct sock_filter *insns, int number)
{
	whole[0] = (struct sock_filter){BPF_LD | BPF_W | BPF_ABS, 0, 0,
					offsetof(struct seccomp_data, nr)};
	whole[1] = (struct sock_filter){BPF_JMP | BPF_JEQ | BPF_K, 1, 0, (uint32_t)number};
	whole[2] = (struct sock_filter){BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
	memcpy(whole + 3, insns, INSNS * sizeof(*insns));
}

Test(seccomp_paths, the_kernel_says_so)
{
	struct drand48_data random;

	(void)srand48_r(2, &random);
	for (size_t row = 0; row < PROGRAMS; row++) {
		struct sock_filter insns[INSNS], whole[INSNS + 3];
		const struct program program = {ARRAY_SIZE(whole), whole};
		const struct seccomp_data data = some_call(&random);

		some_program(&random, insns, false);
		only_for(whole, insns, SYS_getppid);
		cr_assert_eq(SECCOMP_RET_ERRNO | (uint32_t)kernel_errno(&program, &data),
			     program_run(&program, &data), "program %zu", row);
	}
}

Test(seccomp_paths, in_words)
{
	static const struct condition low = {4, CONDITION_EQ, UINT32_MAX, 5},
				      high = {5, CONDITION_EQ, UINT32_MAX, 0},
				      high_one = {5, CONDITION_EQ, UINT32_MAX, 1},
				      more = {4, CONDITION_GT, UINT32_MAX, 8},
				      not_six = {4, CONDITION_NE, UINT32_MAX, 6},
				      bits = {6, CONDITION_EQ, 0x11, 0x10};
	const struct {
		struct condition conditions[4];
		size_t count;
		const char *text;
	} rows[] = {
		{{}, 0, ""},
		{{low}, 1, "low(arg0) == 5"},
		{{low, high}, 2, "arg0 == 5"},
		{{low, high_one}, 2, "arg0 == 0x100000005"},
		{{high, more}, 2, "arg0 > 8"},
		{{high, not_six, low}, 3, "arg0 == 5"},
		{{high}, 1, "high(arg0) == 0"},
		{{high, more, not_six, bits}, 4, "arg0 > 8 and arg1 & 0x11 == 0x10"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(text_free) struct text text = {};

		conditions_text(rows[i].conditions, rows[i].count, &text);
		cr_expect_str_eq(text_str(&text), rows[i].text, "row %zu: %s", i, text_str(&text));
	}
}

Test(seccomp_paths, solved_or_not)
{
	static const struct {
		struct condition conditions[4];
		size_t count;
		bool can;
	} rows[] = {
		{{{4, CONDITION_EQ, UINT32_MAX, 5}, {4, CONDITION_NE, UINT32_MAX, 5}}, 2, false},
		{{{4, CONDITION_EQ, 0xf0, 0x50}, {4, CONDITION_LE, UINT32_MAX, 0x4f}}, 2, false},
		{{{4, CONDITION_EQ, 0xf0, 0x50}, {4, CONDITION_GT, UINT32_MAX, 0x5f}}, 2, true},
		{{{4, CONDITION_GT, UINT32_MAX, 7},
		  {4, CONDITION_LE, UINT32_MAX, 9},
		  {4, CONDITION_NE, UINT32_MAX, 8},
		  {4, CONDITION_NE, UINT32_MAX, 9}},
		 4,
		 false},
		{{{4, CONDITION_GT, UINT32_MAX, 7},
		  {4, CONDITION_LE, UINT32_MAX, 9},
		  {4, CONDITION_NE, UINT32_MAX, 8},
		  {4, CONDITION_NE, 0x7, 0}},
		 4,
		 true},
		{{{4, CONDITION_NE, 0x7e020000, 0}, {4, CONDITION_EQ, 0x10000000, 0}}, 2, true},
		{{{4, CONDITION_EQ, 0xff, 0x1ff}}, 1, false},
		{{{4, CONDITION_GT, UINT32_MAX, 0xfffffffe}}, 1, true},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct seccomp_data data = {};
		bool can = conditions_solve(rows[i].conditions, rows[i].count, &data);

		cr_expect_eq(can, rows[i].can, "row %zu", i);
		cr_expect(!can || hold(rows[i].conditions, rows[i].count, &data), "row %zu", i);
	}
}

/* Of two filters the stronger action, of equal ones the newer filter's: as the kernel has it. */
Test(seccomp_paths, stacked)
{
	static struct sock_filter insns[][1] = {
		{{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}},
		{{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | 11}},
		{{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | 22}},
		{{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_LOG}},
	};
	static const struct {
		size_t old, young;
		uint32_t action;
	} rows[] = {
		{0, 1, SECCOMP_RET_ERRNO | 11}, {1, 0, SECCOMP_RET_ERRNO | 11},
		{1, 2, SECCOMP_RET_ERRNO | 22}, {2, 1, SECCOMP_RET_ERRNO | 11},
		{0, 3, SECCOMP_RET_LOG},        {3, 2, SECCOMP_RET_ERRNO | 22},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		const struct program programs[] = {{1, insns[rows[i].old]},
						   {1, insns[rows[i].young]}};
		const struct filter_stack stack = {.count = 2, .programs = programs};
		const struct seccomp_data data = {.arch = call_arches()->audit};
		struct paths paths;

		cr_expect_eq(stack_run(&stack, &data, NULL), rows[i].action, "row %zu", i);
		stack_paths(&arena, &stack, call_arches(), 0, &paths);
		cr_expect_eq(paths.count, 1);
		cr_expect_eq(paths.items[0].action, rows[i].action, "row %zu", i);
	}
}

Test(seccomp_paths, no_program)
{
	static const struct sock_filter far[] = {{BPF_JMP | BPF_JA, 0, 0, 7},
						 {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}},
					endless[] = {{BPF_LD | BPF_W | BPF_ABS, 0, 0, 0}};
	cleanup_(arena_free) struct arena arena = {};
	struct filter_stack stack = {.name = "file"};
	struct err err = {};

	cr_expect_eq(stack_of_program(&arena, (const char *)far, sizeof(far), &stack, &err),
		     -EINVAL);
	cr_expect_eq(stack_of_program(&arena, (const char *)endless, sizeof(endless), &stack, &err),
		     -EINVAL);
	cr_expect_eq(stack_of_program(&arena, "text", 4, &stack, &err), -EINVAL);
	cr_expect_eq(stack_of_program(&arena, "", 0, &stack, &err), -EINVAL);
	cr_expect_str_eq(err.what, "file: is neither a profile nor a compiled filter");
	cr_expect_eq(stack_of_program(&arena, (const char *)&far[1], sizeof(far[1]), &stack, &err),
		     0);
	cr_expect_eq(stack.count, 1);
}
