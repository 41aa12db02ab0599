#include "cgroup/devices.h"
#include "lib/arena.h"

#include <linux/bpf.h>

/*
 * What the program keeps where. r1 comes in as struct bpf_cgroup_dev_ctx.
 *
 *	r2 type   r4 major   r5 minor   r6 asked-for bits that no rule has decided yet   r3 scratch
 */
enum { HEADER_INSNS = 6, RULE_INSNS = 8, TAIL_INSNS = 2 };

_Static_assert((int)DEVICE_MKNOD == (int)BPF_DEVCG_ACC_MKNOD, "mknod: our bit is the kernel's");
_Static_assert((int)DEVICE_READ == (int)BPF_DEVCG_ACC_READ, "read: our bit is the kernel's");
_Static_assert((int)DEVICE_WRITE == (int)BPF_DEVCG_ACC_WRITE, "write: our bit is the kernel's");

struct builder {
	struct bpf_insn *insns;
	size_t count;
};

static void emit(struct builder *b, unsigned int code, int dst, int src, int offset, long value)
{
	b->insns[b->count++] = (struct bpf_insn){
		.code = (__u8)code,
		.dst_reg = (__u8)(dst & 0xf),
		.src_reg = (__u8)(src & 0xf),
		.off = (__s16)offset,
		.imm = (__s32)value,
	};
}

static void load(struct builder *b, int dst, unsigned int offset)
{
	emit(b, BPF_LDX | BPF_MEM | BPF_W, dst, BPF_REG_1, (int)offset, 0);
}

static void leave(struct builder *b, bool allow)
{
	emit(b, BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, allow);
	emit(b, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

static void emit_header(struct builder *b)
{
	load(b, BPF_REG_2, offsetof(struct bpf_cgroup_dev_ctx, access_type));
	emit(b, BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_6, BPF_REG_2, 0, 0);
	emit(b, BPF_ALU | BPF_AND | BPF_K, BPF_REG_2, 0, 0, 0xffff);
	emit(b, BPF_ALU | BPF_RSH | BPF_K, BPF_REG_6, 0, 0, 16);
	load(b, BPF_REG_4, offsetof(struct bpf_cgroup_dev_ctx, major));
	load(b, BPF_REG_5, offsetof(struct bpf_cgroup_dev_ctx, minor));
}

/* Go on at the next rule, so far unknown, unless @reg is @value. */
static void unless_equal(struct builder *b, int reg, long value)
{
	emit(b, BPF_JMP32 | BPF_JNE | BPF_K, reg, 0, 0, value);
}

static void emit_rule(struct builder *b, const struct device_rule *rule)
{
	size_t first = b->count, conditions;

	if (rule->type != 'a')
		unless_equal(b, BPF_REG_2,
			     rule->type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR);
	if (rule->major >= 0)
		unless_equal(b, BPF_REG_4, rule->major);
	if (rule->minor >= 0)
		unless_equal(b, BPF_REG_5, rule->minor);
	conditions = b->count;
	if (rule->allow) { /* these bits are decided; nothing left: allowed */
		emit(b, BPF_ALU | BPF_AND | BPF_K, BPF_REG_6, 0, 0,
		     (long)(DEVICE_ALL & ~rule->access));
		emit(b, BPF_JMP32 | BPF_JNE | BPF_K, BPF_REG_6, 0, 2, 0);
	} else { /* one of them is asked for: denied */
		emit(b, BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_3, BPF_REG_6, 0, 0);
		emit(b, BPF_ALU | BPF_AND | BPF_K, BPF_REG_3, 0, 0, (long)rule->access);
		emit(b, BPF_JMP32 | BPF_JEQ | BPF_K, BPF_REG_3, 0, 2, 0);
	}
	leave(b, rule->allow);
	for (size_t i = first; i < conditions; i++)
		b->insns[i].off = (__s16)(b->count - i - 1);
}

/* Rules backwards: the last one that speaks of a bit decides it. */
struct bpf_insn *devices_program(struct arena *arena, const struct device_policy *policy,
				 size_t *count)
{
	struct builder b = {
		.insns = arena_array(arena, HEADER_INSNS + policy->count * RULE_INSNS + TAIL_INSNS,
				     sizeof(*b.insns)),
	};

	emit_header(&b);
	for (size_t i = policy->count; i-- > 0;)
		emit_rule(&b, &policy->rules[i]);
	leave(&b, policy->allow);
	*count = b.count;
	return b.insns;
}
