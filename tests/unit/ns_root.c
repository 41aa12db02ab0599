#include "tests/unit/ns_rig.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROC "[{\"destination\": \"/proc\", \"type\": \"proc\", \"source\": \"proc\"}]"

static int marked(int fd)
{
	return mkdirat(fd, "rootfs/mark", 0755) < 0 || mkdirat(fd, "rootfs/dev", 0755) < 0 ? -1 : 0;
}

static const char *check_alone(void)
{
	if (access("/mark", F_OK) < 0)
		return "\"/\" is not the root file system";
	if (access("/usr", F_OK) == 0 || access("/tmp/../../usr", F_OK) == 0)
		return "the host's files are visible";
	return rig_writable("/") ? NULL : "\"/\" is not writable";
}

static const char *check_readonly(void)
{
	return rig_writable("/") ? "a read-only root is writable" : NULL;
}

static const char *check_shared(void)
{
	return strstr(rig_mount_line("/"), "shared:") ? NULL : "\"/\" is not shared";
}

static const char *check_private(void)
{
	const char *line = rig_mount_line("/");

	return strstr(line, "shared:") || strstr(line, "master:") ? "\"/\" has a peer" : NULL;
}

static const char *check_only_mounts(void)
{
	return *rig_mount_line("/sys") ? "a mount of the host is still there" : check_alone();
}

static const char *check_idmap(void)
{
	struct stat st;

	if (stat("/mark", &st) < 0 || st.st_uid != 0)
		return "the root's files are not root's";
	return rig_writable("/") ? NULL : "root can't write to its files";
}

static const char *check_umask(void)
{
	return umask(0) == 0022 ? NULL : "the umask is not the usual one";
}

static const struct real {
	const char *name;
	struct rig rig;
	const char *want;
} reals[] = {
	{"pivot", {.mounts = PROC, .check = check_only_mounts}, ""},
	{"no pivot", {.mounts = PROC, .no_pivot = true, .check = check_alone}, ""},
	{"readonly", {.readonly = true, .check = check_readonly}, ""},
	{"private", {.mounts = PROC, .check = check_private}, ""},
	{"shared",
	 {.mounts = PROC,
	  .linux_more = "\"rootfsPropagation\": \"rshared\"",
	  .check = check_shared},
	 ""},
	{"id map",
	 {.mounts = PROC,
	  .annotations = "{\"org.pctrun.rootfs.idmap\": \"container\"}",
	  .userns = true,
	  .check = check_idmap},
	 ""},
	{"own id map",
	 {.mounts = PROC,
	  .annotations =
		  "{\"org.pctrun.rootfs.idmap\": \"{\\\"uidMappings\\\": [{\\\"containerID\\\": "
		  "0, \\\"hostID\\\": 100000, \\\"size\\\": 65536}], \\\"gidMappings\\\": "
		  "[{\\\"containerID\\\": 0, \\\"hostID\\\": 100000, \\\"size\\\": 65536}]}\"}",
	  .userns = true,
	  .check = check_idmap},
	 ""},
	{"umask", {.mounts = PROC, .check = check_umask}, ""},
	{"options of a directory",
	 {.annotations = "{\"org.pctrun.rootfs.options\": \"size=3\"}", .check = check_alone},
	 "no option of a directory"},
	{"read-only by options",
	 {.mounts = "[{\"destination\": \"/dev\", \"type\": \"tmpfs\", \"source\": \"tmpfs\"}]",
	  .annotations = "{\"org.pctrun.rootfs.options\": \"ro\"}",
	  .check = check_readonly},
	 ""},
};

Test(ns_root, real)
{
	if (geteuid() != 0)
		cr_skip("needs root");
	for (size_t i = 0; i < sizeof(reals) / sizeof(reals[0]); i++) {
		struct rig rig = reals[i].rig;

		rig.prepare = marked;
		rig_expect(&rig, reals[i].name, reals[i].want);
	}
}

Test(ns_root, plan)
{
	const char *said = rig_plan(&(struct rig){.readonly = true, .userns = true});

	cr_expect(strstr(said, "0 root.open /bundle/rootfs\n"), "%s", said);
	cr_expect(strstr(said, "root.attach /bundle/rootfs\n"), "%s", said);
	cr_expect(strstr(said, "root.pivot pivot_root, ro\n"), "%s", said);
}
