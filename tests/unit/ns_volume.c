#include "lib/clock.h"
#include "lib/err.h"
#include "lib/json.h"
#include "lib/run.h"
#include "ns/volume.h"
#include "tests/unit/ns_rig.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROOT_IMAGE "\"org.pctrun.rootfs.image\": \"BUNDLE/image.raw\""
#define IDMAP      "\"org.pctrun.rootfs.idmap\": \"container\""
#define LOOP(more)                                                                                 \
	"[{\"destination\": \"/proc\", \"type\": \"proc\", \"source\": \"proc\"}, "                \
	"{\"destination\": \"/dev\", \"type\": \"tmpfs\", \"source\": \"tmpfs\"}, "                \
	"{\"destination\": \"/media\", \"source\": \"image.raw\", \"options\": [\"loop\"" more     \
	"]}]"

/* An ext4 image beside the root, with a lost+found that is root's. */
static int with_image(int fd)
{
	char command[128];
	int image = openat(fd, "image.raw", O_CREAT | O_WRONLY, 0600);
	int r = image < 0 ? -1 : ftruncate(image, 8 << 20);

	if (image >= 0)
		(void)close(image);
	(void)snprintf(command, sizeof(command), "mkfs.ext4 -q -F /proc/%d/fd/%d/image.raw",
		       (int)getpid(), fd);
	return r < 0 ? -1 : system(command);
}

static int with_rubbish(int fd)
{
	int image = openat(fd, "image.raw", O_CREAT | O_WRONLY, 0600);
	int r = image < 0 ? -1 : ftruncate(image, 1 << 20);

	if (image >= 0)
		(void)close(image);
	return r;
}

static const char *check_ext4(void)
{
	struct stat st;

	if (!strstr(rig_mount_line("/media"), " ext4 /dev/loop"))
		return "no ext4 of a loop device";
	if (stat("/media/lost+found", &st) < 0 || st.st_uid != 0)
		return "the image's files are not root's";
	return rig_writable("/media") ? NULL : "the image is not writable";
}

static const char *check_readonly(void)
{
	return rig_writable("/media") ? "a read-only image is writable" : NULL;
}

static const char *check_root(void)
{
	struct stat st;

	if (stat("/lost+found", &st) < 0 || st.st_uid != 0)
		return "the image is not the root, or not root's";
	return rig_writable("/") ? NULL : "the root is not writable";
}

static const struct real {
	const char *name;
	struct rig rig;
	const char *want;
} reals[] = {
	{"ext4", {.mounts = LOOP(""), .prepare = with_image, .check = check_ext4}, ""},
	{"id map",
	 {.mounts = LOOP(", \"idmap\""),
	  .annotations = "{" IDMAP "}",
	  .userns = true,
	  .prepare = with_image,
	  .check = check_ext4},
	 ""},
	{"read-only",
	 {.mounts = LOOP(", \"ro\", \"noload\""), .prepare = with_image, .check = check_readonly},
	 ""},
	{"root",
	 {.annotations = "{" ROOT_IMAGE "}", .prepare = with_image, .check = check_root},
	 ""},
	{"root, id map",
	 {.annotations = "{" ROOT_IMAGE ", " IDMAP "}",
	  .userns = true,
	  .prepare = with_image,
	  .check = check_root},
	 ""},
	{"rubbish",
	 {.mounts = LOOP(""), .prepare = with_rubbish, .check = check_ext4},
	 "no ext4, xfs or btrfs"},
};

static bool loops_in_use(char *list, size_t size)
{
	size_t length = 0;

	list[0] = '\0';
	for (int i = 0; i < 8; i++) {
		char path[64], line[256] = "";
		FILE *file;

		(void)snprintf(path, sizeof(path), "/sys/block/loop%d/loop/backing_file", i);
		file = fopen(path, "re");
		if (file && fgets(line, sizeof(line), file) && strstr(line, "/pctrun-unit-"))
			length += (size_t)snprintf(list + length, size - length, "%s", line);
		if (file)
			(void)fclose(file);
	}
	return length > 0;
}

/* The kernel lets go of a detached mount, and so of its device, a moment after its last user. */
static void expect_no_loops(const char *name)
{
	char list[2048];

	for (int i = 0; i < 500 && loops_in_use(list, sizeof(list)); i++)
		pause_ms(20);
	cr_expect(!loops_in_use(list, sizeof(list)), "%s: still attached: %s", name, list);
}

Test(ns_volume, real)
{
	if (geteuid() != 0 || access("/dev/loop-control", W_OK) < 0)
		cr_skip("needs root and loop devices");
	for (size_t i = 0; i < sizeof(reals) / sizeof(reals[0]); i++) {
		rig_expect(&reals[i].rig, reals[i].name, reals[i].want);
		expect_no_loops(reals[i].name);
	}
}

/* Return: 0, or -errno: -EBUSY where another process was faster. */
static int configure_loop(int number, int image_fd)
{
	struct loop_config config = {.fd = (uint32_t)image_fd};
	char path[32];
	int fd, r;

	(void)snprintf(path, sizeof(path), "/dev/loop%d", number);
	fd = open(path, O_RDWR | O_CLOEXEC);
	r = fd < 0 || ioctl(fd, LOOP_CONFIGURE, &config) < 0 ? -errno : 0;
	(void)close(fd);
	return r;
}

/* A loop device with no one but the record to know of it, as a SIGKILL leaves one. */
static int stray_loop(int image_fd)
{
	enum { TRIES = 100 }; /* all of the machine takes them from one heap */
	int control_fd = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	int number = -1, r = -EBUSY;

	for (int i = 0; control_fd >= 0 && r == -EBUSY && i < TRIES; i++) {
		number = ioctl(control_fd, LOOP_CTL_GET_FREE);
		r = number < 0 ? -errno : configure_loop(number, image_fd);
	}
	(void)close(control_fd);
	return r < 0 ? r : number;
}

static int undo(int number, const struct stat *image, unsigned long inode_offset)
{
	cleanup_(arena_free) struct arena arena = {};
	const struct json *record;
	struct err err = {};
	struct run run;
	char text[128];

	run_init(&run);
	(void)snprintf(text, sizeof(text), "{\"loop\": %d, \"device\": %lu, \"inode\": %lu}",
		       number, image->st_dev, image->st_ino + inode_offset);
	if (json_read(&arena, "record", text, strlen(text), &record, &err) < 0)
		return -1;
	return volume_undo(record, &run, &err);
}

static bool attached(int number)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/sys/block/loop%d/loop/backing_file", number);
	return access(path, F_OK) == 0;
}

Test(ns_volume, undo)
{
	char path[] = "/tmp/pctrun-unit-XXXXXX";
	struct stat image;
	int fd, number;

	if (geteuid() != 0 || access("/dev/loop-control", W_OK) < 0)
		cr_skip("needs root and loop devices");
	fd = mkstemp(path);
	cr_assert(fd >= 0 && ftruncate(fd, 1 << 20) == 0 && fstat(fd, &image) == 0);
	number = stray_loop(fd);
	cr_assert(number >= 0, "no loop device: %s", strerror(-number));
	cr_expect(undo(number, &image, 1) == 0 && attached(number), "somebody else's image");
	cr_expect(undo(number, &image, 0) == 0, "first");
	cr_expect(undo(number, &image, 0) == 0, "twice");
	expect_no_loops("undo");
	(void)close(fd);
	(void)unlink(path);
}
