#include "oci/words.h"

#include <stddef.h>

const char *const oci_words_namespace[] = {"pid",  "network", "mount", "ipc", "uts",
					   "user", "cgroup",  "time",  NULL};

const char *const oci_words_propagation[] = {"shared",     "rshared",     "slave",
					     "rslave",     "private",     "rprivate",
					     "unbindable", "runbindable", NULL};

const char *const oci_words_personality[] = {"LINUX", "LINUX32", NULL};

const char *const oci_words_device[] = {"c", "b", "u", "p", NULL};

const char *const oci_words_device_rule[] = {"a", "c", "b", NULL};

const char *const oci_words_rlimit[] = {"RLIMIT_AS",
					"RLIMIT_CORE",
					"RLIMIT_CPU",
					"RLIMIT_DATA",
					"RLIMIT_FSIZE",
					"RLIMIT_LOCKS",
					"RLIMIT_MEMLOCK",
					"RLIMIT_MSGQUEUE",
					"RLIMIT_NICE",
					"RLIMIT_NOFILE",
					"RLIMIT_NPROC",
					"RLIMIT_RSS",
					"RLIMIT_RTPRIO",
					"RLIMIT_RTTIME",
					"RLIMIT_SIGPENDING",
					"RLIMIT_STACK",
					NULL};

const char *const oci_words_sched_policy[] = {"SCHED_OTHER",    "SCHED_FIFO", "SCHED_RR",
					      "SCHED_BATCH",    "SCHED_ISO",  "SCHED_IDLE",
					      "SCHED_DEADLINE", NULL};

const char *const oci_words_sched_flag[] = {
	"SCHED_FLAG_RESET_ON_FORK",  "SCHED_FLAG_RECLAIM",
	"SCHED_FLAG_DL_OVERRUN",     "SCHED_FLAG_KEEP_POLICY",
	"SCHED_FLAG_KEEP_PARAMS",    "SCHED_FLAG_UTIL_CLAMP_MIN",
	"SCHED_FLAG_UTIL_CLAMP_MAX", NULL};

const char *const oci_words_io_class[] = {"IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE",
					  NULL};

const char *const oci_words_memory_mode[] = {"MPOL_DEFAULT",
					     "MPOL_PREFERRED",
					     "MPOL_BIND",
					     "MPOL_INTERLEAVE",
					     "MPOL_LOCAL",
					     "MPOL_PREFERRED_MANY",
					     "MPOL_WEIGHTED_INTERLEAVE",
					     NULL};

const char *const oci_words_memory_flag[] = {"MPOL_F_NUMA_BALANCING", "MPOL_F_RELATIVE_NODES",
					     "MPOL_F_STATIC_NODES", NULL};

const char *const oci_words_seccomp_action[] = {"SCMP_ACT_KILL",        "SCMP_ACT_KILL_PROCESS",
						"SCMP_ACT_KILL_THREAD", "SCMP_ACT_TRAP",
						"SCMP_ACT_ERRNO",       "SCMP_ACT_TRACE",
						"SCMP_ACT_ALLOW",       "SCMP_ACT_LOG",
						"SCMP_ACT_NOTIFY",      NULL};

const char *const oci_words_seccomp_operator[] = {
	"SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE",        "SCMP_CMP_EQ",
	"SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ", NULL};

const char *const oci_words_seccomp_flag[] = {
	"SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
	"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", NULL};

const char *const oci_words_seccomp_arch[] = {
	"SCMP_ARCH_X86",     "SCMP_ARCH_X86_64",   "SCMP_ARCH_X32",         "SCMP_ARCH_ARM",
	"SCMP_ARCH_AARCH64", "SCMP_ARCH_MIPS",     "SCMP_ARCH_MIPS64",      "SCMP_ARCH_MIPS64N32",
	"SCMP_ARCH_MIPSEL",  "SCMP_ARCH_MIPSEL64", "SCMP_ARCH_MIPSEL64N32", "SCMP_ARCH_PPC",
	"SCMP_ARCH_PPC64",   "SCMP_ARCH_PPC64LE",  "SCMP_ARCH_S390",        "SCMP_ARCH_S390X",
	"SCMP_ARCH_PARISC",  "SCMP_ARCH_PARISC64", "SCMP_ARCH_RISCV64",     "SCMP_ARCH_LOONGARCH64",
	"SCMP_ARCH_M68K",    "SCMP_ARCH_SH",       "SCMP_ARCH_SHEB",        NULL};
