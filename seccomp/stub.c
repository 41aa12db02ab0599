#include "seccomp/stub.h"

#include "lib/arena.h"
#include "lib/own.h"
#include "seccomp/filter.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <string.h>

enum { X32_BIT = 0x40000000, STUB_ARCH_INSNS = 8 };

static bool lets_through(uint32_t action)
{
	uint32_t kind = action & SECCOMP_RET_ACTION_FULL;

	return kind == SECCOMP_RET_ALLOW || kind == SECCOMP_RET_LOG || kind == SECCOMP_RET_TRACE ||
	       action == SCMP_ACT_ERRNO(ENOSYS);
}

/* Negative: not of this architecture. */
static long higher(long highest, uint32_t arch, const char *name)
{
	long number = seccomp_syscall_resolve_name_arch(arch, name);

	return number > highest ? number : highest;
}

/* The highest number of @arch that the profile names; -1: none. */
static long newest(const struct profile *profile, uint32_t arch)
{
	long highest = -1;

	for (size_t i = 0; i < profile->named; i++)
		highest = higher(highest, arch, profile->names[i]);
	for (size_t i = 0; i < profile->count; i++)
		highest = higher(highest, arch, profile->rules[i].name);
	return highest;
}

bool stub_answers(const struct profile *profile, int number)
{
	long highest = newest(profile, seccomp_arch_native());

	return !lets_through(profile->default_action) && highest >= 0 && number > highest;
}

struct builder {
	struct sock_filter *insns;
	size_t count;
};

static void emit(struct builder *b, unsigned int code, uint8_t yes, uint8_t no, uint32_t k)
{
	b->insns[b->count++] = (struct sock_filter){(__u16)code, yes, no, k};
}

static void load(struct builder *b, unsigned int offset)
{
	emit(b, BPF_LD | BPF_W | BPF_ABS, 0, 0, offset);
}

/*
 * For one architecture, with its audit number in the accumulator before and after. x32 shares its
 * audit number with x86-64 and is told by a bit of the call's number.
 */
static void emit_arch(struct builder *b, uint32_t arch, long highest)
{
	uint32_t audit = arch == SCMP_ARCH_X32 ? AUDIT_ARCH_X86_64 : arch;
	bool x32 = arch == SCMP_ARCH_X32, x86_64 = arch == SCMP_ARCH_X86_64;
	size_t first = b->count;

	emit(b, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, audit);
	load(b, offsetof(struct seccomp_data, nr));
	if (x32) /* below it: x86-64's, not ours */
		emit(b, BPF_JMP | BPF_JGE | BPF_K, 0, 2, X32_BIT);
	if (x86_64)
		emit(b, BPF_JMP | BPF_JGE | BPF_K, 2, 0, X32_BIT);
	emit(b, BPF_JMP | BPF_JGT | BPF_K, 0, 1, (uint32_t)highest);
	emit(b, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | ENOSYS);
	load(b, offsetof(struct seccomp_data, arch));
	b->insns[first].jf = (uint8_t)(b->count - first - 1);
}

static void prepend(struct arena *arena, const struct builder *b, struct program *program)
{
	struct sock_filter *whole = arena_array(arena, b->count + program->count, sizeof(*whole));

	memcpy(whole, b->insns, b->count * sizeof(*whole));
	memcpy(whole + b->count, program->insns, program->count * sizeof(*whole));
	program->insns = whole;
	program->count += b->count;
}

void stub_add(struct arena *arena, const struct profile *profile, struct program *program)
{
	uint32_t native = seccomp_arch_native();
	struct builder b = {};
	size_t before;

	if (lets_through(profile->default_action))
		return;
	b.insns = arena_array(arena, 1 + (profile->arch_count + 1) * STUB_ARCH_INSNS,
			      sizeof(*b.insns));
	load(&b, offsetof(struct seccomp_data, arch));
	before = b.count;
	for (size_t i = 0; i <= profile->arch_count; i++) {
		uint32_t arch = i == 0 ? native : profile->arches[i - 1];
		long highest = i > 0 && arch == native ? -1 : newest(profile, arch);

		if (highest >= 0)
			emit_arch(&b, arch, highest);
	}
	if (b.count > before)
		prepend(arena, &b, program);
}
