#include "lib/bpf.h"

#include <linux/bpf.h>

static uint64_t shift(unsigned int operation, bool wide, uint64_t number, uint64_t by)
{
	by &= wide ? 63 : 31;
	switch (operation) {
	case BPF_LSH:
		return number << by;
	case BPF_RSH:
		return number >> by;
	default: /* BPF_ARSH */
		return wide ? (uint64_t)((int64_t)number >> by) : (uint64_t)((int32_t)number >> by);
	}
}

static uint64_t calculate(unsigned int operation, bool wide, uint64_t a, uint64_t b)
{
	switch (operation) {
	case BPF_ADD:
		return a + b;
	case BPF_SUB:
		return a - b;
	case BPF_MUL:
		return a * b;
	case BPF_DIV:
		return b ? a / b : 0;
	case BPF_MOD:
		return b ? a % b : a;
	case BPF_OR:
		return a | b;
	case BPF_AND:
		return a & b;
	case BPF_XOR:
		return a ^ b;
	case BPF_NEG:
		return -a;
	case BPF_MOV:
		return b;
	default:
		return shift(operation, wide, a, b);
	}
}

uint64_t bpf_calculate(unsigned int operation, bool wide, uint64_t a, uint64_t b)
{
	return wide ? calculate(operation, true, a, b)
		    : (uint32_t)calculate(operation, false, (uint32_t)a, (uint32_t)b);
}

static bool compare_signed(unsigned int operation, int64_t a, int64_t b)
{
	switch (operation) {
	case BPF_JSGT:
		return a > b;
	case BPF_JSGE:
		return a >= b;
	case BPF_JSLT:
		return a < b;
	default: /* BPF_JSLE */
		return a <= b;
	}
}

bool bpf_compare(unsigned int operation, bool wide, uint64_t a, uint64_t b)
{
	if (!wide) {
		a = (uint32_t)a;
		b = (uint32_t)b;
	}
	switch (operation) {
	case BPF_JEQ:
		return a == b;
	case BPF_JNE:
		return a != b;
	case BPF_JSET:
		return a & b;
	case BPF_JGT:
		return a > b;
	case BPF_JGE:
		return a >= b;
	case BPF_JLT:
		return a < b;
	case BPF_JLE:
		return a <= b;
	default:
		return wide ? compare_signed(operation, (int64_t)a, (int64_t)b)
			    : compare_signed(operation, (int32_t)a, (int32_t)b);
	}
}
