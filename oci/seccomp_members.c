#include "oci/spec_members.h"

#include "oci/spec.h"

/* config-linux.md, "Seccomp". */

static const struct member seccomp_arg_members[] = {
	MEMBER("index", U32, oci_seccomp_arg, index, .required = true),
	MEMBER("value", U64, oci_seccomp_arg, value, .required = true),
	MEMBER("valueTwo", U64, oci_seccomp_arg, value_two),
	MEMBER("op", STRING, oci_seccomp_arg, op, .required = true),
	{},
};

static const struct member seccomp_rule_members[] = {
	MEMBER("names", STRINGS, oci_seccomp_rule, names, .required = true),
	MEMBER("action", STRING, oci_seccomp_rule, action, .required = true),
	MEMBER("errnoRet", OPT_U64, oci_seccomp_rule, errno_ret, .limit = UINT32_MAX),
	LIST("args", oci_seccomp_rule, args, seccomp_arg_members),
	{},
};

const struct member oci_seccomp_members[] = {
	MEMBER("defaultAction", STRING, oci_seccomp, default_action, .required = true),
	MEMBER("defaultErrnoRet", OPT_U64, oci_seccomp, default_errno_ret, .limit = UINT32_MAX),
	MEMBER("architectures", STRINGS, oci_seccomp, architectures),
	MEMBER("flags", STRINGS, oci_seccomp, flags, GIVEN(oci_seccomp, flags_set)),
	MEMBER("listenerPath", STRING, oci_seccomp, listener_path),
	MEMBER("listenerMetadata", STRING, oci_seccomp, listener_metadata),
	LIST("syscalls", oci_seccomp, syscalls, seccomp_rule_members),
	{},
};
