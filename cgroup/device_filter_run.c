#include "cgroup/device_filter.h"

#include "lib/bpf.h"

#include <linux/bpf.h>
#include <string.h>

/*
 * Instructions of eBPF (Documentation/bpf/standardization/instruction-set.rst), as far as device
 * filters have them. Addresses are numbers of ours: what is in neither the request nor the stack
 * can't be reached, whatever a program computes.
 */

enum { REGISTERS = 12 /* with the verifier's own */, STACK_SIZE = 512 };

static const uint64_t request_base = 1ULL << 40, stack_base = 1ULL << 41;

struct machine {
	const struct bpf_insn *insns;
	size_t count, at; /* @at: of the instruction that runs */
	uint64_t reg[REGISTERS];
	struct bpf_cgroup_dev_ctx request;
	unsigned char stack[STACK_SIZE];
	const char *stop; /* why it can't go on */
	bool done;
};

static void stop(struct machine *machine, const char *why)
{
	machine->stop = why;
}

/* ------------------------------------------------------------------ memory */

static bool is_in(uint64_t address, size_t size, uint64_t base, size_t length)
{
	return address >= base && address - base <= length - size;
}

/* Return: NULL: there is no memory. */
static void *memory(struct machine *machine, uint64_t address, size_t size, bool write)
{
	if (is_in(address, size, stack_base, sizeof(machine->stack)))
		return machine->stack + (address - stack_base);
	if (!write && is_in(address, size, request_base, sizeof(machine->request)))
		return (unsigned char *)&machine->request + (address - request_base);
	stop(machine,
	     write ? "writes to memory that isn't its own" : "reads memory that isn't its own");
	return NULL;
}

static size_t size_of(const struct bpf_insn *insn)
{
	switch (BPF_SIZE(insn->code)) {
	case BPF_B:
		return 1;
	case BPF_H:
		return 2;
	case BPF_W:
		return 4;
	default:
		return 8;
	}
}

static void load(struct machine *machine, const struct bpf_insn *insn)
{
	const uint64_t address = machine->reg[insn->src_reg] + (uint64_t)(int64_t)insn->off;
	const size_t size = size_of(insn);
	const void *from = memory(machine, address, size, false);
	uint64_t value = 0;

	if (!from)
		return;
	/* The low bytes of a number, whatever the machine's order of them. */
	memcpy((unsigned char *)&value +
		       (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? sizeof(value) - size : 0),
	       from, size);
	machine->reg[insn->dst_reg] = value;
}

static void store(struct machine *machine, const struct bpf_insn *insn, uint64_t value)
{
	const uint64_t address = machine->reg[insn->dst_reg] + (uint64_t)(int64_t)insn->off;
	const size_t size = size_of(insn);
	void *to = memory(machine, address, size, true);

	if (to)
		memcpy(to,
		       (unsigned char *)&value +
			       (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? sizeof(value) - size : 0),
		       size);
}

/* ------------------------------------------------------------------ arithmetic and jumps */

/* The second number of an instruction: a register's, or its own. */
static uint64_t operand_of(const struct machine *machine, const struct bpf_insn *insn)
{
	return BPF_SRC(insn->code) == BPF_X ? machine->reg[insn->src_reg]
					    : (uint64_t)(int64_t)insn->imm;
}

static void compute(struct machine *machine, const struct bpf_insn *insn)
{
	uint64_t *number = &machine->reg[insn->dst_reg];

	/* An offset turns some into signed ones, which nobody needs for devices. */
	if (insn->off || BPF_OP(insn->code) > BPF_ARSH)
		stop(machine, "has an instruction that isn't known here");
	else
		*number = bpf_calculate(BPF_OP(insn->code), BPF_CLASS(insn->code) == BPF_ALU64,
					*number, operand_of(machine, insn));
}

/* Forwards only: no filter has loops, and so each run has an end. */
static void jump(struct machine *machine, const struct bpf_insn *insn)
{
	const bool wide = BPF_CLASS(insn->code) == BPF_JMP;
	const unsigned int operation = BPF_OP(insn->code);

	if (operation == BPF_CALL) {
		stop(machine, "calls a function");
	} else if (wide && operation == BPF_EXIT) {
		machine->done = true;
	} else if (operation > BPF_JSLE || operation == BPF_EXIT || (!wide && !operation)) {
		stop(machine, "has an instruction that isn't known here");
	} else {
		if (operation != BPF_JA &&
		    !bpf_compare(operation, wide, machine->reg[insn->dst_reg],
				 operand_of(machine, insn)))
			return;
		if (insn->off < 0)
			stop(machine, "has a loop");
		else
			machine->at += (size_t)insn->off;
	}
}

/* ------------------------------------------------------------------ one after the other */

/* A number of 64 bits takes two instructions; in place of one there may be a map. */
static void load_number(struct machine *machine, const struct bpf_insn *insn)
{
	if (insn->code != (BPF_LD | BPF_IMM | BPF_DW) || machine->at + 1 >= machine->count)
		stop(machine, "has an instruction that isn't known here");
	else if (insn->src_reg)
		stop(machine, "has a map");
	else
		machine->reg[insn->dst_reg] =
			(uint32_t)insn->imm | (uint64_t)(uint32_t)machine->insns[++machine->at].imm
						      << 32;
}

static void step(struct machine *machine, const struct bpf_insn *insn)
{
	const bool plain = BPF_MODE(insn->code) == BPF_MEM;

	if (insn->dst_reg >= REGISTERS || insn->src_reg >= REGISTERS) {
		stop(machine, "has an instruction that isn't known here");
		return;
	}
	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		compute(machine, insn);
		return;
	case BPF_JMP:
	case BPF_JMP32:
		jump(machine, insn);
		return;
	case BPF_LD:
		load_number(machine, insn);
		return;
	}
	if (!plain)
		stop(machine, "has an instruction that isn't known here");
	else if (BPF_CLASS(insn->code) == BPF_LDX)
		load(machine, insn);
	else
		store(machine, insn,
		      BPF_CLASS(insn->code) == BPF_STX ? machine->reg[insn->src_reg]
						       : (uint64_t)(int64_t)insn->imm);
}

static uint32_t access_type(const struct device_request *request)
{
	return request->access << 16 |
	       (request->type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR);
}

void device_program_run(const struct bpf_insn *insns, size_t count,
			const struct device_request *request, struct device_verdict *verdict)
{
	struct machine machine = {
		.insns = insns,
		.count = count,
		.request = {access_type(request), request->major, request->minor},
		.reg = {[BPF_REG_1] = request_base, [BPF_REG_10] = stack_base + STACK_SIZE},
	};

	while (!machine.done && !machine.stop) {
		if (machine.at >= count)
			stop(&machine, "has no end");
		else
			step(&machine, &insns[machine.at]);
		if (!machine.done && !machine.stop)
			machine.at++;
	}
	verdict->why = machine.stop;
	verdict->insn = machine.at < count ? machine.at : count;
	verdict->answer = machine.stop             ? DEVICE_UNCLEAR
			  : machine.reg[BPF_REG_0] ? DEVICE_ALLOWED
						   : DEVICE_DENIED;
}
