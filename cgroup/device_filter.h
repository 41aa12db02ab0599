#pragma once

#include "cgroup/devices.h"

#include <stdint.h>

struct bpf_prog_info;

/*
 * Device filters as the kernel has them, whoever has put them there: BPF programs on a cgroup of
 * version 2 and on those above it, which are all asked and must all allow; the list of a cgroup of
 * version 1. What they say is found by running them here, instruction by instruction.
 */

/** struct device_filter - one of them */
struct device_filter {
	uint32_t id;        /* of the program; 0: a list of version 1                   */
	const char *name;   /* the program's: "sd_devices", ""; "devices.list"          */
	const char *cgroup; /* the one that has it; NULL: one that is not seen from here */
	const char *unread; /* why nobody knows what it says; NULL: it is here          */
	size_t count;       /* of instructions, or of rules                             */
	const struct bpf_insn *insns;
	const struct device_rule *rules; /* of a list: one of them has to allow all of it */
};

/** struct device_filters - those that are asked for a process */
struct device_filters {
	size_t count;
	const struct device_filter *items; /* its own cgroup's first */
};

/** struct device_request - what the kernel asks them: open(2) for reading, writing or both, or
 * mknod(2) */
struct device_request {
	char type; /* 'c', 'b' */
	unsigned int major, minor;
	unsigned int access; /* enum device_access */
};

enum device_answer { DEVICE_ALLOWED, DEVICE_DENIED, DEVICE_UNCLEAR };

/** struct device_verdict - what they say to it */
struct device_verdict {
	enum device_answer answer;
	const struct device_filter *filter; /* that denies, or can't be followed; NULL: none does */
	const char *why;                    /* of an unclear one: "calls a function"           */
	size_t insn;                        /* where that is, in the filter's instructions     */
};

/**
 * device_program_run() - run a program as the kernel does; pure
 * @verdict: its answer, why and insn are written
 *
 * Any bytes may be given: it ends, and reads nothing but the request and its own stack. Followed is
 * what such programs are made of: arithmetic, jumps, the request, the stack. Calls and maps aren't.
 */
void device_program_run(const struct bpf_insn *insns, size_t count,
			const struct device_request *request, struct device_verdict *verdict);

/** device_filters_ask() - what all of them say; the first that denies is named; pure */
struct device_verdict device_filters_ask(const struct device_filters *filters,
					 const struct device_request *request);

/** device_filters_ask_any() - of a device of @type that no filter speaks of; pure */
struct device_verdict device_filters_ask_any(const struct device_filters *filters, char type,
					     unsigned int access);

/** device_filters_access() - which of reading, writing and making they allow; pure
 * @denial: the first that says no or can't be followed; its filter is NULL where all is allowed */
unsigned int device_filters_access(const struct device_filters *filters, char type,
				   unsigned int major, unsigned int minor,
				   struct device_verdict *denial);

/** device_filter_text() - which one: "pctrun_devices on /c", in @arena, printable */
const char *device_filter_text(struct arena *arena, const struct device_filter *filter);

/** device_unclear_text() - why it is unclear: "sd_devices on /c calls a function (instruction 3)"
 */
const char *device_unclear_text(struct arena *arena, const struct device_verdict *verdict);

/**
 * struct device_summary - what they allow, told in rules
 *
 * The rule that names most of a device's number counts, and says all that is allowed of it: an
 * access of 0 is a device that nothing is allowed of.
 */
struct device_summary {
	size_t count;
	const struct device_rule *rules;
	const char *unclear; /* why there are none; NULL */
};

/**
 * device_filters_summary() - found by asking for all numbers that stand in the filters, and for one
 * that stands in none; pure
 * @summary: lives in @arena
 */
void device_filters_summary(struct arena *arena, const struct device_filters *filters,
			    struct device_summary *summary);

/**
 * device_filters_differ() - do they say anything else than a policy does? Pure.
 * @request, @verdict: the first that they disagree about; unclear where it isn't known, also of a
 *	filter that compares numbers by order, or names too many: not all are asked for
 */
bool device_filters_differ(const struct device_filters *filters, const struct device_policy *policy,
			   struct device_request *request, struct device_verdict *verdict);

enum { DEVICE_PROGRAMS_MAX = 64 }; /* of the kernel, on one cgroup */

/**
 * device_programs() - ids of the programs on a cgroup itself
 * @cgroup_fd: a real descriptor, not an O_PATH one
 * @ids: room for that many; 0: they are only counted
 * Return: how many; 0 where the kernel has none of the kind; a negative errno.
 */
int device_programs(int cgroup_fd, uint32_t *ids, unsigned int room);

/** device_program_info() - what the kernel has to say of one: bpf(2), BPF_OBJ_GET_INFO_BY_FD */
int device_program_info(int program_fd, struct bpf_prog_info *info);

/**
 * device_programs_observe() - the programs that are asked for who lives in a cgroup
 * @filters: in @arena; what can't be read back of them is said there
 * Return: 0, also where the kernel has none of the kind; a negative errno.
 */
int device_programs_observe(struct arena *arena, int cgroup_fd, struct device_filters *filters);

/** device_programs_name() - which cgroup has which of them
 * @cgroup_fd, @path: one of those on the way to it */
void device_programs_name(int cgroup_fd, const char *path, struct device_filters *filters);

/**
 * device_programs_name_above() - which of a cgroup and those above it has which of them
 * Return: the cgroup's own path, in @arena; NULL: it can't be told.
 */
const char *device_programs_name_above(struct arena *arena, int cgroup_fd,
				       struct device_filters *filters);

/**
 * device_list_observe() - the list of a process' cgroup of version 1, if it restricts anything
 * @pid_dir_fd: /proc/PID
 * @filter: in @arena
 * Return: 1; 0: there is none; a negative errno.
 */
int device_list_observe(struct arena *arena, int pid_dir_fd, struct device_filter *filter);

/** device_list_read() - devices.list as rules; pure. Return: false for what is no such list. */
bool device_list_read(struct arena *arena, const char *text, struct device_filter *filter);
