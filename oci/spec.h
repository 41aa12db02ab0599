#pragma once

#include "lib/arena.h"
#include "lib/own.h"

#include <stddef.h>
#include <stdint.h>

#undef linux /* the gnu dialects predefine it */

struct err;
struct json;
struct json_out;

/*
 * The OCI runtime-spec's config.json (1.3, Linux) as C structs. Names are the spec's, in this
 * project's spelling (uidMappings -> uid_mappings). Strings are NULL and lists empty when absent;
 * numbers for which absent and 0 differ are struct opt_*. null counts as absent.
 *
 * Read by oci_spec_read() (spec_read.c), checked by oci_spec_check(), written by oci_spec_write().
 * Members of other platforms are passed over, as are unknown ones.
 */

struct oci_strings {
	size_t count;
	const char **items;
};

struct oci_u32s {
	size_t count;
	uint32_t *items;
};

/* config.md, "Linux Process" and "POSIX process". */
struct oci_rlimit {
	const char *type; /* "RLIMIT_NOFILE" */
	uint64_t soft;    /* 2^64-1: no limit */
	uint64_t hard;
};

struct oci_capabilities {
	struct oci_strings bounding, effective, permitted, inheritable, ambient;
};

struct oci_user {
	uint32_t uid;
	uint32_t gid;
	struct opt_u64 umask;
	struct oci_u32s additional_gids;
};

struct oci_scheduler {
	const char *policy; /* "SCHED_OTHER" */
	int64_t nice;
	int64_t priority;
	struct oci_strings flags;
	uint64_t runtime, deadline, period; /* nanoseconds */
};

struct oci_process {
	bool terminal;
	struct {
		bool set;
		uint32_t height, width;
	} console_size;
	const char *cwd;
	struct oci_strings env;
	struct oci_strings args;
	struct {
		size_t count;
		struct oci_rlimit *items;
	} rlimits;
	struct oci_user user;
	struct oci_capabilities *capabilities; /* NULL: absent, which means none at all */
	bool no_new_privileges;
	struct opt_i64 oom_score_adj;
	const char *apparmor_profile;
	const char *selinux_label;
	struct oci_scheduler *scheduler;
	struct {
		bool set;
		const char *class; /* "IOPRIO_CLASS_BE" */
		int64_t priority;
	} io_priority;
	struct {
		const char *initial, *final; /* cpu lists: "0-3,7" */
	} exec_cpu_affinity;
};

/* config-linux.md, "User namespace mappings". */
struct oci_id_mapping {
	uint32_t container_id;
	uint32_t host_id;
	uint32_t size;
};

struct oci_id_mappings {
	size_t count;
	struct oci_id_mapping *items;
};

struct oci_mount {
	const char *destination;
	const char *type;
	const char *source;
	struct oci_strings options;
	struct oci_id_mappings uid_mappings, gid_mappings;
};

struct oci_hook {
	const char *path;
	struct oci_strings args;
	bool env_set; /* an absent env and an empty one differ for startContainer */
	struct oci_strings env;
	struct opt_i64 timeout; /* seconds */
};

struct oci_hook_list {
	size_t count;
	struct oci_hook *items;
};

struct oci_hooks {
	struct oci_hook_list prestart, create_runtime, create_container, start_container, poststart,
		poststop;
};

/* config-linux.md, "Namespaces". */
struct oci_namespace {
	const char *type; /* "pid" "network" "mount" "ipc" "uts" "user" "cgroup" "time" */
	const char *path; /* NULL: a new one */
};

struct oci_time_offset {
	bool set;
	int64_t secs;
	uint32_t nanosecs;
};

struct oci_device {
	const char *path;
	const char *type; /* "c" "b" "u" "p" */
	int64_t major, minor;
	struct opt_u64 file_mode;
	struct opt_u64 uid, gid;
};

struct oci_device_rule {
	bool allow;
	const char *type; /* "a" "c" "b"; NULL: all */
	struct opt_i64 major, minor;
	const char *access; /* letters of "rwm"; NULL: all */
};

struct oci_weight_device {
	int64_t major, minor;
	struct opt_u64 weight, leaf_weight;
};

struct oci_throttle_device {
	int64_t major, minor;
	uint64_t rate;
};

struct oci_throttle_devices {
	size_t count;
	struct oci_throttle_device *items;
};

struct oci_hugepage_limit {
	const char *page_size;
	uint64_t limit_bytes;
};

struct oci_net_priority {
	const char *name; /* of a network interface */
	uint32_t priority;
};

struct oci_named_rdma {
	const char *name;
	struct opt_u64 hca_handles, hca_objects;
};

/* A map of strings in the document's order: annotations, sysctl, unified. */
struct oci_pair {
	const char *name;
	const char *value;
};

struct oci_map {
	size_t count;
	struct oci_pair *items;
};

struct oci_resources {
	struct {
		size_t count;
		struct oci_device_rule *items;
	} devices;
	struct {
		struct opt_i64 limit, reservation, swap, kernel,
			kernel_tcp; /* bytes; -1: no limit */
		struct opt_u64 swappiness;
		struct opt_bool disable_oom_killer, use_hierarchy, check_before_update;
	} memory;
	struct {
		struct opt_u64 shares;
		struct opt_i64 quota;  /* microseconds a period; <= 0: no limit */
		struct opt_u64 burst;  /* microseconds */
		struct opt_u64 period; /* microseconds */
		struct opt_i64 realtime_runtime;
		struct opt_u64 realtime_period;
		const char *cpus, *mems; /* lists: "0-3,7" */
		struct opt_i64 idle;
	} cpu;
	struct opt_i64 pids_limit;
	struct {
		struct opt_u64 weight, leaf_weight;
		struct {
			size_t count;
			struct oci_weight_device *items;
		} weight_device;
		struct oci_throttle_devices throttle_read_bps, throttle_write_bps,
			throttle_read_iops, throttle_write_iops;
	} block_io;
	struct {
		size_t count;
		struct oci_hugepage_limit *items;
	} hugepage_limits;
	struct {
		struct opt_u64 class_id;
		struct {
			size_t count;
			struct oci_net_priority *items;
		} priorities;
	} network;
	struct {
		size_t count;
		struct oci_named_rdma *items;
	} rdma;
	struct oci_map unified;
};

struct oci_seccomp_arg {
	uint32_t index;
	uint64_t value, value_two;
	const char *op; /* "SCMP_CMP_EQ" */
};

struct oci_seccomp_rule {
	struct oci_strings names;
	const char *action; /* "SCMP_ACT_ERRNO" */
	struct opt_u64 errno_ret;
	struct {
		size_t count;
		struct oci_seccomp_arg *items;
	} args;
};

struct oci_seccomp {
	const char *default_action;
	struct opt_u64 default_errno_ret;
	struct oci_strings architectures;
	bool flags_set; /* absent: SPEC_ALLOW, as other runtimes have it; empty: none */
	struct oci_strings flags;
	const char *listener_path;
	const char *listener_metadata;
	struct {
		size_t count;
		struct oci_seccomp_rule *items;
	} syscalls;
};

struct oci_net_device {
	const char *host_name;
	const char *name; /* NULL: the same */
};

struct oci_intel_rdt {
	const char *clos_id;
	const char *l3_cache_schema, *mem_bw_schema;
	struct oci_strings schemata;
	bool enable_monitoring;
	bool enable_cmt, enable_mbm; /* until 1.2; enable_monitoring is for both */
};

struct oci_linux {
	struct {
		size_t count;
		struct oci_namespace *items;
	} namespaces;
	struct oci_id_mappings uid_mappings, gid_mappings;
	struct {
		struct oci_time_offset monotonic, boottime;
	} time_offsets;
	struct {
		size_t count;
		struct oci_device *items;
	} devices;
	struct {
		size_t count;
		struct oci_net_device *items;
	} net_devices;
	const char *cgroups_path;
	struct oci_resources *resources; /* NULL: absent */
	struct oci_map sysctl;
	struct oci_seccomp *seccomp; /* NULL: absent */
	const char *rootfs_propagation;
	struct oci_strings masked_paths, readonly_paths;
	const char *mount_label;
	struct oci_intel_rdt *intel_rdt;
	struct {
		const char *mode; /* NULL: absent */
		const char *nodes;
		struct oci_strings flags;
	} memory_policy;
	struct {
		const char *domain; /* NULL: absent */
		struct oci_strings flags;
	} personality;
};

struct oci_spec {
	const char *oci_version;
	struct {
		const char *path; /* as written: relative to the bundle */
		bool readonly;
	} root;
	struct oci_process *process; /* NULL: absent; start then fails */
	const char *hostname, *domainname;
	struct {
		size_t count;
		struct oci_mount *items;
	} mounts;
	struct oci_hooks hooks;
	struct oci_map annotations;
	struct oci_linux linux;
};

/**
 * oci_spec_read() - decode a config.json
 * @name: what messages call it
 * @spec: strings and lists live in @arena
 * Return: 0; -EINVAL with the JSON path of what has a wrong type or is missing.
 */
int oci_spec_read(struct arena *arena, const char *name, const char *text, size_t length,
		  struct oci_spec *spec, struct err *err);

/** oci_process_read() - decode one process object: exec --process FILE. */
int oci_process_read(struct arena *arena, const char *name, const char *text, size_t length,
		     struct oci_process *process, struct err *err);

/** oci_resources_read() - decode one resources object: update --resources FILE. */
int oci_resources_read(struct arena *arena, const char *name, const char *text, size_t length,
		       struct oci_resources *resources, struct err *err);

/** oci_resources_merge() - what @changes has replaces what @resources has. */
void oci_resources_merge(const struct oci_resources *changes, struct oci_resources *resources);

/** oci_spec_check() - refuse values that make no sense, with their JSON path (spec_check.c). */
int oci_spec_check(const struct oci_spec *spec, struct err *err);
int oci_process_check(const struct oci_process *process, struct err *err);
int oci_resources_check(const struct oci_resources *resources, struct err *err);

/**
 * oci_resource_check() - refuse one number of linux.resources that is out of its range
 * @member: "cpu.idle"; one that has no range is always right
 * @name: what messages call it
 */
int oci_resource_check(const struct oci_resources *resources, const char *member, const char *name,
		       struct err *err);

/** oci_spec_write() - the document that reads back as @spec; the caller frees it. */
char *oci_spec_write(const struct oci_spec *spec);

/** oci_map_find() - the value of @name. Return: NULL if absent. */
const char *oci_map_find(const struct oci_map *map, const char *name);

/** oci_namespace_find() - the entry of @type. Return: NULL if absent. */
const struct oci_namespace *oci_namespace_find(const struct oci_spec *spec, const char *type);
