#include "tests/unit/ns_rig.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define MOUNTS                                                                                     \
	"[{\"destination\": \"/proc\", \"type\": \"proc\", \"source\": \"proc\"}, "                \
	"{\"destination\": \"/sys\", \"type\": \"sysfs\", \"source\": \"sysfs\"}, "                \
	"{\"destination\": \"/dev\", \"type\": \"tmpfs\", \"source\": \"tmpfs\"}]"
#define IDMAP "\"org.pctrun.rootfs.idmap\": \"container\""
#define MASKS                                                                                      \
	"\"maskedPaths\": [\"/proc/version\", \"/proc/uptime\", \"/proc/acpi\", \"/proc/tty\", "   \
	"\"/proc/fs\", \"/sys/firmware\", \"/not/there\", \"/proc/version\"]"
#define WRITABLE                                                                                   \
	"\"org.pctrun.paths.writable\": \"[\\\"/proc/sys/net\\\", \\\"/proc/sys/nothing\\\"]\""

static bool is_null(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3);
}

static bool is_empty(const char *path)
{
	char below[128];

	(void)snprintf(below, sizeof(below), "%s/drivers", path);
	return access(path, F_OK) == 0 && access(below, F_OK) < 0 && !rig_writable(path);
}

static const char *check_masks(void)
{
	if (!is_null("/proc/version") || !is_null("/proc/uptime"))
		return "files are not masked";
	if (!is_empty("/proc/tty"))
		return "directories are not masked";
	if (access("/not", F_OK) == 0)
		return "a mask made its own path";
	return strstr(rig_mount_line("/proc/tty"), " ro,") ? NULL : "a mask is writable";
}

static bool can_write(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd >= 0)
		(void)close(fd);
	return fd >= 0;
}

static const char *check_readonly(void)
{
	if (can_write("/proc/sys/kernel/domainname") || can_write("/proc/sys/net/ipv4/ip_forward"))
		return "/proc/sys is writable";
	return access("/proc/sys/kernel/domainname", R_OK) == 0 ? NULL
								: "/proc/sys is not readable";
}

static const char *check_writable(void)
{
	if (can_write("/proc/sys/kernel/domainname"))
		return "/proc/sys is writable";
	return can_write("/proc/sys/net/ipv4/ip_forward") ? NULL : "/proc/sys/net is not writable";
}

static const char *check_bootid(void)
{
	char text[64] = "";
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		(void)close(fd);
	if (length != 37 || text[14] != '4' || text[36] != '\n')
		return "no boot id of 37 characters";
	if (!*rig_mount_line("/proc/sys/kernel/random/boot_id"))
		return "the boot id is the kernel's";
	return access("/dev/.pctrun-boot-id", F_OK) < 0 ? NULL : "the boot id's file is left over";
}

static const struct real {
	const char *name;
	struct rig rig;
} reals[] = {
	{"masks", {.mounts = MOUNTS, .linux_more = MASKS, .check = check_masks}},
	{"masks, user namespace",
	 {.mounts = MOUNTS,
	  .linux_more = MASKS,
	  .annotations = "{" IDMAP "}",
	  .userns = true,
	  .check = check_masks}},
	{"masks, read-only root",
	 {.mounts = "[{\"destination\": \"/proc\", \"type\": \"proc\", \"source\": \"proc\"}]",
	  .linux_more = MASKS,
	  .readonly = true,
	  .check = check_masks}},
	{"readonly",
	 {.mounts = MOUNTS,
	  .linux_more = "\"readonlyPaths\": [\"/proc/sys\"]",
	  .check = check_readonly}},
	{"writable",
	 {.mounts = MOUNTS,
	  .linux_more = "\"readonlyPaths\": [\"/proc/sys\", \"/proc/sys\"]",
	  .annotations = "{" WRITABLE "}",
	  .check = check_writable}},
	{"writable, user namespace",
	 {.mounts = MOUNTS,
	  .linux_more = "\"readonlyPaths\": [\"/proc/sys\"]",
	  .annotations = "{" IDMAP ", " WRITABLE "}",
	  .userns = true,
	  .check = check_writable}},
	{"boot id",
	 {.mounts = MOUNTS,
	  .annotations = "{\"org.pctrun.boot-id\": \"1\"}",
	  .check = check_bootid}},
	{"boot id, user namespace",
	 {.mounts = MOUNTS,
	  .annotations = "{" IDMAP ", \"org.pctrun.boot-id\": \"1\"}",
	  .userns = true,
	  .check = check_bootid}},
};

Test(ns_mask, real)
{
	if (geteuid() != 0)
		cr_skip("needs root");
	for (size_t i = 0; i < sizeof(reals) / sizeof(reals[0]); i++)
		rig_expect(&reals[i].rig, reals[i].name, "");
}

Test(ns_mask, plan)
{
	const char *said = rig_plan(&(struct rig){
		.linux_more =
			"\"readonlyPaths\": [\"/proc/sys\"], \"maskedPaths\": [\"/proc/version\"]",
		.annotations = "{" WRITABLE "}",
	});
	const char *keep = strstr(said, "writable.keep /proc/sys/net\n");
	const char *readonly = strstr(said, "readonly /proc/sys\n");
	const char *writable = strstr(said, " writable /proc/sys/net\n");

	cr_expect(keep && readonly && writable && keep < readonly && readonly < writable, "%s",
		  said);
	cr_expect(strstr(said, "0 mask.null /dev/null\n"), "%s", said);
	cr_expect(strstr(said, "mask /proc/version\n"), "%s", said);
}
