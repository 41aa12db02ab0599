#include "seccomp/words.h"

#include "lib/own.h"
#include "seccomp/filter.h"

#include <linux/elf-em.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <string.h>

/* Of two words for one action the one that we show stands first. */
static const struct action_word action_words[] = {
	{"SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD, false},
	{"SCMP_ACT_KILL", SCMP_ACT_KILL_THREAD, false},
	{"SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS, false},
	{"SCMP_ACT_TRAP", SCMP_ACT_TRAP, false},
	{"SCMP_ACT_ERRNO", SCMP_ACT_ERRNO(0), true},
	{"SCMP_ACT_TRACE", SCMP_ACT_TRACE(0), true},
	{"SCMP_ACT_ALLOW", SCMP_ACT_ALLOW, false},
	{"SCMP_ACT_LOG", SCMP_ACT_LOG, false},
	{"SCMP_ACT_NOTIFY", SCMP_ACT_NOTIFY, false},
};

struct number_word {
	const char *word;
	uint32_t number;
};

static const struct number_word compare_words[] = {
	{"SCMP_CMP_NE", SCMP_CMP_NE},
	{"SCMP_CMP_LT", SCMP_CMP_LT},
	{"SCMP_CMP_LE", SCMP_CMP_LE},
	{"SCMP_CMP_EQ", SCMP_CMP_EQ},
	{"SCMP_CMP_GE", SCMP_CMP_GE},
	{"SCMP_CMP_GT", SCMP_CMP_GT},
	{"SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ},
};

#ifndef EM_LOONGARCH
#define EM_LOONGARCH 258
#endif

/* libseccomp has the last four from 2.6 on; its numbers are the kernel's for audit. */
static const struct number_word arch_words[] = {
	{"SCMP_ARCH_X86", SCMP_ARCH_X86},
	{"SCMP_ARCH_X86_64", SCMP_ARCH_X86_64},
	{"SCMP_ARCH_X32", SCMP_ARCH_X32},
	{"SCMP_ARCH_ARM", SCMP_ARCH_ARM},
	{"SCMP_ARCH_AARCH64", SCMP_ARCH_AARCH64},
	{"SCMP_ARCH_MIPS", SCMP_ARCH_MIPS},
	{"SCMP_ARCH_MIPS64", SCMP_ARCH_MIPS64},
	{"SCMP_ARCH_MIPS64N32", SCMP_ARCH_MIPS64N32},
	{"SCMP_ARCH_MIPSEL", SCMP_ARCH_MIPSEL},
	{"SCMP_ARCH_MIPSEL64", SCMP_ARCH_MIPSEL64},
	{"SCMP_ARCH_MIPSEL64N32", SCMP_ARCH_MIPSEL64N32},
	{"SCMP_ARCH_PPC", SCMP_ARCH_PPC},
	{"SCMP_ARCH_PPC64", SCMP_ARCH_PPC64},
	{"SCMP_ARCH_PPC64LE", SCMP_ARCH_PPC64LE},
	{"SCMP_ARCH_S390", SCMP_ARCH_S390},
	{"SCMP_ARCH_S390X", SCMP_ARCH_S390X},
	{"SCMP_ARCH_PARISC", SCMP_ARCH_PARISC},
	{"SCMP_ARCH_PARISC64", SCMP_ARCH_PARISC64},
	{"SCMP_ARCH_RISCV64", SCMP_ARCH_RISCV64},
	{"SCMP_ARCH_LOONGARCH64", EM_LOONGARCH | __AUDIT_ARCH_64BIT | __AUDIT_ARCH_LE},
	{"SCMP_ARCH_M68K", EM_68K},
	{"SCMP_ARCH_SH", EM_SH | __AUDIT_ARCH_LE},
	{"SCMP_ARCH_SHEB", EM_SH},
};

/* TSYNC: there is one thread when the filter is loaded. */
static const struct number_word flag_words[] = {
	{"SECCOMP_FILTER_FLAG_TSYNC", 0},
	{"SECCOMP_FILTER_FLAG_LOG", FLAG_LOG},
	{"SECCOMP_FILTER_FLAG_SPEC_ALLOW", FLAG_SPEC_ALLOW},
	{"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", FLAG_WAIT_KILLABLE},
};

_Static_assert(FLAG_LOG == SECCOMP_FILTER_FLAG_LOG, "our bit is the kernel's");
_Static_assert(FLAG_SPEC_ALLOW == SECCOMP_FILTER_FLAG_SPEC_ALLOW, "our bit is the kernel's");

static const struct number_word *find(const struct number_word *words, size_t count,
				      const char *word)
{
	for (size_t i = 0; word && i < count; i++)
		if (strcmp(words[i].word, word) == 0)
			return &words[i];
	return NULL;
}

const struct action_word *action_find(const char *word)
{
	for (size_t i = 0; word && i < ARRAY_SIZE(action_words); i++)
		if (strcmp(action_words[i].word, word) == 0)
			return &action_words[i];
	return NULL;
}

int compare_find(const char *word)
{
	const struct number_word *found = find(compare_words, ARRAY_SIZE(compare_words), word);

	return found ? (int)found->number : -1;
}

uint32_t arch_find(const char *word)
{
	const struct number_word *found = find(arch_words, ARRAY_SIZE(arch_words), word);

	return found ? found->number : 0;
}

const char *arch_word(uint32_t arch)
{
	for (size_t i = 0; i < ARRAY_SIZE(arch_words); i++)
		if (arch_words[i].number == arch)
			return arch_words[i].word;
	return NULL;
}

int flag_find(const char *word)
{
	const struct number_word *found = find(flag_words, ARRAY_SIZE(flag_words), word);

	return found ? (int)found->number : -1;
}

const char *action_name(uint32_t action)
{
	for (size_t i = 0; i < ARRAY_SIZE(action_words); i++) {
		uint32_t mask = action_words[i].numbered ? 0xffff0000 : 0xffffffff;

		if ((action & mask) == action_words[i].action)
			return action_words[i].word + strlen("SCMP_ACT_");
	}
	return "?";
}
