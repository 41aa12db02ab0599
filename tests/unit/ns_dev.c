#include "tests/unit/ns_rig.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define DEV(more)                                                                                  \
	"[{\"destination\": \"/proc\", \"type\": \"proc\", \"source\": \"proc\"}, "                \
	"{\"destination\": \"/dev\", \"type\": \"tmpfs\", \"source\": \"tmpfs\", \"options\": "    \
	"[\"nosuid\", \"mode=755\"" more "]}]"
#define IDMAP "\"org.pctrun.rootfs.idmap\": \"container\""
#define PASSED                                                                                     \
	"\"org.pctrun.devices\": \"[{\\\"path\\\": \\\"/dev/full2\\\", \\\"type\\\": \\\"c\\\", "  \
	"\\\"major\\\": 1, \\\"minor\\\": 7, \\\"mode\\\": 416, \\\"uid\\\": 3, \\\"gid\\\": 4}, " \
	"{\\\"path\\\": \\\"/dev/sub/zero2\\\", \\\"type\\\": \\\"c\\\", \\\"major\\\": 1, "       \
	"\\\"minor\\\": 5}]\""

static bool is_node(const char *path, unsigned int minor_number)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISCHR(st.st_mode) &&
	       st.st_rdev == makedev(1, minor_number);
}

static bool works(const char *path)
{
	char byte = 1;
	int fd = open(path, O_RDWR | O_CLOEXEC);
	bool read_some = fd >= 0 && read(fd, &byte, 1) == 1 && byte == 0;

	if (fd >= 0)
		(void)close(fd);
	return read_some;
}

static const char *check_defaults(void)
{
	char to[PATH_MAX] = "";

	if (!is_node("/dev/null", 3) || !is_node("/dev/urandom", 9) || !works("/dev/zero"))
		return "default devices are not there";
	if (readlink("/dev/ptmx", to, sizeof(to) - 1) < 0 || strcmp(to, "pts/ptmx") != 0)
		return "/dev/ptmx is no link to pts/ptmx";
	return readlink("/dev/fd", to, sizeof(to)) > 0 ? NULL : "no /dev/fd";
}

static const char *check_private(void)
{
	return strstr(rig_mount_line("/dev/null"), "shared:") ? "/dev/null is the host's peer"
							      : check_defaults();
}

static const char *check_passed(void)
{
	struct stat st;

	if (!is_node("/dev/full2", 7) || !is_node("/dev/sub/zero2", 5))
		return "passed-through devices are not there";
	if (stat("/dev/full2", &st) < 0 || st.st_uid != 3 || st.st_gid != 4 ||
	    (st.st_mode & 07777) != 0640)
		return "a passed-through device has another owner or mode";
	if (*rig_mount_line("/dev/full2") == '\0')
		return "no mount on /dev/full2";
	return works("/dev/sub/zero2") ? NULL : "a passed-through device can't be opened";
}

static const char *check_readonly(void)
{
	return rig_writable("/dev") ? "a read-only /dev is writable" : check_defaults();
}

static const char *check_fifo(void)
{
	struct stat st;

	return stat("/dev/initctl", &st) == 0 && S_ISFIFO(st.st_mode) && st.st_uid == 5
		       ? NULL
		       : "no fifo of user 5";
}

static int dev_is_link(int fd)
{
	return symlinkat("/", fd, "rootfs/dev");
}

static int dev_has_ptmx(int fd)
{
	int file;

	if (mkdirat(fd, "rootfs/dev", 0755) < 0 ||
	    mknodat(fd, "rootfs/dev/null", S_IFCHR | 0666, makedev(1, 3)) < 0)
		return -1;
	file = openat(fd, "rootfs/dev/ptmx", O_CREAT | O_WRONLY, 0644);
	return file < 0 ? -1 : close(file);
}

static int dev_has_other_null(int fd)
{
	return mkdirat(fd, "rootfs/dev", 0755) < 0
		       ? -1
		       : mknodat(fd, "rootfs/dev/null", S_IFCHR | 0666, makedev(1, 5));
}

static const struct real {
	const char *name;
	struct rig rig;
	const char *want;
} reals[] = {
	{"defaults", {.mounts = DEV(""), .check = check_defaults}, ""},
	{"user namespace",
	 {.mounts = DEV(""), .annotations = "{" IDMAP "}", .userns = true, .check = check_private},
	 ""},
	{"passed through",
	 {.mounts = DEV(""), .annotations = "{" PASSED "}", .check = check_passed},
	 ""},
	{"passed through, user namespace",
	 {.mounts = DEV(""),
	  .annotations = "{" IDMAP ", " PASSED "}",
	  .userns = true,
	  .check = check_passed},
	 ""},
	{"passed through, no pivot",
	 {.mounts = DEV(""),
	  .annotations = "{" PASSED "}",
	  .no_pivot = true,
	  .check = check_passed},
	 ""},
	{"read-only /dev", {.mounts = DEV(", \"ro\""), .check = check_readonly}, ""},
	{"fifo",
	 {.mounts = DEV(""),
	  .linux_more = "\"devices\": [{\"path\": \"/dev/initctl\", \"type\": \"p\", \"fileMode\": "
			"384, \"uid\": 5}]",
	  .check = check_fifo},
	 ""},
	{"/dev of an image", {.prepare = dev_has_ptmx, .check = check_defaults}, ""},
	{"/dev is a link", {.prepare = dev_is_link, .check = check_defaults}, "symbolic link"},
	{"another node",
	 {.prepare = dev_has_other_null, .check = check_defaults},
	 "something else"},
	{"no such device on the host",
	 {.mounts = DEV(""),
	  .annotations = "{" IDMAP "}",
	  .userns = true,
	  .linux_more = "\"devices\": [{\"path\": \"/dev/zero\", \"type\": \"c\", \"major\": 1, "
			"\"minor\": 99}]",
	  .check = check_defaults},
	 "is not device 1:99"},
};

Test(ns_dev, real)
{
	if (geteuid() != 0)
		cr_skip("needs root");
	for (size_t i = 0; i < sizeof(reals) / sizeof(reals[0]); i++)
		rig_expect(&reals[i].rig, reals[i].name, reals[i].want);
}

Test(ns_dev, plan)
{
	const char *said;

	said = rig_plan(&(struct rig){
		.annotations =
			"{\"org.pctrun.devices\": \"[{\\\"path\\\": \\\"/dev/x\\\", "
			"\\\"type\\\": \\\"c\\\", \\\"major\\\": 10, \\\"minor\\\": 237}]\"}"});
	cr_expect(strstr(said, "loop-control"), "%s", said);
	said = rig_plan(&(struct rig){.mounts =
					      "[{\"destination\": \"/dev\", \"source\": \"/dev\", "
					      "\"options\": [\"rbind\"]}]"});
	cr_expect(!strstr(said, "dev /dev/null"), "a bound /dev gets no nodes:\n%s", said);
	said = rig_plan(&(struct rig){.userns = true});
	cr_expect(strstr(said, "0 dev.source /dev/null c 1:3, the host's /dev/null\n"), "%s", said);
	said = rig_plan(&(struct rig){.no_mknod = true});
	cr_expect(strstr(said, "0 dev.source /dev/null c 1:3, the host's /dev/null\n"), "%s", said);
	said = rig_plan(&(struct rig){});
	cr_expect(!strstr(said, "dev.source"), "%s", said);
}
