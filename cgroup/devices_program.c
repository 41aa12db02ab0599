#include "cgroup/devices.h"
#include "lib/arena.h"

#include <linux/bpf.h>

/*
 * The kernel checks and compiles the program at every start, some 4 us an instruction: the fewest
 * that say it. What the program keeps where; r1 comes in as struct bpf_cgroup_dev_ctx.
 *
 *	r2 type   r3 major and minor   r4 major   r5 minor   r6 asked-for bits that no rule has
 *	decided yet
 */
enum { HEADER_INSNS = 9, RULE_INSNS = 4, EXIT_INSNS = 4 };

/* In place of an offset, until the exits have their places. */
enum { TO_DENY = -2, TO_ALLOW = -1 };

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

static void jump(struct builder *b, unsigned int op, int reg, long value, int offset)
{
	emit(b, BPF_JMP32 | op | BPF_K, reg, 0, offset, value);
}

static void emit_header(struct builder *b)
{
	load(b, BPF_REG_2, offsetof(struct bpf_cgroup_dev_ctx, access_type));
	emit(b, BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_6, BPF_REG_2, 0, 0);
	emit(b, BPF_ALU | BPF_AND | BPF_K, BPF_REG_2, 0, 0, 0xffff);
	emit(b, BPF_ALU | BPF_RSH | BPF_K, BPF_REG_6, 0, 0, 16);
	load(b, BPF_REG_4, offsetof(struct bpf_cgroup_dev_ctx, major));
	load(b, BPF_REG_5, offsetof(struct bpf_cgroup_dev_ctx, minor));
	emit(b, BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_3, BPF_REG_4, 0, 0);
	emit(b, BPF_ALU | BPF_LSH | BPF_K, BPF_REG_3, 0, 0, MINOR_BITS);
	emit(b, BPF_ALU | BPF_OR | BPF_X, BPF_REG_3, BPF_REG_5, 0, 0);
}

/* Return: the register that a rule on numbers looks at; 0: it holds for all. */
static int number_of(const struct device_rule *rule, long *value)
{
	if (rule->major >= 0 && rule->minor >= 0) {
		*value = rule->major << MINOR_BITS | rule->minor;
		return BPF_REG_3;
	}
	*value = rule->major >= 0 ? rule->major : rule->minor;
	return rule->major >= 0 ? BPF_REG_4 : rule->minor >= 0 ? BPF_REG_5 : 0;
}

/* The type has been looked at. */
static void emit_rule(struct builder *b, const struct device_rule *rule)
{
	long value;
	int reg = number_of(rule, &value);

	if (rule->major > MAJOR_MAX || rule->minor > MINOR_MAX)
		return; /* no device has such a number */
	if (reg && rule->allow && rule->access == DEVICE_ALL) {
		jump(b, BPF_JEQ, reg, value, TO_ALLOW);
		return;
	}
	if (reg)
		jump(b, BPF_JNE, reg, value, rule->allow ? 2 : 1);
	if (rule->allow) { /* these bits are decided; nothing left: allowed */
		emit(b, BPF_ALU | BPF_AND | BPF_K, BPF_REG_6, 0, 0,
		     (long)(DEVICE_ALL & ~rule->access));
		jump(b, BPF_JEQ, BPF_REG_6, 0, TO_ALLOW);
	} else { /* one of them is asked for: denied */
		jump(b, BPF_JSET, BPF_REG_6, (long)rule->access, TO_DENY);
	}
}

/* Return: where the next rule is; those of one type that follow each other share a look at it. */
static size_t emit_run(struct builder *b, const struct device_policy *policy, size_t end)
{
	const char type = policy->rules[end - 1].type;
	size_t first = b->count;

	if (type != 'a')
		jump(b, BPF_JNE, BPF_REG_2, type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR,
		     0);
	for (; end > 0 && policy->rules[end - 1].type == type; end--)
		emit_rule(b, &policy->rules[end - 1]);
	if (type != 'a')
		b->insns[first].off = (__s16)(b->count - first - 1);
	return end;
}

static void emit_exit(struct builder *b, bool allow)
{
	const int to_here = allow ? TO_ALLOW : TO_DENY;

	for (size_t i = 0; i < b->count; i++)
		if (b->insns[i].off == to_here)
			b->insns[i].off = (__s16)(b->count - i - 1);
	emit(b, BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, allow);
	emit(b, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

static bool wanted(const struct builder *b, int exit)
{
	for (size_t i = 0; i < b->count; i++)
		if (b->insns[i].off == exit)
			return true;
	return false;
}

/* Rules backwards: the last one that speaks of a bit decides it. */
struct bpf_insn *devices_program(struct arena *arena, const struct device_policy *policy,
				 size_t *count)
{
	struct builder b = {
		.insns = arena_array(arena, HEADER_INSNS + policy->count * RULE_INSNS + EXIT_INSNS,
				     sizeof(*b.insns)),
	};

	emit_header(&b);
	for (size_t end = policy->count; end > 0;)
		end = emit_run(&b, policy, end);
	emit_exit(&b, policy->allow);
	if (wanted(&b, policy->allow ? TO_DENY
				     : TO_ALLOW)) /* the kernel refuses what no jump reaches */
		emit_exit(&b, !policy->allow);
	*count = b.count;
	return b.insns;
}
