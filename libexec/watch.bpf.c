/*
 * The part of pctrun-watch that the kernel runs. Each program is called where a decision falls, and
 * counts it in the table when a process of the container's cgroup, or of one below, was denied
 * something. None of them changes what the kernel does.
 *
 * Of the kernel's structs only the members that are read are written down: where they are is
 * looked up in the running kernel's BTF when the program is loaded.
 */

#include "libexec/watch.h"
#include "libexec/watch_machine.h"

#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <stdbool.h>

#define KERNEL __attribute__((preserve_access_index))

enum {
	MAX_ERRNO = 4095,
	CAP_OPT_NOAUDIT = 1 << 1, /* linux/security.h: whoever asks only wants to know */
	PID_LEVELS = 33,          /* linux/pid_namespace.h: MAX_PID_NS_LEVEL, and the first */
	PF_FORKNOEXEC = 1 << 6,   /* linux/sched.h: has executed nothing since it was born */
};

struct ns_common {
	unsigned int inum;
} KERNEL;

struct user_namespace {
	struct ns_common ns;
} KERNEL;

struct pid_namespace {
	struct ns_common ns;
} KERNEL;

struct upid {
	int nr;
	struct pid_namespace *ns;
} KERNEL;

struct pid {
	unsigned int level;
	struct upid numbers[1];
} KERNEL;

/* A bit for each: two words until Linux 6.2, one since then. */
struct capability_set {
	__u64 bits;
};

struct cred {
	struct capability_set cap_effective;
} KERNEL;

struct seccomp {
	int mode;
} KERNEL;

struct task_struct {
	struct thread_info thread_info;
	unsigned int flags, ptrace;
	struct seccomp seccomp;
	struct css_set *cgroups;
	struct task_struct *group_leader;
	struct pid *thread_pid;
	const struct cred *cred, *real_cred;
} KERNEL;

char _license[] SEC("license") = "Dual MIT/GPL";

const volatile struct watch_settings settings;
struct watch_table table;

/* The one element is the container's. */
struct {
	__uint(type, BPF_MAP_TYPE_CGROUP_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} cgroup SEC(".maps");

/* Where in the table a kind is. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, WATCH_KINDS);
	__type(key, struct watch_kind);
	__type(value, __u32);
} places SEC(".maps");

struct task_state {
	bool came;   /* from outside: see born() */
	bool known;  /* it has been seen at the end of a call: at the first we don't know */
	bool inside; /* of a call that was let through: see leave() */
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct task_state);
} states SEC(".maps");

static __always_inline struct task_state *state_of(struct task_struct *task)
{
	return bpf_task_storage_get(&states, task, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
}

/* ------------------------------------------------------------------ who */

/* Asked first, as it is cheap. */
static __always_inline bool is_in_cgroup(void)
{
	return bpf_current_task_under_cgroup(&cgroup, 0) == 1;
}

/* Its number in the container's pid namespace, also where it is in one below that. Return: 0: it
 * isn't one of the container: another one in the same cgroup, or a runtime that isn't in yet. */
static __always_inline __u32 number_inside(struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, group_leader, thread_pid);
	const char *numbers = (const char *)pid + bpf_core_field_offset(struct pid, numbers);
	unsigned int last = BPF_CORE_READ(pid, level);

	for (unsigned int level = 0; level < PID_LEVELS && level <= last; level++) {
		struct upid *upid =
			(struct upid *)(numbers + level * bpf_core_type_size(struct upid));

		if (BPF_CORE_READ(upid, ns, ns.inum) == settings.pid_namespace)
			return (__u32)BPF_CORE_READ(upid, nr);
	}
	return 0;
}

/* A runtime's process on its way to execute a program in there: one that came from outside, or a
 * child of such a one, until it executes anything. Nobody in there can become that: whatever
 * descends from a program of the container's was born inside. */
static __always_inline bool is_runtime(struct task_struct *task)
{
	struct task_state *state;

	if (!(BPF_CORE_READ(task, group_leader, flags) & PF_FORKNOEXEC))
		return false;
	if (settings.waiting && number_inside(task) == 1)
		return true;
	state = bpf_task_storage_get(&states, task, NULL, 0);
	return state && state->came;
}

/* One that has its pid namespace from others is told by its cgroup: nobody but a runtime has a
 * process born in another one than its own. */
static __always_inline bool comes_from_outside(struct task_struct *parent,
					       struct task_struct *child)
{
	return !number_inside(parent) || (!is_in_cgroup() && parent->cgroups != child->cgroups);
}

/* The parent is who calls, also where the child is made as another one's. */
SEC("tp_btf/sched_process_fork")
int BPF_PROG(born, struct task_struct *parent, struct task_struct *child)
{
	struct task_state *state;

	if (!number_inside(child) || (!comes_from_outside(parent, child) && !is_runtime(parent)))
		return 0;
	state = state_of(child);
	if (state)
		state->came = true;
	return 0;
}

/* ------------------------------------------------------------------ which call */

static __always_inline const struct pt_regs *regs_of(struct task_struct *task)
{
	return (const struct pt_regs *)bpf_task_pt_regs(task);
}

static __always_inline __u32 call_arch(struct task_struct *task)
{
	return is_compat(&task->thread_info) ? WATCH_COMPAT : WATCH_OWN;
}

/* ------------------------------------------------------------------ counting */

static __always_inline void fill(struct watch_denial *denial, const struct watch_kind *kind,
				 __u32 inside, const struct pt_regs *regs)
{
	denial->kind = *kind;
	denial->pid = (__u32)(bpf_get_current_pid_tgid() >> 32);
	denial->inside = inside;
	read_args(regs, kind->arch == WATCH_COMPAT, denial->args);
}

/* A new kind takes the next place. When another processor was faster with the same one, its place
 * counts, and the one taken here stays empty. */
static __always_inline __u32 find_place(const struct watch_kind *kind, __u32 inside,
					const struct pt_regs *regs)
{
	__u32 *known = bpf_map_lookup_elem(&places, kind);
	__u32 place;

	if (known)
		return *known;
	place = __sync_fetch_and_add(&table.used, 1);
	if (place >= WATCH_KINDS)
		return WATCH_KINDS;
	fill(&table.denials[place], kind, inside, regs);
	if (bpf_map_update_elem(&places, kind, &place, BPF_NOEXIST) == 0)
		return place;
	known = bpf_map_lookup_elem(&places, kind);
	return known ? *known : WATCH_KINDS;
}

/* @kind: all but what every denial has */
static __always_inline void count(struct watch_kind *kind, struct task_struct *task)
{
	const struct pt_regs *regs = regs_of(task);
	__u32 inside = number_inside(task), place;
	__u64 before;

	if (!inside)
		return;
	kind->arch = call_arch(task);
	kind->call = call_number(regs);
	bpf_get_current_comm(kind->name, sizeof(kind->name));
	place = find_place(kind, inside, regs);
	/* Only where its result is used does an addition come after what was written before. */
	before = __sync_fetch_and_add(
		place < WATCH_KINDS ? &table.denials[place].count : &table.lost, 1);
	barrier_var(before);
}

/* ------------------------------------------------------------------ what is denied */

/* Not where it was asked for another process, or with credentials that the kernel has lent to this
 * one, as overlayfs does. */
SEC("fexit/cap_capable")
int BPF_PROG(capability, const struct cred *cred, struct user_namespace *namespace, int number,
	     unsigned int options, int result)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct watch_kind kind = {};
	struct capability_set held;

	if (result == 0 || options & CAP_OPT_NOAUDIT || !is_in_cgroup() || cred != task->cred ||
	    cred != task->real_cred || is_runtime(task))
		return 0;
	kind.capability.number = (__u32)number;
	kind.capability.namespace = namespace->ns.inum;
	if (bpf_core_read(&held, sizeof(held), &cred->cap_effective) == 0)
		kind.capability.held = held.bits >> number & 1;
	count(&kind, task);
	return 0;
}

SEC("fexit/__cgroup_bpf_check_dev_permission")
int BPF_PROG(device, short type, __u32 major, __u32 minor, short access, int hook, int result)
{
	struct watch_kind kind = {};

	if (result == 0 || !is_in_cgroup())
		return 0;
	kind.device.type = (__u32)type;
	kind.device.major = major;
	kind.device.minor = minor;
	kind.device.access = (__u32)access;
	count(&kind, bpf_get_current_task_btf());
	return 0;
}

/* ------------------------------------------------------------------ system calls */

/* The kernel asks the filters first, and calls sys_enter only for what they let through, but
 * sys_exit for every call: what comes out without having gone in was denied. */
static __always_inline void note_call(struct task_struct *task, __u64 call)
{
	__u32 number = (__u32)call & ~WATCH_X32;
	int arch = 0;

	if (call_arch(task) == WATCH_COMPAT)
		arch = 1;
	else if (call & WATCH_X32)
		arch = 2;
	if (number >= WATCH_CALLS || table.calls[arch][number])
		return;
	if (number_inside(task) && !is_runtime(task))
		table.calls[arch][number] = 1;
}

SEC("raw_tp/sys_enter")
int BPF_PROG(enter, struct pt_regs *regs, long call)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct task_state *state;

	if (!is_in_cgroup())
		return 0;
	state = state_of(task);
	if (state)
		state->inside = state->known = true;
	note_call(task, (__u64)call);
	return 0;
}

/* Return: whether it was let through, or may have been. A debugger skips calls as well. */
static __always_inline bool was_inside(struct task_struct *task)
{
	struct task_state *state = state_of(task);
	bool inside = !state || !state->known || state->inside;

	if (state) {
		state->known = true;
		state->inside = false;
	}
	return inside || task->ptrace;
}

/* An error is the result by now; where it got a signal instead, there is none. */
SEC("raw_tp/sys_exit")
int BPF_PROG(leave, struct pt_regs *regs, long result)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct watch_kind kind = {};

	if (!is_in_cgroup() || was_inside(task) || !task->seccomp.mode)
		return 0;
	if (result < 0 && result >= -MAX_ERRNO && result != untouched(regs_of(task)))
		kind.seccomp.error = (__s32)result;
	count(&kind, task);
	return 0;
}
