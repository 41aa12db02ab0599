#pragma once

#include <stdbool.h>
#include <stdint.h>

/* What classic BPF instructions compute, for whoever runs or follows a program. Pure. */

struct sock_filter;

/** insn_loads() - whether what it loads is there: an instruction of class BPF_LD or BPF_LDX */
bool insn_loads(const struct sock_filter *insn);

/**
 * insn_calculate() - @number = @number @operation @operand
 * @operation: BPF_OP() of an instruction of class BPF_ALU
 * Return: false for what has no result: a division by zero, an unknown operation.
 */
bool insn_calculate(uint16_t operation, uint32_t operand, uint32_t *number);

/** insn_compare() - whether a conditional jump is taken: BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET */
bool insn_compare(uint16_t operation, uint32_t number, uint32_t operand);
