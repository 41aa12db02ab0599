#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * What one instruction of BPF computes, for whoever runs or follows a program: classic BPF and eBPF
 * have the same numbers for the same operations. Pure. @wide: of 64 bits, else of 32, where neither
 * the operands' other bits count nor the result has any.
 */

/**
 * bpf_calculate() - @a @operation @b
 * @operation: BPF_OP() of an arithmetic instruction, BPF_ADD to BPF_ARSH
 * By zero: as eBPF has it, nothing for a quotient and all of @a for a remainder.
 */
uint64_t bpf_calculate(unsigned int operation, bool wide, uint64_t a, uint64_t b);

/** bpf_compare() - whether a conditional jump is taken: BPF_JEQ to BPF_JSLE but BPF_CALL, BPF_EXIT
 */
bool bpf_compare(unsigned int operation, bool wide, uint64_t a, uint64_t b);
