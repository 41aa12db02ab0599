#include "seccomp/calls.h"

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/own.h"
#include "lib/text.h"

#include <linux/audit.h>
#include <seccomp.h>
#include <string.h>

enum { X32_BIT = 0x40000000 };

static const struct call_arch x86_64[] = {
	{"x86_64", AUDIT_ARCH_X86_64, SCMP_ARCH_X86_64, 0},
	{"x86", AUDIT_ARCH_I386, SCMP_ARCH_X86, 0},
	{"x32", AUDIT_ARCH_X86_64, SCMP_ARCH_X32, X32_BIT},
	{},
};
static const struct call_arch aarch64[] = {
	{"aarch64", AUDIT_ARCH_AARCH64, SCMP_ARCH_AARCH64, 0},
	{"arm", AUDIT_ARCH_ARM, SCMP_ARCH_ARM, 0},
	{},
};
static const struct call_arch riscv64[] = {
	{"riscv64", AUDIT_ARCH_RISCV64, SCMP_ARCH_RISCV64, 0},
	{},
};
static const struct call_arch ppc64le[] = {
	{"ppc64le", AUDIT_ARCH_PPC64LE, SCMP_ARCH_PPC64LE, 0},
	{},
};
static const struct call_arch s390x[] = {
	{"s390x", AUDIT_ARCH_S390X, SCMP_ARCH_S390X, 0},
	{"s390", AUDIT_ARCH_S390, SCMP_ARCH_S390, 0},
	{},
};
static const struct call_arch none[] = {{}};

static const struct call_arch *const machines[] = {x86_64, aarch64, riscv64, ppc64le, s390x};

const struct call_arch *call_arches(void)
{
	uint32_t native = seccomp_arch_native();

	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		if (machines[i]->scmp == native)
			return machines[i];
	return none;
}

int call_arch_find(const char *name, const struct call_arch **arch, struct err *err)
{
	const struct call_arch *all = call_arches();
	cleanup_(text_free) struct text known = {};

	for (size_t i = 0; all[i].name; i++) {
		if (!name || strcmp(all[i].name, name) == 0) {
			*arch = &all[i];
			return 0;
		}
		text_addf(&known, "%s%s", i ? ", " : "", all[i].name);
	}
	if (!name)
		return err_plain(err, -EINVAL, "this machine's system calls are not known");
	return err_plain(err, -EINVAL, "%s: this machine runs programs of %s only", name,
			 text_str(&known));
}

static bool is_number(const char *word)
{
	return word[0] >= '0' && word[0] <= '9';
}

bool call_is_none(uint32_t number)
{
	return (number & ~(uint32_t)X32_BIT) >= CALL_NUMBERS;
}

int call_find(const struct call_arch *arch, const char *word, uint32_t *number, struct err *err)
{
	int found;

	if (is_number(word))
		return parse_u32(word, number) < 0
			       ? err_plain(err, -EINVAL, "%s: no number of a system call", word)
			       : 0;
	found = seccomp_syscall_resolve_name_arch(arch->scmp, word);
	if (found < 0) {
		err_plain(err, -EINVAL, "%s: no system call of %s that libseccomp knows", word,
			  arch->name);
		err_hint(err, "its number does as well");
		return -EINVAL;
	}
	*number = (uint32_t)found;
	return 0;
}

const char *call_name(struct arena *arena, const struct call_arch *arch, uint32_t number)
{
	cleanup_free char *name = seccomp_syscall_resolve_num_arch(arch->scmp, (int)number);

	return name ? arena_strdup(arena, name) : NULL;
}
