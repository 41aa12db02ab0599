#pragma once

#include "cgroup/cgroup.h"

struct bpf_insn;
struct oci_resources;
struct run;
struct text;

/*
 * Which devices a container may use: rules become a BPF program of the type CGROUP_DEVICE, which
 * the kernel asks at every open and mknod of a device node.
 */

/* Bits of what is asked for: linux/bpf.h, BPF_DEVCG_ACC_*. */
enum device_access { DEVICE_MKNOD = 1, DEVICE_READ = 2, DEVICE_WRITE = 4, DEVICE_ALL = 7 };

/* A device number has 12 and 20 bits in the kernel (linux/kdev_t.h). */
enum { MINOR_BITS = 20, MAJOR_MAX = (1 << 12) - 1, MINOR_MAX = (1 << MINOR_BITS) - 1 };

/** struct device_rule - as linux.resources.devices has it; later ones override earlier ones */
struct device_rule {
	bool allow;
	char type;  /* 'c', 'b', 'a': both */
	long major; /* -1: every one */
	long minor;
	unsigned int access; /* enum device_access */
};

/** struct device_policy - rules and what holds where no rule speaks */
struct device_policy {
	bool allow;
	size_t count;
	struct device_rule *rules;
};

/** struct cgroup_devices_step - "cgroup.devices": loads the filter and puts it on run->cgroup_fd */
struct cgroup_devices_step {
	struct step step;
	struct cgroup_place place;
	struct device_policy policy;
};

/**
 * devices_plan() - the device filter of linux.resources.devices
 *
 * Without any rule everything is denied. To a policy that denies by default the devices that each
 * container needs are added, unless one of the rules speaks of them. Nothing is planned where all
 * is allowed, and where this process could not load a filter because it isn't root of the host:
 * device nodes can't be made or opened there anyway.
 */
int devices_plan(struct plan *plan, const struct cgroup_place *place,
		 const struct oci_resources *resources, struct err *err);

/**
 * devices_program() - the filter as instructions; pure
 * @count: how many
 *
 * Each asked-for bit is decided by the last rule that speaks of it; one denied bit denies all.
 * Return: the program, in @arena.
 */
struct bpf_insn *devices_program(struct arena *arena, const struct device_policy *policy,
				 size_t *count);

/** device_speaks_of() - is a device what a rule is about, and one of the bits of @access? */
bool device_speaks_of(const struct device_rule *rule, char type, long major, long minor,
		      unsigned int access);

/** devices_allow() - what the filter says: @access in bits, of enum device_access; pure */
bool devices_allow(const struct device_policy *policy, char type, long major, long minor,
		   unsigned int access);

/** devices_denier() - the rule by which that is denied. Return: NULL: none allows it. */
const struct device_rule *devices_denier(const struct device_policy *policy,
					 const struct device_rule *asked);

/**
 * devices_denier_path() - the rule of the spec that denies some of @access: the last on it
 *
 * Return: its path, "linux.resources.devices[2]", in @arena; without a number where none is on it.
 */
const char *devices_denier_path(struct arena *arena, const struct oci_resources *resources,
				char type, long major, long minor, unsigned int access);

/** device_rule_text() - what a rule is about: "c 1:3 rwm", "b *:* m" */
void device_rule_text(const struct device_rule *rule, struct text *text);

/** device_access_text() - "rwm", "r"; "nothing" */
const char *device_access_text(unsigned int access);

/* What the kernel calls it: others, as a service manager's, may be on the same cgroup. */
#define DEVICES_PROGRAM "pctrun_devices"

/**
 * devices_find() - the container's own filter on its cgroup
 * @cgroup_fd: a real descriptor, not an O_PATH one
 * Return: the program's descriptor; -ENOENT where none is ours; another negative errno.
 */
int devices_find(int cgroup_fd);

/** devices_same() - a container has one filter. */
bool devices_same(const struct step *one, const struct step *other);

/** devices_change() - the new filter in the old one's place; there is no moment without one. */
int devices_change(const struct step *from, const struct step *to, struct run *run,
		   struct err *err);

int devices_apply(const struct step *step, struct run *run, struct err *err);
int devices_observe(const struct step *step, struct run *run, struct observation *seen,
		    struct err *err);
