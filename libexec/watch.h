#pragma once

#include <linux/audit.h>
#include <linux/types.h>

/*
 * What pctrun-watch's programs in the kernel (watch.bpf.c) and the one outside share: a table in
 * memory that both see. Counting is done where the event is, so that no flood of them can be
 * too fast for whoever reads.
 */

enum {
	WATCH_KINDS = 1024, /* different denials that are told apart; a power of 2 */
	WATCH_CALLS = 1024, /* numbers of system calls of an architecture */
	WATCH_ARCHES = 3,   /* WATCH_OWN, WATCH_COMPAT, and the first with WATCH_X32 */
	WATCH_NAME = 16,    /* TASK_COMM_LEN */
};

/* Whose system calls the machine has: its own, those of the one before it, and a third kind. */
enum {
#if defined(__x86_64__)
	WATCH_OWN = AUDIT_ARCH_X86_64,
	WATCH_COMPAT = AUDIT_ARCH_I386,
	WATCH_X32 = 1 << 30, /* asm/unistd.h: __X32_SYSCALL_BIT */
#elif defined(__aarch64__)
	WATCH_OWN = AUDIT_ARCH_AARCH64,
	WATCH_COMPAT = AUDIT_ARCH_ARM,
	WATCH_X32 = 0,
#endif
};

/** struct watch_kind - what makes one denial another than the next */
struct watch_kind {
	__s32 call; /* the system call that it was in: as seccomp_data has it */
	__u32 arch; /* AUDIT_ARCH_* of that */
	union {
		struct {
			__u32 number;    /* CAP_* */
			__u32 namespace; /* inode number of the user namespace it was for */
			__u32 held;      /* it was in the effective set: of another namespace */
		} capability;
		struct {
			__u32 type; /* BPF_DEVCG_DEV_* */
			__u32 major, minor;
			__u32 access; /* BPF_DEVCG_ACC_* */
		} device;
		struct {
			__s32 error; /* a negative errno; 0: it got another answer */
		} seccomp;
		__u32 words[4];
	};
	char name[WATCH_NAME]; /* of the process */
};

/** struct watch_denial - one kind. Whoever sees a count sees all else of it. */
struct watch_denial {
	struct watch_kind kind;
	__u32 pid;     /* of the first: in the kernel's first pid namespace */
	__u32 inside;  /* in the container's */
	__u64 args[6]; /* of the first: of the system call */
	__u64 count;
};

/** struct watch_table - filled by the programs, mapped by whoever reads */
struct watch_table {
	__u32 used; /* of @denials: may go beyond */
	__u64 lost; /* denials of more kinds than there is room for */
	struct watch_denial denials[WATCH_KINDS];
	/* System calls that were let through: its own, of the one before, of x32. */
	__u8 calls[WATCH_ARCHES][WATCH_CALLS];
};

/** struct watch_settings - what is set before they are loaded */
struct watch_settings {
	__u32 pid_namespace; /* inode number of the container's */
	__u32 waiting;       /* its first process is the runtime's until it executes something */
};
