#include "tests/unit/ns_rig.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROC  "{\"destination\": \"/proc\", \"type\": \"proc\", \"source\": \"proc\"}"
#define IDMAP "{\"org.pctrun.rootfs.idmap\": \"container\"}"
#define BIND(options)                                                                              \
	"[" PROC ", {\"destination\": \"/media\", \"source\": \"data\", \"options\": [" options    \
	"]}]"

static bool is_root(void)
{
	return geteuid() == 0;
}

/* bundle/data/inner with a file, and a rootfs with nothing but proc. */
static int with_data(int fd)
{
	int file;

	if (mkdirat(fd, "data", 0755) < 0 || mkdirat(fd, "data/inner", 0755) < 0)
		return -1;
	file = openat(fd, "data/file", O_CREAT | O_WRONLY, 0644);
	return file < 0 ? -1 : close(file);
}

static const char *media_has(const char *word)
{
	static char wrong[1200];
	const char *line = rig_mount_line("/media");

	(void)snprintf(wrong, sizeof(wrong), "no \"%s\" in %s", word, line);
	return strstr(line, word) ? NULL : wrong;
}

static const char *check_ro(void)
{
	return rig_writable("/media") ? "a read-only bind is writable" : media_has(" ro,");
}

static const char *check_nosuid(void)
{
	return media_has("nosuid,nodev,noexec");
}

static const char *check_noatime(void)
{
	return media_has("noatime");
}

static const char *check_shared(void)
{
	return media_has("shared:");
}

static const char *check_private(void)
{
	const char *line = rig_mount_line("/media");

	if (strstr(line, "shared:") || strstr(line, "master:"))
		return "a bind is private if no word says otherwise";
	return access("/media/file", F_OK) == 0 ? NULL : "the bind shows something else";
}

static const char *check_owner(void)
{
	struct stat st;

	if (stat("/media/file", &st) < 0)
		return "no /media/file";
	return st.st_uid == 0 ? NULL : "the id map doesn't show root's file as root's";
}

static const char *check_own_map(void)
{
	struct stat st;

	if (stat("/media/file", &st) < 0)
		return "no /media/file";
	return st.st_uid == 7 ? NULL : "the own map doesn't show 0 as 7";
}

static const char *check_tmpfs(void)
{
	const char *line = rig_mount_line("/media");

	if (!strstr(line, "size=64k") || !strstr(line, "nosuid"))
		return "the tmpfs has other options";
	return rig_writable("/media") ? NULL : "the tmpfs is not writable";
}

static const char *check_proc(void)
{
	return access("/proc/1/status", F_OK) == 0 && access("/proc/2", F_OK) < 0
		       ? NULL
		       : "/proc is not of the container's pid namespace";
}

static const char *check_nothing(void)
{
	return NULL;
}

static const char *check_not_there(void)
{
	return *rig_mount_line("/media") ? "an optional mount that fails is there" : NULL;
}

static const char *check_inner(void)
{
	return access("/copy/file", F_OK) == 0 ? NULL
					       : "a bind from inside doesn't see earlier mounts";
}

static int proc_is_link(int fd)
{
	return mkdirat(fd, "rootfs/elsewhere", 0755) < 0 ||
			       symlinkat("elsewhere", fd, "rootfs/proc") < 0
		       ? -1
		       : 0;
}

static int media_is_link_up(int fd)
{
	return with_data(fd) < 0 ||
			       symlinkat("../../../../../../run/target", fd, "rootfs/media") < 0
		       ? -1
		       : 0;
}

static int media_is_link_to_proc(int fd)
{
	return with_data(fd) < 0 || symlinkat("/proc/tty", fd, "rootfs/media") < 0 ? -1 : 0;
}

static const char *check_inside_link(void)
{
	return *rig_mount_line("/run/target") ? NULL : "the link's target is not in the root";
}

static int content(int fd)
{
	int file;

	if (mkdirat(fd, "rootfs/media", 0711) < 0)
		return -1;
	file = openat(fd, "rootfs/media/file", O_CREAT | O_WRONLY, 0640);
	return file < 0 || symlinkat("file", fd, "rootfs/media/link") < 0 ? -1 : close(file);
}

static const char *check_copied(void)
{
	struct stat st;

	if (stat("/media/link", &st) < 0 || (st.st_mode & 07777) != 0640)
		return "the directory's content was not copied";
	return stat("/media", &st) == 0 && (st.st_mode & 07777) == 0711 ? NULL : "other mode";
}

static const struct real {
	const char *name;
	struct rig rig;
	const char *want; /* part of the error; "" for none */
} reals[] = {
	{"ro", {.mounts = BIND("\"bind\", \"ro\""), .prepare = with_data, .check = check_ro}, ""},
	{"flags",
	 {.mounts = BIND("\"bind\", \"nosuid\", \"nodev\", \"noexec\""),
	  .prepare = with_data,
	  .check = check_nosuid},
	 ""},
	{"noatime",
	 {.mounts = BIND("\"rbind\", \"rnoatime\""), .prepare = with_data, .check = check_noatime},
	 ""},
	{"rro",
	 {.mounts = BIND("\"rbind\", \"rro\""), .prepare = with_data, .check = check_ro},
	 ""},
	{"shared",
	 {.mounts = BIND("\"bind\", \"rshared\""), .prepare = with_data, .check = check_shared},
	 ""},
	{"private",
	 {.mounts = BIND("\"rbind\""), .prepare = with_data, .check = check_private},
	 ""},
	{"implied id map",
	 {.mounts = BIND("\"bind\", \"idmap\""),
	  .annotations = IDMAP,
	  .userns = true,
	  .prepare = with_data,
	  .check = check_owner},
	 ""},
	{"own id map",
	 {.mounts =
		  "[" PROC
		  ", {\"destination\": \"/media\", \"source\": \"data\", \"options\": [\"bind\"], "
		  "\"uidMappings\": [{\"containerID\": 0, \"hostID\": 7, \"size\": 10}], "
		  "\"gidMappings\": [{\"containerID\": 0, \"hostID\": 7, \"size\": 10}]}]",
	  .prepare = with_data,
	  .check = check_own_map},
	 ""},
	{"tmpfs",
	 {.mounts = "[" PROC ", {\"destination\": \"/media\", \"type\": \"tmpfs\", \"source\": "
		    "\"tmpfs\", \"options\": [\"nosuid\", \"size=64k\", \"mode=755\"]}]",
	  .check = check_tmpfs},
	 ""},
	{"wrong data",
	 {.mounts = "[{\"destination\": \"/media\", \"type\": \"tmpfs\", \"source\": \"tmpfs\", "
		    "\"options\": [\"size=banana\"]}]",
	  .check = check_nothing},
	 "size"},
	{"proc", {.mounts = "[" PROC "]", .check = check_proc}, ""},
	{"proc, user namespace",
	 {.mounts = "[" PROC "]", .annotations = IDMAP, .userns = true, .check = check_proc},
	 ""},
	{"proc is a link",
	 {.mounts = "[" PROC "]", .prepare = proc_is_link, .check = check_nothing},
	 "symbolic link"},
	{"link up",
	 {.mounts = BIND("\"bind\""), .prepare = media_is_link_up, .check = check_inside_link},
	 ""},
	{"link into proc",
	 {.mounts = BIND("\"bind\""), .prepare = media_is_link_to_proc, .check = check_nothing},
	 "/proc"},
	{"source is missing", {.mounts = BIND("\"bind\""), .check = check_nothing}, "create "},
	{"optional", {.mounts = BIND("\"bind\", \"optional\""), .check = check_not_there}, ""},
	{"bind from inside",
	 {.mounts =
		  "[{\"destination\": \"/media\", \"source\": \"data\", \"options\": [\"bind\"]}, "
		  "{\"destination\": \"/copy\", \"source\": \"rootfs/media\", \"options\": "
		  "[\"bind\"]}]",
	  .prepare = with_data,
	  .check = check_inner},
	 ""},
	{"tmpcopyup",
	 {.mounts = "[{\"destination\": \"/media\", \"type\": \"tmpfs\", \"source\": \"tmpfs\", "
		    "\"options\": [\"tmpcopyup\"]}]",
	  .prepare = content,
	  .check = check_copied},
	 ""},
};

Test(ns_mount, real)
{
	if (!is_root())
		cr_skip("needs root");
	for (size_t i = 0; i < sizeof(reals) / sizeof(reals[0]); i++)
		rig_expect(&reals[i].rig, reals[i].name, reals[i].want);
}

static const struct planned {
	const char *name, *mounts, *want;
	bool userns;
} planned[] = {
	{"bind", BIND("\"rbind\", \"ro\", \"nosuid\""),
	 "0 mount.source bind /bundle/data on /media, ro,nosuid\n"},
	{"later words win", BIND("\"bind\", \"ro\", \"rw\""), "bind /bundle/data on /media\n"},
	{"all of it after its top", BIND("\"rbind\", \"ro\", \"rrw\""),
	 "bind /bundle/data on /media\n"},
	{"its top after all of it", BIND("\"rbind\", \"rro\", \"rw\""),
	 "bind /bundle/data on /media, rro\n"},
	{"data of a remount",
	 "[{\"destination\": \"/tmp\", \"options\": [\"remount\", \"size=1k\"]}]",
	 "remount /tmp: \"size=1k\" can't change"},
	{"data on a bind", BIND("\"bind\", \"size=3\""), "\"size=3\" is no option of a bind"},
	{"user space's words", BIND("\"bind\", \"x-gvfs-hide\""), "bind /bundle/data on /media\n"},
	{"below proc",
	 "[{\"destination\": \"/proc/sys\", \"source\": \"/x\", \"options\": [\"bind\"]}]",
	 "not a place in /proc"},
	{"dots to proc",
	 "[{\"destination\": \"/a/../proc/./1\", \"source\": \"/x\", \"options\": [\"bind\"]}]",
	 "not a place in /proc"},
	{"lxcfs",
	 "[{\"destination\": \"/proc/meminfo\", \"source\": \"/x\", \"options\": [\"bind\"]}]",
	 "bind /x on /proc/meminfo\n"},
	{"root", "[{\"destination\": \"/.\", \"source\": \"/x\", \"options\": [\"bind\"]}]",
	 "nothing can be mounted on /"},
	{"idmap without maps", BIND("\"bind\", \"idmap\""), "idmap needs mappings"},
	{"group outside",
	 "[{\"destination\": \"/dev/pts\", \"type\": \"devpts\", \"source\": \"devpts\", "
	 "\"options\": [\"gid=70000\", \"mode=620\"]}]",
	 "devpts devpts on /dev/pts, mode=620\n", true},
	{"cgroup",
	 "[{\"destination\": \"/sys/fs/cgroup\", \"type\": \"cgroup\", \"source\": \"cgroup\"}]",
	 "cgroup2 cgroup on /sys/fs/cgroup\n"},
	{"loop",
	 "[{\"destination\": \"/m\", \"type\": \"ext4\", \"source\": \"/i.raw\", \"options\": "
	 "[\"loop\", \"noload\", \"ro\"]}]",
	 "0 volume /i.raw, ext4, ro, noload\n"},
};

Test(ns_mount, plan)
{
	for (size_t i = 0; i < sizeof(planned) / sizeof(planned[0]); i++) {
		const char *said = rig_plan(
			&(struct rig){.mounts = planned[i].mounts, .userns = planned[i].userns});

		cr_expect(strstr(said, planned[i].want), "%s: no \"%s\" in:\n%s", planned[i].name,
			  planned[i].want, said);
	}
}
