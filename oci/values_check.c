#include "lib/err.h"
#include "oci/check.h"

#include <string.h>

static int check_devices(const struct oci_linux *linux, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < linux->devices.count; i++) {
		if (linux->devices.items[i].path[0] != '/')
			return err_plain(err, -EINVAL,
					 "linux.devices[%zu].path: '%s' is not absolute", i,
					 linux->devices.items[i].path);
		r = oci_item_check("linux.devices", i, ".type", linux->devices.items[i].type,
				   oci_words_device, err);
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

static int check_cpu_lists(const struct oci_resources *resources, struct err *err)
{
	int r = 0;

	if (resources->cpu.cpus && *resources->cpu.cpus)
		r = oci_ranges_check("linux.resources.cpu.cpus", resources->cpu.cpus, err);
	if (r == 0 && resources->cpu.mems && *resources->cpu.mems)
		r = oci_ranges_check("linux.resources.cpu.mems", resources->cpu.mems, err);
	return r;
}

static int check_resources(const struct oci_resources *resources, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < resources->devices.count; i++) {
		const struct oci_device_rule *rule = &resources->devices.items[i];

		if (rule->type)
			r = oci_item_check("linux.resources.devices", i, ".type", rule->type,
					   oci_words_device_rule, err);
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
	if (r == 0)
		r = check_cpu_lists(resources, err);
	return r < 0 ? r : check_memory(resources, err);
}

static int check_memory_policy(const struct oci_linux *linux, struct err *err)
{
	int r;

	if (!linux->memory_policy.mode)
		return 0;
	r = oci_word_check("linux.memoryPolicy.mode", linux->memory_policy.mode,
			   oci_words_memory_mode, err);
	if (r == 0 && linux->memory_policy.nodes && *linux->memory_policy.nodes)
		r = oci_ranges_check("linux.memoryPolicy.nodes", linux->memory_policy.nodes, err);
	if (r == 0)
		r = oci_words_check("linux.memoryPolicy.flags", &linux->memory_policy.flags,
				    oci_words_memory_flag, err);
	return r;
}

/* closID becomes a folder's name below /sys/fs/resctrl; "/" is the root's own. */
static int check_intel_rdt(const struct oci_linux *linux, struct err *err)
{
	const char *id = linux->intel_rdt ? linux->intel_rdt->clos_id : NULL;

	if (!id || strcmp(id, "/") == 0)
		return 0;
	if (!*id || strchr(id, '/') || strcmp(id, ".") == 0 || strcmp(id, "..") == 0)
		return err_plain(err, -EINVAL, "linux.intelRdt.closID: '%s' is no folder name", id);
	return 0;
}

int oci_values_check(const struct oci_spec *spec, struct err *err)
{
	const struct oci_linux *linux = &spec->linux;
	int r = 0;

	if (linux->rootfs_propagation && *linux->rootfs_propagation)
		r = oci_word_check("linux.rootfsPropagation", linux->rootfs_propagation,
				   oci_words_propagation, err);
	if (r == 0 && linux->personality.domain)
		r = oci_word_check("linux.personality.domain", linux->personality.domain,
				   oci_words_personality, err);
	if (r == 0 && linux->personality.flags.count > 0)
		r = err_plain(err, -EINVAL, "linux.personality.flags: none are defined");
	if (r == 0 && linux->seccomp)
		r = oci_seccomp_check(linux->seccomp, err);
	if (r == 0)
		r = check_devices(linux, err);
	if (r == 0 && linux->resources)
		r = check_resources(linux->resources, err);
	if (r == 0)
		r = check_memory_policy(linux, err);
	if (r == 0)
		r = check_intel_rdt(linux, err);
	return r < 0 ? r : oci_sysctl_check(spec, err);
}
