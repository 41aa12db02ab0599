#include "oci/spec_members.h"

#include "oci/spec.h"

/*
 * config.md of runtime-spec 1.3: which member lies where. The objects of other platforms (windows,
 * solaris, zos, vm, freebsd) have no rows.
 */

const struct member oci_mount_members[] = {
	MEMBER("destination", STRING, oci_mount, destination, .required = true),
	MEMBER("type", STRING, oci_mount, type),
	MEMBER("source", STRING, oci_mount, source),
	MEMBER("options", STRINGS, oci_mount, options),
	LIST("uidMappings", oci_mount, uid_mappings, oci_id_mapping_members),
	LIST("gidMappings", oci_mount, gid_mappings, oci_id_mapping_members),
	{},
};

static const struct member hook_members[] = {
	MEMBER("path", STRING, oci_hook, path, .required = true),
	MEMBER("args", STRINGS, oci_hook, args),
	MEMBER("env", STRINGS, oci_hook, env, GIVEN(oci_hook, env_set)),
	MEMBER("timeout", OPT_I64, oci_hook, timeout),
	{},
};

static const struct member hooks_members[] = {
	LIST("prestart", oci_hooks, prestart, hook_members),
	LIST("createRuntime", oci_hooks, create_runtime, hook_members),
	LIST("createContainer", oci_hooks, create_container, hook_members),
	LIST("startContainer", oci_hooks, start_container, hook_members),
	LIST("poststart", oci_hooks, poststart, hook_members),
	LIST("poststop", oci_hooks, poststop, hook_members),
	{},
};

static const struct member root_members[] = {
	MEMBER("path", STRING, oci_spec, root.path, .required = true),
	MEMBER("readonly", BOOL, oci_spec, root.readonly),
	{},
};

const struct member oci_spec_members[] = {
	MEMBER("ociVersion", STRING, oci_spec, oci_version, .required = true),
	POINTER("process", oci_spec, process, oci_process_members),
	GROUP("root", root_members),
	MEMBER("hostname", STRING, oci_spec, hostname),
	MEMBER("domainname", STRING, oci_spec, domainname),
	LIST("mounts", oci_spec, mounts, oci_mount_members),
	OBJECT("hooks", oci_spec, hooks, hooks_members),
	MEMBER("annotations", MAP, oci_spec, annotations),
	OBJECT("linux", oci_spec, linux, oci_linux_members),
	{},
};
