#include "cgroup/device_filter.h"

#include "lib/arena.h"
#include "lib/text.h"

#include <criterion/criterion.h>
#include <linux/bpf.h>
#include <string.h>

/* Instructions, as they are written in the kernel's documentation. */
#define LOAD(size, dst, src, offset)                                                               \
	{                                                                                          \
		.code = BPF_LDX | BPF_MEM | (size), .dst_reg = (dst), .src_reg = (src),            \
		.off = (offset)                                                                    \
	}
#define STORE(size, dst, offset, src)                                                              \
	{                                                                                          \
		.code = BPF_STX | BPF_MEM | (size), .dst_reg = (dst), .src_reg = (src),            \
		.off = (offset)                                                                    \
	}
#define STORE_NUMBER(size, dst, offset, number)                                                    \
	{                                                                                          \
		.code = BPF_ST | BPF_MEM | (size), .dst_reg = (dst), .off = (offset),              \
		.imm = (number)                                                                    \
	}
#define ALU(class, op, dst, number)                                                                \
	{                                                                                          \
		.code = (class) | (op) | BPF_K, .dst_reg = (dst), .imm = (number)                  \
	}
#define ALU_REG(class, op, dst, src)                                                               \
	{                                                                                          \
		.code = (class) | (op) | BPF_X, .dst_reg = (dst), .src_reg = (src)                 \
	}
#define JUMP(class, op, dst, number, offset)                                                       \
	{                                                                                          \
		.code = (class) | (op) | BPF_K, .dst_reg = (dst), .imm = (number), .off = (offset) \
	}
#define JUMP_REG(class, op, dst, src, offset)                                                      \
	{                                                                                          \
		.code = (class) | (op) | BPF_X, .dst_reg = (dst), .src_reg = (src),                \
		.off = (offset)                                                                    \
	}
#define GO(offset)                                                                                 \
	{                                                                                          \
		.code = BPF_JMP | BPF_JA, .off = (offset)                                          \
	}
#define RETURN(number)                                                                             \
	ALU(BPF_ALU64, BPF_MOV, 0, number),                                                        \
	{                                                                                          \
		.code = BPF_JMP | BPF_EXIT                                                         \
	}
#define NUMBER(dst, source, low, high)                                                             \
	{.code = BPF_LD | BPF_IMM | BPF_DW, .dst_reg = (dst), .src_reg = (source), .imm = (low)},  \
	{                                                                                          \
		.imm = (high)                                                                      \
	}

/* As a service manager writes it: a rule holds where it has all bits that are asked for. */
static const struct bpf_insn by_rule[] = {
	LOAD(BPF_W, 2, 1, 0),
	ALU(BPF_ALU, BPF_AND, 2, 0xffff),
	LOAD(BPF_W, 3, 1, 0),
	ALU(BPF_ALU, BPF_RSH, 3, 16),
	LOAD(BPF_W, 4, 1, 4),
	LOAD(BPF_W, 5, 1, 8),
	JUMP(BPF_JMP, BPF_JNE, 2, BPF_DEVCG_DEV_CHAR, 6), /* c 10:229 rw */
	ALU_REG(BPF_ALU, BPF_MOV, 1, 3),
	ALU(BPF_ALU, BPF_AND, 1, DEVICE_READ | DEVICE_WRITE),
	JUMP_REG(BPF_JMP, BPF_JNE, 1, 3, 3),
	JUMP(BPF_JMP, BPF_JNE, 4, 10, 2),
	JUMP(BPF_JMP, BPF_JNE, 5, 229, 1),
	GO(7),
	JUMP(BPF_JMP, BPF_JNE, 2, BPF_DEVCG_DEV_BLOCK, 4), /* b 8:* r */
	ALU_REG(BPF_ALU, BPF_MOV, 1, 3),
	ALU(BPF_ALU, BPF_AND, 1, DEVICE_READ),
	JUMP_REG(BPF_JMP, BPF_JNE, 1, 3, 1),
	JUMP(BPF_JMP, BPF_JEQ, 4, 8, 2),
	RETURN(0),
	RETURN(1),
};

/* As a compiler writes it: halves of a word, the stack, numbers of 64 bits. */
static const struct bpf_insn compiled[] = {
	LOAD(BPF_H, 2, 1, 2), /* what is asked for */
	STORE(BPF_DW, 10, -8, 2),      STORE_NUMBER(BPF_W, 10, -16, DEVICE_READ),
	LOAD(BPF_W, 3, 10, -16),       LOAD(BPF_DW, 4, 10, -8),
	NUMBER(5, 0, -1, 0x7fffffff),  ALU_REG(BPF_ALU64, BPF_AND, 4, 5),
	ALU(BPF_ALU64, BPF_MOV, 0, 1), JUMP_REG(BPF_JMP, BPF_JEQ, 4, 3, 1),
	ALU(BPF_ALU64, BPF_MOV, 0, 0), {.code = BPF_JMP | BPF_EXIT},
};

static const struct bpf_insn calls[] = {
	LOAD(BPF_W, 2, 1, 4),
	JUMP(BPF_JMP, BPF_JEQ, 2, 1, 2),
	{.code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_ktime_get_ns},
	{.code = BPF_JMP | BPF_EXIT},
	RETURN(1),
};
static const struct bpf_insn maps[] = {NUMBER(1, BPF_PSEUDO_MAP_FD, 7, 0), RETURN(1)};
static const struct bpf_insn loops[] = {GO(0), GO(-2), RETURN(1)};
static const struct bpf_insn endless[] = {GO(5), RETURN(1)};
static const struct bpf_insn half[] = {{.code = BPF_LD | BPF_IMM | BPF_DW}};
static const struct bpf_insn beyond[] = {LOAD(BPF_DW, 2, 1, 8), RETURN(1)};
static const struct bpf_insn before[] = {LOAD(BPF_W, 2, 1, -4), RETURN(1)};
static const struct bpf_insn below[] = {STORE_NUMBER(BPF_W, 10, -516, 1), RETURN(1)};
static const struct bpf_insn above[] = {STORE_NUMBER(BPF_W, 10, 0, 1), RETURN(1)};
static const struct bpf_insn writes[] = {STORE_NUMBER(BPF_W, 1, 0, 1), RETURN(1)};
static const struct bpf_insn anywhere[] = {LOAD(BPF_W, 2, 3, 64), RETURN(1)};
static const struct bpf_insn strange[] = {{.code = 0xff}, RETURN(1)};
static const struct bpf_insn registers[] = {{.code = 0xbf, .dst_reg = 15}, RETURN(1)};
static const struct bpf_insn orders[] = {
	LOAD(BPF_W, 2, 1, 4),
	JUMP(BPF_JMP, BPF_JGT, 2, 100, 2),
	RETURN(1),
	RETURN(0),
};

#define PROGRAM(insns) insns, ARRAY_SIZE(insns)

Test(cgroup_device_filter, programs_of_others)
{
	static const struct {
		const struct bpf_insn *insns;
		size_t count;
		struct device_request request;
		enum device_answer answer;
		const char *why;
		size_t insn;
	} rows[] = {
		{PROGRAM(by_rule), {'c', 10, 229, DEVICE_READ}, DEVICE_ALLOWED, NULL, 0},
		{PROGRAM(by_rule), {'c', 10, 229, DEVICE_READ | DEVICE_WRITE}, DEVICE_ALLOWED},
		{PROGRAM(by_rule), {'c', 10, 229, DEVICE_MKNOD}, DEVICE_DENIED},
		{PROGRAM(by_rule), {'c', 10, 230, DEVICE_READ}, DEVICE_DENIED},
		{PROGRAM(by_rule), {'b', 10, 229, DEVICE_READ}, DEVICE_DENIED},
		{PROGRAM(by_rule), {'b', 8, 17, DEVICE_READ}, DEVICE_ALLOWED},
		{PROGRAM(by_rule), {'b', 8, 17, DEVICE_READ | DEVICE_WRITE}, DEVICE_DENIED},
		{PROGRAM(by_rule), {'c', 8, 17, DEVICE_READ}, DEVICE_DENIED},
		{PROGRAM(compiled), {'c', 1, 3, DEVICE_READ}, DEVICE_ALLOWED},
		{PROGRAM(compiled), {'c', 1, 3, DEVICE_WRITE}, DEVICE_DENIED},
		{PROGRAM(calls), {'c', 1, 3, DEVICE_READ}, DEVICE_ALLOWED},
		{PROGRAM(calls), {'c', 2, 3, DEVICE_READ}, DEVICE_UNCLEAR, "calls a function", 2},
		{PROGRAM(maps), {'c', 1, 3, DEVICE_READ}, DEVICE_UNCLEAR, "has a map", 0},
		{PROGRAM(loops), {'c', 1, 3, DEVICE_READ}, DEVICE_UNCLEAR, "has a loop", 1},
		{PROGRAM(endless), {'c', 1, 3, DEVICE_READ}, DEVICE_UNCLEAR, "has no end", 3},
		{PROGRAM(half), {'c', 1, 3, DEVICE_READ}, DEVICE_UNCLEAR, "isn't known here", 0},
		{PROGRAM(beyond), {'c', 1, 3, DEVICE_READ}, DEVICE_UNCLEAR, "reads memory", 0},
		{PROGRAM(before), {'c', 1, 3, DEVICE_READ}, DEVICE_UNCLEAR, "reads memory", 0},
		{PROGRAM(below), {'c', 1, 3, DEVICE_READ}, DEVICE_UNCLEAR, "writes to memory", 0},
		{PROGRAM(above), {'c', 1, 3, DEVICE_READ}, DEVICE_UNCLEAR, "writes to memory", 0},
		{PROGRAM(writes), {'c', 1, 3, DEVICE_READ}, DEVICE_UNCLEAR, "writes to memory", 0},
		{PROGRAM(anywhere), {'c', 1, 3, DEVICE_READ}, DEVICE_UNCLEAR, "reads memory", 0},
		{PROGRAM(strange), {'c', 1, 3, DEVICE_READ}, DEVICE_UNCLEAR, "isn't known", 0},
		{PROGRAM(registers), {'c', 1, 3, DEVICE_READ}, DEVICE_UNCLEAR, "isn't known", 0},
		{PROGRAM(orders), {'c', 100, 3, DEVICE_READ}, DEVICE_ALLOWED},
		{PROGRAM(orders), {'c', 101, 3, DEVICE_READ}, DEVICE_DENIED},
		{NULL, 0, {'c', 1, 3, DEVICE_READ}, DEVICE_UNCLEAR, "has no end", 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct device_verdict verdict = {};

		device_program_run(rows[i].insns, rows[i].count, &rows[i].request, &verdict);
		cr_expect_eq(verdict.answer, rows[i].answer, "row %zu: %d", i, verdict.answer);
		if (!rows[i].why)
			continue;
		cr_expect(verdict.why && strstr(verdict.why, rows[i].why), "row %zu: %s", i,
			  verdict.why);
		cr_expect_eq(verdict.insn, rows[i].insn, "row %zu: instruction %zu", i,
			     verdict.insn);
	}
}

/* What each operation computes, of 64 bits and of 32: the result is stored and compared. */
Test(cgroup_device_filter, arithmetic)
{
	static const struct {
		unsigned int op;
		int64_t a;
		int32_t b;
		int64_t wide;
		uint32_t narrow;
	} rows[] = {
		{BPF_ADD, 0xffffffff, 1, 0x100000000, 0},
		{BPF_SUB, 0, 1, -1, 0xffffffff},
		{BPF_MUL, 1LL << 31, 4, 1LL << 33, 0},
		{BPF_DIV, 7, 2, 3, 3},
		{BPF_DIV, 7, 0, 0, 0},
		{BPF_MOD, 7, 4, 3, 3},
		{BPF_MOD, 7, 0, 7, 7},
		{BPF_OR, 0x100000001, 2, 0x100000003, 3},
		{BPF_AND, 0x1ffffffff, -1, 0x1ffffffff, 0xffffffff},
		{BPF_AND, 0x1ffffffff, 0xf0, 0xf0, 0xf0},
		{BPF_XOR, 5, 1, 4, 4},
		{BPF_LSH, 1, 36, 1LL << 36, 1 << 4},
		{BPF_RSH, 1LL << 36, 36, 1, 0},
		{BPF_ARSH, -16, 2, -4, 0xfffffffc},
		{BPF_MOV, 9, -2, -2, 0xfffffffe},
		{BPF_NEG, 1, 0, -1, 0xffffffff},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (int wide = 0; wide < 2; wide++) {
			const uint64_t want = wide ? (uint64_t)rows[i].wide : rows[i].narrow;
			const struct bpf_insn insns[] = {
				NUMBER(2, 0, (int32_t)rows[i].a, (int32_t)(rows[i].a >> 32)),
				NUMBER(3, 0, (int32_t)want, (int32_t)(want >> 32)),
				ALU(wide ? BPF_ALU64 : BPF_ALU, (__u8)rows[i].op, 2, rows[i].b),
				ALU(BPF_ALU64, BPF_MOV, 0, 1),
				JUMP_REG(BPF_JMP, BPF_JEQ, 2, 3, 1),
				ALU(BPF_ALU64, BPF_MOV, 0, 0),
				{.code = BPF_JMP | BPF_EXIT},
			};
			const struct device_request request = {'c', 1, 3, DEVICE_READ};
			struct device_verdict verdict = {};

			device_program_run(PROGRAM(insns), &request, &verdict);
			cr_expect_eq(verdict.answer, DEVICE_ALLOWED, "row %zu, %d bits: %s", i,
				     wide ? 64 : 32, verdict.why);
		}
}

Test(cgroup_device_filter, jumps)
{
	static const struct {
		unsigned int op;
		int64_t a;
		int32_t b;
		bool wide, narrow;
	} rows[] = {
		{BPF_JEQ, 1LL << 32, 0, false, true},
		{BPF_JNE, 1LL << 32, 0, true, false},
		{BPF_JGT, 1LL << 32, 5, true, false},
		{BPF_JGT, 5, 5, false, false},
		{BPF_JGE, 5, 5, true, true},
		{BPF_JLT, 4, 5, true, true},
		{BPF_JLT, 5, -1, true, true},
		{BPF_JLE, 5, 5, true, true},
		{BPF_JLE, 6, 5, false, false},
		{BPF_JSET, 6, 2, true, true},
		{BPF_JSET, 4, 2, false, false},
		{BPF_JSGT, 5, -1, true, true},
		{BPF_JSGE, -1, -1, true, true},
		{BPF_JSLT, -2, -1, true, true},
		{BPF_JSLT, 0xfffffffe, -1, false, true},
		{BPF_JSLE, -1, -1, true, true},
		{BPF_JSLE, 0, -1, false, false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (int wide = 0; wide < 2; wide++) {
			const struct bpf_insn insns[] = {
				NUMBER(2, 0, (int32_t)rows[i].a, (int32_t)(rows[i].a >> 32)),
				JUMP(wide ? BPF_JMP : BPF_JMP32, (__u8)rows[i].op, 2, rows[i].b, 2),
				RETURN(0),
				RETURN(1),
			};
			const struct device_request request = {'c', 1, 3, DEVICE_READ};
			struct device_verdict verdict = {};

			device_program_run(PROGRAM(insns), &request, &verdict);
			cr_expect_eq(verdict.answer == DEVICE_ALLOWED,
				     wide ? rows[i].wide : rows[i].narrow, "row %zu, %d bits: %s",
				     i, wide ? 64 : 32, verdict.why);
		}
}

/* --- several of them */

static const struct device_rule list_rules[] = {
	{true, 'a', -1, -1, DEVICE_MKNOD},
	{true, 'c', 10, 229, DEVICE_READ},
	{true, 'b', 8, -1, DEVICE_ALL},
};
static const struct device_filter rule_program = {.id = 7,
						  .name = "sd_devices",
						  .cgroup = "/a",
						  .count = ARRAY_SIZE(by_rule),
						  .insns = by_rule};
static const struct device_filter call_program = {
	.id = 8, .name = "", .count = ARRAY_SIZE(calls), .insns = calls};
static const struct device_filter order_program = {
	.id = 9, .name = "o", .cgroup = "/o", .count = ARRAY_SIZE(orders), .insns = orders};
static const struct device_filter unread = {
	.id = 10, .name = "", .cgroup = "/x\n", .unread = "Operation not permitted"};
static const struct device_filter list = {.name = "devices.list",
					  .cgroup = "/l",
					  .count = ARRAY_SIZE(list_rules),
					  .rules = list_rules};

Test(cgroup_device_filter, all_must_allow)
{
	const struct device_filter both[] = {rule_program, list}, vague[] = {call_program, list},
				   hidden[] = {unread, call_program};
	const struct {
		struct device_filters filters;
		struct device_request request;
		enum device_answer answer;
		const char *filter;
	} rows[] = {
		{{0, NULL}, {'c', 1, 3, DEVICE_ALL}, DEVICE_ALLOWED, NULL},
		{{2, both}, {'c', 10, 229, DEVICE_READ}, DEVICE_ALLOWED, NULL},
		{{2, both},
		 {'c', 10, 229, DEVICE_READ | DEVICE_WRITE},
		 DEVICE_DENIED,
		 "devices.list on /l"},
		{{2, both}, {'c', 10, 229, DEVICE_MKNOD}, DEVICE_DENIED, "sd_devices on /a"},
		{{2, vague}, {'c', 9, 9, DEVICE_READ}, DEVICE_DENIED, "devices.list on /l"},
		{{2, vague},
		 {'b', 8, 9, DEVICE_READ},
		 DEVICE_UNCLEAR,
		 "BPF program 8 on a cgroup that isn't seen from here"},
		{{2, hidden}, {'b', 8, 9, DEVICE_READ}, DEVICE_UNCLEAR, "BPF program 10 on /x\\n"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		const struct device_verdict verdict =
			device_filters_ask(&rows[i].filters, &rows[i].request);

		cr_expect_eq(verdict.answer, rows[i].answer, "row %zu: %d", i, verdict.answer);
		cr_assert_eq(!verdict.filter, !rows[i].filter, "row %zu", i);
		if (verdict.filter)
			cr_expect_str_eq(device_filter_text(&arena, verdict.filter), rows[i].filter,
					 "row %zu", i);
	}
}

/* "RULE, RULE", or why there are none. */
static const char *summary_text(struct arena *arena, const struct device_filters *filters)
{
	cleanup_(text_free) struct text text = {};
	struct device_summary summary;

	device_filters_summary(arena, filters, &summary);
	if (summary.unclear)
		return summary.unclear;
	for (size_t i = 0; i < summary.count; i++) {
		if (i)
			text_add(&text, ", ");
		device_rule_text(&summary.rules[i], &text);
	}
	return arena_strdup(arena, text_str(&text));
}

/* A filter of rules, as one of ours. */
static struct device_filter program_of(struct arena *arena, const struct device_policy *policy)
{
	struct device_filter filter = {.id = 1, .name = DEVICES_PROGRAM, .cgroup = "/c"};

	filter.insns = devices_program(arena, policy, &filter.count);
	return filter;
}

Test(cgroup_device_filter, read_back)
{
	static struct device_rule crossing[] = {
		{true, 'c', 5, -1, DEVICE_READ},        {true, 'c', -1, 9, DEVICE_WRITE},
		{true, 'c', 5, 7, DEVICE_MKNOD},        {false, 'c', 5, 8, DEVICE_ALL},
		{true, 'b', 4095, 1048575, DEVICE_ALL},
	};
	static const struct device_policy policy = {false, ARRAY_SIZE(crossing), crossing},
					  open = {true, 1, &crossing[3]}, closed = {};
	cleanup_(arena_free) struct arena arena = {};
	const struct device_filter ours = program_of(&arena, &policy),
				   mostly = program_of(&arena, &open),
				   none = program_of(&arena, &closed);
	const struct {
		struct device_filters filters;
		const char *text;
	} rows[] = {
		{{1, &ours},
		 "c *:9 w, c 5:* r, c 5:7 rm, c 5:8 nothing, c 5:9 rw, b 4095:1048575 rwm"},
		{{1, &mostly}, "a *:* rwm, c 5:8 nothing"},
		{{1, &none}, ""},
		{{0, NULL}, "a *:* rwm"},
		{{1, &rule_program}, "c 10:229 rw, b 8:* r"},
		{{1, &list}, "a *:* m, c 10:229 rm, b 8:* rwm"},
		{{2, (const struct device_filter[]){rule_program, list}}, "c 10:229 r, b 8:* r"},
		{{1, &call_program},
		 "BPF program 8 on a cgroup that isn't seen from here calls a "
		 "function (instruction 2)"},
		{{1, &order_program}, "o on /o compares by order"},
		{{1, &unread}, "BPF program 10 on /x\\n: Operation not permitted"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		cr_expect_str_eq(summary_text(&arena, &rows[i].filters), rows[i].text, "row %zu",
				 i);
}

/* --- beside what was asked for */

Test(cgroup_device_filter, beside_a_policy)
{
	static struct device_rule rules[] = {
		{true, 'c', 10, 229, DEVICE_READ | DEVICE_WRITE},
		{true, 'b', 8, -1, DEVICE_READ},
		{true, 'c', 1, 3, DEVICE_ALL},
	};
	static const struct device_policy wanted = {false, 2, rules}, more = {false, 3, rules},
					  closed = {};
	cleanup_(arena_free) struct arena arena = {};
	const struct device_filter wide = program_of(&arena, &more);
	const struct device_filter two[] = {wide, rule_program}; /* outlives what is said of it */
	struct device_request request;
	struct device_verdict verdict;

	cr_expect_not(device_filters_differ(&(struct device_filters){1, &rule_program}, &wanted,
					    &request, &verdict),
		      "other instructions, the same answers");
	cr_assert(device_filters_differ(&(struct device_filters){1, &wide}, &wanted, &request,
					&verdict));
	cr_expect_eq(verdict.answer, DEVICE_ALLOWED);
	cr_expect(request.type == 'c' && request.major == 1 && request.minor == 3);
	cr_assert(
		device_filters_differ(&(struct device_filters){2, two}, &more, &request, &verdict));
	cr_expect_eq(verdict.answer, DEVICE_DENIED);
	cr_expect_str_eq(verdict.filter->name, "sd_devices");
	cr_assert(device_filters_differ(&(struct device_filters){1, &call_program}, &wanted,
					&request, &verdict));
	cr_expect_eq(verdict.answer, DEVICE_UNCLEAR);
	cr_assert(device_filters_differ(&(struct device_filters){1, &order_program}, &closed,
					&request, &verdict));
	cr_expect_eq(verdict.answer, DEVICE_UNCLEAR);
	cr_expect_str_eq(verdict.why, "compares by order");
}

/* More than there is time for: a difference that is found counts, that none was found doesn't. */
Test(cgroup_device_filter, beside_a_long_policy)
{
	enum { MANY = 600 };
	cleanup_(arena_free) struct arena arena = {};
	struct device_rule *rules = arena_array(&arena, MANY, sizeof(*rules));
	const struct device_policy wanted = {false, MANY - 1, rules}, more = {false, MANY, rules};
	struct device_filter same, wide;
	struct device_request request;
	struct device_verdict verdict;

	for (long i = 0; i < MANY; i++)
		rules[i] = (struct device_rule){true, 'c', i + 1, 7 * i, DEVICE_ALL};
	same = program_of(&arena, &wanted);
	wide = program_of(&arena, &more);
	cr_assert(device_filters_differ(&(struct device_filters){1, &same}, &wanted, &request,
					&verdict));
	cr_expect_eq(verdict.answer, DEVICE_UNCLEAR);
	cr_expect_str_eq(verdict.why, "names too many devices to compare them all");
	cr_assert(device_filters_differ(&(struct device_filters){1, &wide}, &wanted, &request,
					&verdict));
	cr_expect_eq(verdict.answer, DEVICE_UNCLEAR, "what is beyond isn't taken for the same");
	cr_assert(device_filters_differ(&(struct device_filters){1, &same}, &more, &request,
					&verdict));
	cr_expect(verdict.answer == DEVICE_DENIED && request.major == MANY, "%u", request.major);
}

/* --- version 1 */

Test(cgroup_device_filter, lists)
{
	static const struct {
		const char *text;
		const char *summary; /* NULL: no list */
	} rows[] = {
		{"", ""},
		{"a *:* rwm\n", "a *:* rwm"},
		{"c *:* m\nb *:* m\nc 1:3 rwm\nc 136:* rw\n", "a *:* m, c 1:3 rwm, c 136:* rwm"},
		{"b 8:1 r", "b 8:1 r"},
		{"c 1:3 ", NULL},
		{"x 1:3 rwm\n", NULL},
		{"c 1 rwm\n", NULL},
		{"c -1:3 rwm\n", NULL},
		{"c :3 rwm\n", NULL},
		{"c 1:\n3 rwm\n", NULL},
		{"c 1:3\nrwm\n", NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		struct device_filter filter = {.name = "devices.list", .cgroup = "/"};
		const bool is_list = device_list_read(&arena, rows[i].text, &filter);

		cr_assert_eq(is_list, rows[i].summary != NULL, "row %zu", i);
		if (is_list)
			cr_expect_str_eq(summary_text(&arena, &(struct device_filters){1, &filter}),
					 rows[i].summary, "row %zu", i);
	}
}
