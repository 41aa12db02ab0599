#include "oci/spec_members.h"

#include "oci/spec.h"

/* config-linux.md, "Control groups". */

static const struct member device_rule_members[] = {
	MEMBER("allow", BOOL, oci_device_rule, allow, .required = true),
	MEMBER("type", STRING, oci_device_rule, type),
	MEMBER("major", OPT_I64, oci_device_rule, major),
	MEMBER("minor", OPT_I64, oci_device_rule, minor),
	MEMBER("access", STRING, oci_device_rule, access),
	{},
};

static const struct member memory_members[] = {
	MEMBER("limit", OPT_I64, oci_resources, memory.limit),
	MEMBER("reservation", OPT_I64, oci_resources, memory.reservation),
	MEMBER("swap", OPT_I64, oci_resources, memory.swap),
	MEMBER("kernel", OPT_I64, oci_resources, memory.kernel),
	MEMBER("kernelTCP", OPT_I64, oci_resources, memory.kernel_tcp),
	MEMBER("swappiness", OPT_U64, oci_resources, memory.swappiness),
	MEMBER("disableOOMKiller", OPT_BOOL, oci_resources, memory.disable_oom_killer),
	MEMBER("useHierarchy", OPT_BOOL, oci_resources, memory.use_hierarchy),
	MEMBER("checkBeforeUpdate", OPT_BOOL, oci_resources, memory.check_before_update),
	{},
};

static const struct member cpu_members[] = {
	MEMBER("shares", OPT_U64, oci_resources, cpu.shares),
	MEMBER("quota", OPT_I64, oci_resources, cpu.quota),
	MEMBER("burst", OPT_U64, oci_resources, cpu.burst),
	MEMBER("period", OPT_U64, oci_resources, cpu.period),
	MEMBER("realtimeRuntime", OPT_I64, oci_resources, cpu.realtime_runtime),
	MEMBER("realtimePeriod", OPT_U64, oci_resources, cpu.realtime_period),
	MEMBER("cpus", STRING, oci_resources, cpu.cpus),
	MEMBER("mems", STRING, oci_resources, cpu.mems),
	MEMBER("idle", OPT_I64, oci_resources, cpu.idle),
	{},
};

static const struct member pids_members[] = {
	MEMBER("limit", OPT_I64, oci_resources, pids_limit, .required = true),
	{},
};

static const struct member weight_device_members[] = {
	MEMBER("major", I64, oci_weight_device, major, .required = true),
	MEMBER("minor", I64, oci_weight_device, minor, .required = true),
	MEMBER("weight", OPT_U64, oci_weight_device, weight, .limit = UINT16_MAX),
	MEMBER("leafWeight", OPT_U64, oci_weight_device, leaf_weight, .limit = UINT16_MAX),
	{},
};

static const struct member throttle_members[] = {
	MEMBER("major", I64, oci_throttle_device, major, .required = true),
	MEMBER("minor", I64, oci_throttle_device, minor, .required = true),
	MEMBER("rate", U64, oci_throttle_device, rate, .required = true),
	{},
};

static const struct member block_io_members[] = {
	MEMBER("weight", OPT_U64, oci_resources, block_io.weight, .limit = UINT16_MAX),
	MEMBER("leafWeight", OPT_U64, oci_resources, block_io.leaf_weight, .limit = UINT16_MAX),
	LIST("weightDevice", oci_resources, block_io.weight_device, weight_device_members),
	LIST("throttleReadBpsDevice", oci_resources, block_io.throttle_read_bps, throttle_members),
	LIST("throttleWriteBpsDevice", oci_resources, block_io.throttle_write_bps,
	     throttle_members),
	LIST("throttleReadIOPSDevice", oci_resources, block_io.throttle_read_iops,
	     throttle_members),
	LIST("throttleWriteIOPSDevice", oci_resources, block_io.throttle_write_iops,
	     throttle_members),
	{},
};

static const struct member hugepage_members[] = {
	MEMBER("pageSize", STRING, oci_hugepage_limit, page_size, .required = true),
	MEMBER("limit", U64, oci_hugepage_limit, limit_bytes, .required = true),
	{},
};

static const struct member net_priority_members[] = {
	MEMBER("name", STRING, oci_net_priority, name, .required = true),
	MEMBER("priority", U32, oci_net_priority, priority, .required = true),
	{},
};

static const struct member network_members[] = {
	MEMBER("classID", OPT_U64, oci_resources, network.class_id, .limit = UINT32_MAX),
	LIST("priorities", oci_resources, network.priorities, net_priority_members),
	{},
};

static const struct member rdma_members[] = {
	MEMBER("hcaHandles", OPT_U64, oci_named_rdma, hca_handles, .limit = UINT32_MAX),
	MEMBER("hcaObjects", OPT_U64, oci_named_rdma, hca_objects, .limit = UINT32_MAX),
	{},
};

const struct member oci_resources_members[] = {
	LIST("devices", oci_resources, devices, device_rule_members),
	GROUP("memory", memory_members),
	GROUP("cpu", cpu_members),
	GROUP("pids", pids_members),
	GROUP("blockIO", block_io_members),
	LIST("hugepageLimits", oci_resources, hugepage_limits, hugepage_members),
	GROUP("network", network_members),
	NAMED("rdma", oci_resources, rdma, rdma_members),
	MEMBER("unified", MAP, oci_resources, unified),
	{},
};
