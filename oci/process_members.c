#include "oci/spec_members.h"

#include "oci/spec.h"

/* config.md, "Process"; the members of Windows (commandLine, username) are passed over. */

static const struct member rlimit_members[] = {
	MEMBER("type", STRING, oci_rlimit, type, .required = true),
	MEMBER("soft", U64, oci_rlimit, soft, .required = true),
	MEMBER("hard", U64, oci_rlimit, hard, .required = true),
	{},
};

static const struct member capabilities_members[] = {
	MEMBER("bounding", STRINGS, oci_capabilities, bounding),
	MEMBER("effective", STRINGS, oci_capabilities, effective),
	MEMBER("permitted", STRINGS, oci_capabilities, permitted),
	MEMBER("inheritable", STRINGS, oci_capabilities, inheritable),
	MEMBER("ambient", STRINGS, oci_capabilities, ambient),
	{},
};

static const struct member user_members[] = {
	MEMBER("uid", U32, oci_user, uid, .always = true),
	MEMBER("gid", U32, oci_user, gid, .always = true),
	MEMBER("umask", OPT_U64, oci_user, umask, .limit = UINT32_MAX),
	MEMBER("additionalGids", U32S, oci_user, additional_gids),
	{},
};

static const struct member scheduler_members[] = {
	MEMBER("policy", STRING, oci_scheduler, policy, .required = true),
	MEMBER("nice", I64, oci_scheduler, nice),
	MEMBER("priority", I64, oci_scheduler, priority),
	MEMBER("flags", STRINGS, oci_scheduler, flags),
	MEMBER("runtime", U64, oci_scheduler, runtime),
	MEMBER("deadline", U64, oci_scheduler, deadline),
	MEMBER("period", U64, oci_scheduler, period),
	{},
};

static const struct member console_size_members[] = {
	MEMBER("height", U32, oci_process, console_size.height, .limit = UINT16_MAX,
	       .required = true),
	MEMBER("width", U32, oci_process, console_size.width, .limit = UINT16_MAX,
	       .required = true),
	{},
};

static const struct member io_priority_members[] = {
	MEMBER("class", STRING, oci_process, io_priority.class, .required = true),
	MEMBER("priority", I64, oci_process, io_priority.priority, .required = true),
	{},
};

static const struct member affinity_members[] = {
	MEMBER("initial", STRING, oci_process, exec_cpu_affinity.initial),
	MEMBER("final", STRING, oci_process, exec_cpu_affinity.final),
	{},
};

const struct member oci_process_members[] = {
	MEMBER("terminal", BOOL, oci_process, terminal),
	GROUP("consoleSize", console_size_members, GIVEN(oci_process, console_size.set)),
	OBJECT("user", oci_process, user, user_members, .always = true),
	MEMBER("args", STRINGS, oci_process, args),
	MEMBER("env", STRINGS, oci_process, env),
	MEMBER("cwd", STRING, oci_process, cwd, .required = true),
	POINTER("capabilities", oci_process, capabilities, capabilities_members),
	LIST("rlimits", oci_process, rlimits, rlimit_members),
	MEMBER("noNewPrivileges", BOOL, oci_process, no_new_privileges),
	MEMBER("oomScoreAdj", OPT_I64, oci_process, oom_score_adj),
	MEMBER("apparmorProfile", STRING, oci_process, apparmor_profile),
	MEMBER("selinuxLabel", STRING, oci_process, selinux_label),
	POINTER("scheduler", oci_process, scheduler, scheduler_members),
	GROUP("ioPriority", io_priority_members, GIVEN(oci_process, io_priority.set)),
	GROUP("execCPUAffinity", affinity_members),
	{},
};
