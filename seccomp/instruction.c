#include "seccomp/instruction.h"

#include <linux/filter.h>
#include <linux/seccomp.h>

bool insn_loads(const struct sock_filter *insn)
{
	switch (BPF_MODE(insn->code)) {
	case BPF_IMM:
	case BPF_LEN:
		return true;
	case BPF_MEM:
		return insn->k < BPF_MEMWORDS;
	case BPF_ABS: /* a whole word of the call */
		return insn->k % 4 == 0 && insn->k <= sizeof(struct seccomp_data) - 4;
	default:
		return false;
	}
}

bool insn_calculate(uint16_t operation, uint32_t operand, uint32_t *number)
{
	switch (operation) {
	case BPF_AND:
		*number &= operand;
		return true;
	case BPF_OR:
		*number |= operand;
		return true;
	case BPF_XOR:
		*number ^= operand;
		return true;
	case BPF_ADD:
		*number += operand;
		return true;
	case BPF_SUB:
		*number -= operand;
		return true;
	case BPF_MUL:
		*number *= operand;
		return true;
	case BPF_DIV:
		*number = operand ? *number / operand : 0;
		return operand;
	case BPF_LSH: /* as the kernel's own machine: the lowest five bits */
		*number <<= operand & 31;
		return true;
	case BPF_RSH:
		*number >>= operand & 31;
		return true;
	case BPF_NEG:
		*number = -*number;
		return true;
	default:
		return false;
	}
}

bool insn_compare(uint16_t operation, uint32_t number, uint32_t operand)
{
	switch (operation) {
	case BPF_JEQ:
		return number == operand;
	case BPF_JGT:
		return number > operand;
	case BPF_JGE:
		return number >= operand;
	case BPF_JSET:
		return number & operand;
	default:
		return false;
	}
}
