#pragma once

/*
 * Where the kernel of this machine keeps a system call's number and arguments, and what tells a
 * program of another architecture: for watch.bpf.c. The Makefile names the machine, as the
 * compiler of its programs does.
 */

#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <stdbool.h>

#if defined(__x86_64__)

enum { IN_COMPAT = 1 << 1 }; /* asm/thread_info.h: TS_COMPAT */

struct thread_info {
	__u32 status;
} __attribute__((preserve_access_index));

struct pt_regs {
	unsigned long bp, bx, r10, r9, r8, ax, cx, dx, si, di, orig_ax;
} __attribute__((preserve_access_index));

static __always_inline bool is_compat(const struct thread_info *info)
{
	return BPF_CORE_READ(info, status) & IN_COMPAT;
}

static __always_inline __s32 call_number(const struct pt_regs *regs)
{
	return (__s32)regs->orig_ax;
}

static __always_inline void read_args(const struct pt_regs *regs, bool compat, __u64 args[6])
{
	args[0] = compat ? regs->bx : regs->di;
	args[1] = compat ? regs->cx : regs->si;
	args[2] = regs->dx;
	args[3] = compat ? regs->si : regs->r10;
	args[4] = compat ? regs->di : regs->r8;
	args[5] = compat ? regs->bp : regs->r9;
}

/* What the register of results had before the call, and has again when a signal is the answer. */
static __always_inline long untouched(const struct pt_regs *regs)
{
	return (long)regs->orig_ax;
}

#elif defined(__aarch64__)

enum { IN_COMPAT = 1 << 22 }; /* asm/thread_info.h: TIF_32BIT */

struct thread_info {
	unsigned long flags;
} __attribute__((preserve_access_index));

struct pt_regs {
	__u64 regs[31];
	__u64 orig_x0;
	__s32 syscallno;
} __attribute__((preserve_access_index));

static __always_inline bool is_compat(const struct thread_info *info)
{
	return BPF_CORE_READ(info, flags) & IN_COMPAT;
}

static __always_inline __s32 call_number(const struct pt_regs *regs)
{
	return regs->syscallno;
}

/* The registers of a 32-bit program are the lower ones of these. */
static __always_inline void read_args(const struct pt_regs *regs, bool compat, __u64 args[6])
{
	args[0] = regs->orig_x0;
	args[1] = regs->regs[1];
	args[2] = regs->regs[2];
	args[3] = regs->regs[3];
	args[4] = regs->regs[4];
	args[5] = regs->regs[5];
}

/* The first argument, which may look like an error: AT_FDCWD. */
static __always_inline long untouched(const struct pt_regs *regs)
{
	return (long)regs->orig_x0;
}

#endif
