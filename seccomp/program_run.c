#include "seccomp/explain.h"
#include "seccomp/filter.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <string.h>

struct machine {
	const struct program *program;
	const struct seccomp_data *data;
	uint32_t accumulator, index;
	uint32_t memory[BPF_MEMWORDS];
};

static bool compare(const struct machine *m, const struct sock_filter *insn, uint32_t operand)
{
	switch (BPF_OP(insn->code)) {
	case BPF_JEQ:
		return m->accumulator == operand;
	case BPF_JGT:
		return m->accumulator > operand;
	case BPF_JGE:
		return m->accumulator >= operand;
	case BPF_JSET:
		return m->accumulator & operand;
	default:
		return false;
	}
}

static size_t jump(const struct machine *m, const struct sock_filter *insn, uint32_t operand)
{
	if (BPF_OP(insn->code) == BPF_JA)
		return insn->k;
	return compare(m, insn, operand) ? insn->jt : insn->jf;
}

/* Return: false for what a filter of system calls can't have. */
static bool calculate(struct machine *m, const struct sock_filter *insn, uint32_t operand)
{
	switch (BPF_OP(insn->code)) {
	case BPF_AND:
		m->accumulator &= operand;
		return true;
	case BPF_OR:
		m->accumulator |= operand;
		return true;
	case BPF_ADD:
		m->accumulator += operand;
		return true;
	case BPF_SUB:
		m->accumulator -= operand;
		return true;
	case BPF_LSH:
		m->accumulator = operand < 32 ? m->accumulator << operand : 0;
		return true;
	case BPF_RSH:
		m->accumulator = operand < 32 ? m->accumulator >> operand : 0;
		return true;
	default:
		return false;
	}
}

static bool load(struct machine *m, const struct sock_filter *insn, uint32_t *to)
{
	switch (BPF_MODE(insn->code)) {
	case BPF_IMM:
		*to = insn->k;
		return true;
	case BPF_MEM:
		*to = insn->k < BPF_MEMWORDS ? m->memory[insn->k] : 0;
		return insn->k < BPF_MEMWORDS;
	case BPF_ABS:
		if (insn->k % 4 || insn->k > sizeof(*m->data) - 4)
			return false;
		memcpy(to, (const char *)m->data + insn->k, sizeof(*to));
		return true;
	default:
		return false;
	}
}

static bool execute(struct machine *m, const struct sock_filter *insn, size_t *next)
{
	uint32_t operand = BPF_SRC(insn->code) == BPF_X ? m->index : insn->k;

	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
		return load(m, insn, &m->accumulator);
	case BPF_LDX:
		return load(m, insn, &m->index);
	case BPF_ST:
		if (insn->k < BPF_MEMWORDS)
			m->memory[insn->k] = m->accumulator;
		return insn->k < BPF_MEMWORDS;
	case BPF_ALU:
		return calculate(m, insn, operand);
	case BPF_JMP:
		*next += jump(m, insn, operand);
		return true;
	case BPF_MISC:
		if (BPF_MISCOP(insn->code) == BPF_TAX)
			m->index = m->accumulator;
		else
			m->accumulator = m->index;
		return true;
	default:
		return false;
	}
}

/* Jumps go forwards only, so it ends. */
uint32_t program_run(const struct program *program, const struct seccomp_data *data)
{
	struct machine m = {.program = program, .data = data};

	for (size_t at = 0; at < program->count;) {
		const struct sock_filter *insn = &program->insns[at++];

		if (BPF_CLASS(insn->code) == BPF_RET)
			return BPF_RVAL(insn->code) == BPF_A ? m.accumulator : insn->k;
		if (!execute(&m, insn, &at))
			break;
	}
	return SECCOMP_RET_KILL_PROCESS;
}
