#include "seccomp/explain.h"
#include "seccomp/filter.h"
#include "seccomp/instruction.h"

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

static size_t jump(const struct machine *m, const struct sock_filter *insn, uint32_t operand)
{
	if (BPF_OP(insn->code) == BPF_JA)
		return insn->k;
	return insn_compare(BPF_OP(insn->code), m->accumulator, operand) ? insn->jt : insn->jf;
}

static bool load(struct machine *m, const struct sock_filter *insn, uint32_t *to)
{
	if (!insn_loads(insn))
		return false;
	switch (BPF_MODE(insn->code)) {
	case BPF_LEN:
		*to = sizeof(*m->data);
		return true;
	case BPF_MEM:
		*to = m->memory[insn->k];
		return true;
	case BPF_ABS:
		memcpy(to, (const char *)m->data + insn->k, sizeof(*to));
		return true;
	default:
		*to = insn->k;
		return true;
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
	case BPF_STX:
		if (insn->k < BPF_MEMWORDS)
			m->memory[insn->k] =
				BPF_CLASS(insn->code) == BPF_ST ? m->accumulator : m->index;
		return insn->k < BPF_MEMWORDS;
	case BPF_ALU:
		return insn_calculate(BPF_OP(insn->code), operand, &m->accumulator);
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
	return SECCOMP_RET_KILL_THREAD;
}
