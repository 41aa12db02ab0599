#include "lib/err.h"
#include "lib/text.h"
#include "oci/check.h"

#include <string.h>

static int check_device(const struct oci_device *device, size_t index, struct err *err)
{
	if (device->path[0] != '/')
		return err_plain(err, -EINVAL, "linux.devices[%zu].path: '%s' is not absolute",
				 index, device->path);
	if (device->major < 0 || device->major > MAJOR_MAX)
		return err_plain(err, -EINVAL,
				 "linux.devices[%zu].major: %ld is not within 0 to %d", index,
				 device->major, MAJOR_MAX);
	if (device->minor < 0 || device->minor > MINOR_MAX)
		return err_plain(err, -EINVAL,
				 "linux.devices[%zu].minor: %ld is not within 0 to %d", index,
				 device->minor, MINOR_MAX);
	return oci_item_check("linux.devices", index, ".type", device->type, oci_words_device, err);
}

static int check_devices(const struct oci_linux *linux, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < linux->devices.count; i++)
		r = check_device(&linux->devices.items[i], i, err);
	return r;
}

static int check_paths(const char *member, const struct oci_strings *paths, struct err *err)
{
	for (size_t i = 0; i < paths->count; i++)
		if (paths->items[i][0] != '/')
			return err_plain(err, -EINVAL, "linux.%s[%zu]: '%s' is not absolute",
					 member, i, paths->items[i]);
	return 0;
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
static int check_clos_id(const char *id, struct err *err)
{
	if (!id || strcmp(id, "/") == 0)
		return 0;
	if (!*id || strchr(id, '/') || strcmp(id, ".") == 0 || strcmp(id, "..") == 0)
		return err_plain(err, -EINVAL, "linux.intelRdt.closID: '%s' is no folder name", id);
	return 0;
}

/* Each is one line of the file schemata. */
static int check_intel_rdt(const struct oci_intel_rdt *rdt, struct err *err)
{
	int r = check_clos_id(rdt->clos_id, err);

	if (r == 0 && rdt->l3_cache_schema && strchr(rdt->l3_cache_schema, '\n'))
		r = err_plain(err, -EINVAL, "linux.intelRdt.l3CacheSchema: holds a line break");
	if (r == 0 && rdt->mem_bw_schema &&
	    (!starts_with(rdt->mem_bw_schema, "MB:") || strchr(rdt->mem_bw_schema, '\n')))
		r = err_plain(err, -EINVAL,
			      "linux.intelRdt.memBwSchema: '%s' is not one line that begins with "
			      "MB:",
			      rdt->mem_bw_schema);
	for (size_t i = 0; r == 0 && i < rdt->schemata.count; i++)
		if (strchr(rdt->schemata.items[i], '\n'))
			r = err_plain(err, -EINVAL,
				      "linux.intelRdt.schemata[%zu]: holds a line break", i);
	return r;
}

/* A file of the kernel's lists them, one a line. */
static int check_cgroups_path(const char *path, struct err *err)
{
	if (!path || !strchr(path, '\n'))
		return 0;
	return err_plain(err, -EINVAL, "linux.cgroupsPath: holds a line break");
}

int oci_values_check(const struct oci_spec *spec, struct err *err)
{
	const struct oci_linux *linux = &spec->linux;
	int r = 0;

	if (linux->rootfs_propagation && *linux->rootfs_propagation)
		r = oci_word_check("linux.rootfsPropagation", linux->rootfs_propagation,
				   oci_words_propagation, err);
	if (r == 0)
		r = check_cgroups_path(linux->cgroups_path, err);
	if (r == 0 && linux->personality.domain)
		r = oci_word_check("linux.personality.domain", linux->personality.domain,
				   oci_words_personality, err);
	if (r == 0 && linux->personality.flags.count > 0)
		r = err_plain(err, -EINVAL, "linux.personality.flags: none are defined");
	if (r == 0 && linux->seccomp)
		r = oci_seccomp_check(linux->seccomp, err);
	if (r == 0)
		r = check_devices(linux, err);
	if (r == 0)
		r = check_paths("maskedPaths", &linux->masked_paths, err);
	if (r == 0)
		r = check_paths("readonlyPaths", &linux->readonly_paths, err);
	if (r == 0 && linux->resources)
		r = oci_resources_check(linux->resources, err);
	if (r == 0)
		r = check_memory_policy(linux, err);
	if (r == 0 && linux->intel_rdt)
		r = check_intel_rdt(linux->intel_rdt, err);
	return r < 0 ? r : oci_sysctl_check(spec, err);
}
