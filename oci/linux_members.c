#include "oci/spec_members.h"

#include "oci/spec.h"

/* config-linux.md; its resources and seccomp have files of their own. */

static const struct member namespace_members[] = {
	MEMBER("type", STRING, oci_namespace, type, .required = true),
	MEMBER("path", STRING, oci_namespace, path),
	{},
};

const struct member oci_id_mapping_members[] = {
	MEMBER("containerID", U32, oci_id_mapping, container_id, .required = true),
	MEMBER("hostID", U32, oci_id_mapping, host_id, .required = true),
	MEMBER("size", U32, oci_id_mapping, size, .required = true),
	{},
};

static const struct member time_offset_members[] = {
	MEMBER("secs", I64, oci_time_offset, secs),
	MEMBER("nanosecs", U32, oci_time_offset, nanosecs),
	{},
};

static const struct member time_offsets_members[] = {
	OBJECT("monotonic", oci_linux, time_offsets.monotonic, time_offset_members,
	       GIVEN(oci_linux, time_offsets.monotonic.set)),
	OBJECT("boottime", oci_linux, time_offsets.boottime, time_offset_members,
	       GIVEN(oci_linux, time_offsets.boottime.set)),
	{},
};

static const struct member device_members[] = {
	MEMBER("path", STRING, oci_device, path, .required = true),
	MEMBER("type", STRING, oci_device, type, .required = true),
	MEMBER("major", I64, oci_device, major),
	MEMBER("minor", I64, oci_device, minor),
	MEMBER("fileMode", OPT_U64, oci_device, file_mode, .limit = UINT32_MAX),
	MEMBER("uid", OPT_U64, oci_device, uid, .limit = UINT32_MAX),
	MEMBER("gid", OPT_U64, oci_device, gid, .limit = UINT32_MAX),
	{},
};

static const struct member net_device_members[] = {
	MEMBER("name", STRING, oci_net_device, name),
	{},
};

static const struct member intel_rdt_members[] = {
	MEMBER("closID", STRING, oci_intel_rdt, clos_id),
	MEMBER("l3CacheSchema", STRING, oci_intel_rdt, l3_cache_schema),
	MEMBER("memBwSchema", STRING, oci_intel_rdt, mem_bw_schema),
	MEMBER("schemata", STRINGS, oci_intel_rdt, schemata),
	MEMBER("enableMonitoring", BOOL, oci_intel_rdt, enable_monitoring),
	MEMBER("enableCMT", BOOL, oci_intel_rdt, enable_cmt),
	MEMBER("enableMBM", BOOL, oci_intel_rdt, enable_mbm),
	{},
};

static const struct member memory_policy_members[] = {
	MEMBER("mode", STRING, oci_linux, memory_policy.mode, .required = true),
	MEMBER("nodes", STRING, oci_linux, memory_policy.nodes),
	MEMBER("flags", STRINGS, oci_linux, memory_policy.flags),
	{},
};

static const struct member personality_members[] = {
	MEMBER("domain", STRING, oci_linux, personality.domain, .required = true),
	MEMBER("flags", STRINGS, oci_linux, personality.flags),
	{},
};

const struct member oci_linux_members[] = {
	LIST("namespaces", oci_linux, namespaces, namespace_members),
	LIST("uidMappings", oci_linux, uid_mappings, oci_id_mapping_members),
	LIST("gidMappings", oci_linux, gid_mappings, oci_id_mapping_members),
	GROUP("timeOffsets", time_offsets_members),
	LIST("devices", oci_linux, devices, device_members),
	NAMED("netDevices", oci_linux, net_devices, net_device_members),
	MEMBER("cgroupsPath", STRING, oci_linux, cgroups_path),
	POINTER("resources", oci_linux, resources, oci_resources_members),
	MEMBER("sysctl", MAP, oci_linux, sysctl),
	POINTER("seccomp", oci_linux, seccomp, oci_seccomp_members),
	MEMBER("rootfsPropagation", STRING, oci_linux, rootfs_propagation),
	MEMBER("maskedPaths", STRINGS, oci_linux, masked_paths),
	MEMBER("readonlyPaths", STRINGS, oci_linux, readonly_paths),
	MEMBER("mountLabel", STRING, oci_linux, mount_label),
	POINTER("intelRdt", oci_linux, intel_rdt, intel_rdt_members),
	GROUP("memoryPolicy", memory_policy_members),
	GROUP("personality", personality_members),
	{},
};
