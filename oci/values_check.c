#include "lib/err.h"
#include "oci/check.h"

#include <string.h>

static const char *const propagations[] = {"shared",     "rshared",     "slave",
					   "rslave",     "private",     "rprivate",
					   "unbindable", "runbindable", NULL};
static const char *const device_types[] = {"c", "b", "u", "p", NULL};
static const char *const rule_types[] = {"a", "c", "b", NULL};
static const char *const domains[] = {"LINUX", "LINUX32", NULL};
static const char *const actions[] = {"SCMP_ACT_KILL",        "SCMP_ACT_KILL_PROCESS",
				      "SCMP_ACT_KILL_THREAD", "SCMP_ACT_TRAP",
				      "SCMP_ACT_ERRNO",       "SCMP_ACT_TRACE",
				      "SCMP_ACT_ALLOW",       "SCMP_ACT_LOG",
				      "SCMP_ACT_NOTIFY",      NULL};
static const char *const operators[] = {"SCMP_CMP_NE",        "SCMP_CMP_LT", "SCMP_CMP_LE",
					"SCMP_CMP_EQ",        "SCMP_CMP_GE", "SCMP_CMP_GT",
					"SCMP_CMP_MASKED_EQ", NULL};

static bool takes_errno(const char *action)
{
	return strcmp(action, "SCMP_ACT_ERRNO") == 0 || strcmp(action, "SCMP_ACT_TRACE") == 0;
}

static int check_rule(const struct oci_seccomp_rule *rule, size_t index, struct err *err)
{
	int r;

	r = oci_word_check("linux.seccomp.syscalls[].action", rule->action, actions, err);
	if (r < 0)
		return r;
	if (rule->names.count == 0)
		return err_plain(err, -EINVAL, "linux.seccomp.syscalls[%zu].names: is empty",
				 index);
	if (rule->errno_ret.set && !takes_errno(rule->action))
		return err_plain(err, -EINVAL,
				 "linux.seccomp.syscalls[%zu].errnoRet: only with SCMP_ACT_ERRNO "
				 "and SCMP_ACT_TRACE",
				 index);
	for (size_t i = 0; r == 0 && i < rule->args.count; i++) {
		if (rule->args.items[i].index > 5)
			return err_plain(
				err, -EINVAL,
				"linux.seccomp.syscalls[%zu].args[%zu].index: %u is above 5", index,
				i, rule->args.items[i].index);
		r = oci_word_check("linux.seccomp.syscalls[].args[].op", rule->args.items[i].op,
				   operators, err);
	}
	return r;
}

static int check_seccomp(const struct oci_seccomp *seccomp, struct err *err)
{
	int r;

	r = oci_word_check("linux.seccomp.defaultAction", seccomp->default_action, actions, err);
	if (r < 0)
		return r;
	if (strcmp(seccomp->default_action, "SCMP_ACT_NOTIFY") == 0)
		return err_plain(err, -EINVAL,
				 "linux.seccomp.defaultAction: SCMP_ACT_NOTIFY would "
				 "stop the runtime itself");
	if (seccomp->default_errno_ret.set && !takes_errno(seccomp->default_action))
		return err_plain(err, -EINVAL,
				 "linux.seccomp.defaultErrnoRet: only with "
				 "SCMP_ACT_ERRNO and SCMP_ACT_TRACE");
	if (seccomp->listener_metadata && !seccomp->listener_path)
		return err_plain(err, -EINVAL,
				 "linux.seccomp.listenerMetadata: needs listenerPath");
	for (size_t i = 0; r == 0 && i < seccomp->syscalls.count; i++)
		r = check_rule(&seccomp->syscalls.items[i], i, err);
	return r;
}

static int check_devices(const struct oci_linux *linux, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < linux->devices.count; i++) {
		if (linux->devices.items[i].path[0] != '/')
			return err_plain(err, -EINVAL,
					 "linux.devices[%zu].path: '%s' is not absolute", i,
					 linux->devices.items[i].path);
		r = oci_word_check("linux.devices[].type", linux->devices.items[i].type,
				   device_types, err);
	}
	return r;
}

static int check_memory(const struct oci_resources *resources, struct err *err)
{
	const struct opt_i64 *limit = &resources->memory.limit, *swap = &resources->memory.swap;

	if (swap->set && swap->value > 0 && !limit->set)
		return err_plain(err, -EINVAL, "linux.resources.memory.swap: needs memory.limit");
	if (swap->set && swap->value > 0 && limit->value > swap->value)
		return err_plain(
			err, -EINVAL,
			"linux.resources.memory.swap: %ld is below memory.limit, %ld (swap "
			"is the sum of both)",
			swap->value, limit->value);
	return 0;
}

static int check_resources(const struct oci_resources *resources, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < resources->devices.count; i++) {
		const struct oci_device_rule *rule = &resources->devices.items[i];

		if (rule->type)
			r = oci_word_check("linux.resources.devices[].type", rule->type, rule_types,
					   err);
		if (r == 0 && rule->access && strspn(rule->access, "rwm") != strlen(rule->access))
			r = err_plain(
				err, -EINVAL,
				"linux.resources.devices[%zu].access: '%s' has more than r, w "
				"and m",
				i, rule->access);
	}
	for (size_t i = 0; r == 0 && i < resources->unified.count; i++)
		if (strchr(resources->unified.items[i].name, '/'))
			r = err_plain(err, -EINVAL,
				      "linux.resources.unified[\"%s\"]: is no file name",
				      resources->unified.items[i].name);
	return r < 0 ? r : check_memory(resources, err);
}

static int check_sysctl(const struct oci_linux *linux, struct err *err)
{
	for (size_t i = 0; i < linux->sysctl.count; i++) {
		const struct oci_pair *pair = &linux->sysctl.items[i];

		if (strchr(pair->value, '\n') || strstr(pair->name, ".."))
			return err_plain(err, -EINVAL, "linux.sysctl[\"%s\"]: is no single value",
					 pair->name);
	}
	return 0;
}

int oci_values_check(const struct oci_spec *spec, struct err *err)
{
	const struct oci_linux *linux = &spec->linux;
	int r = 0;

	if (linux->rootfs_propagation && *linux->rootfs_propagation)
		r = oci_word_check("linux.rootfsPropagation", linux->rootfs_propagation,
				   propagations, err);
	if (r == 0 && linux->personality.domain)
		r = oci_word_check("linux.personality.domain", linux->personality.domain, domains,
				   err);
	if (r == 0 && linux->personality.flags.count > 0)
		r = err_plain(err, -EINVAL, "linux.personality.flags: none are defined");
	if (r == 0 && linux->seccomp)
		r = check_seccomp(linux->seccomp, err);
	if (r == 0)
		r = check_devices(linux, err);
	if (r == 0 && linux->resources)
		r = check_resources(linux->resources, err);
	return r < 0 ? r : check_sysctl(linux, err);
}
