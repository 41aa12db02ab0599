#include "cgroup/statistics.h"

#include "lib/file.h"
#include "lib/json.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <string.h>

/* The statistics of a folder with the files that a cgroup has: the kernel's text word by word. */
struct file {
	const char *name, *text;
};

static void expect_statistics(const char *what, const struct file *files, const char *expected)
{
	char path[] = "/tmp/pctrun-statistics-XXXXXX";
	struct json_out *out = json_out_new(false);
	cleanup_close int fd = -EBADF;
	cleanup_free char *seen = NULL;

	cr_assert_not_null(mkdtemp(path));
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (; files->name; files++)
		cr_assert_eq(file_replace(fd, files->name, files->text, strlen(files->text), 0600,
					  false, NULL),
			     0);
	json_out_object(out, NULL);
	cgroup_statistics_write(fd, out);
	json_out_end(out);
	seen = json_out_take(out);
	(void)remove_tree(AT_FDCWD, path);
	cr_expect_str_eq(seen, expected, "%s: %s", what, seen);
}

Test(cgroup_statistics, no_controller)
{
	static const struct file none[] = {{}};

	expect_statistics("nothing", none,
			  "{\"cpu\":{\"usage\":{},\"throttling\":{}},\"cpuset\":{},"
			  "\"memory\":{\"usage\":{},\"swap\":{},\"kernel\":{},\"kernelTCP\":{},"
			  "\"raw\":{}},\"pids\":{},\"blkio\":{}}");
}

Test(cgroup_statistics, every_controller)
{
	static const struct file files[] = {
		{"cpu.stat", "usage_usec 5\nuser_usec 3\nsystem_usec 2\nnr_periods 9\n"
			     "nr_throttled 4\nthrottled_usec 8\n"},
		{"cpu.pressure", "some avg10=0.12 avg60=1.00 avg300=2.50 total=77\n"
				 "full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n"},
		{"cpuset.cpus.effective", "0-2,5\n"},
		{"cpuset.mems.effective", "0\n"},
		{"memory.current", "1000\n"},
		{"memory.max", "max\n"},
		{"memory.peak", "2000\n"},
		{"memory.swap.current", "24\n"},
		{"memory.swap.max", "500\n"},
		{"memory.stat", "anon 10\nfile 20\nkernel 30\nsock 40\n"},
		{"memory.events", "low 0\nhigh 0\nmax 6\noom 0\noom_kill 1\n"},
		{"memory.swap.events", "high 0\nmax 7\nfail 0\n"},
		{"pids.current", "3\n"},
		{"pids.max", "max\n"},
		{"io.stat", "8:16 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6\n"},
		{"hugetlb.2MB.current", "2097152\n"},
		{"hugetlb.2MB.rsvd.current", "0\n"},
		{"hugetlb.2MB.max", "4194304\n"},
		{"hugetlb.2MB.events", "max 11\n"},
		{},
	};

	expect_statistics(
		"all", files,
		"{\"cpu\":{\"usage\":{\"total\":5000,\"kernel\":2000,\"user\":3000},"
		"\"throttling\":{\"periods\":9,\"throttledPeriods\":4,\"throttledTime\":8000},"
		"\"psi\":{\"some\":{\"avg10\":0.12,\"avg60\":1.00,\"avg300\":2.50,\"total\":77},"
		"\"full\":{\"avg10\":0.00,\"avg60\":0.00,\"avg300\":0.00,\"total\":0}}},"
		"\"cpuset\":{\"cpus\":[0,1,2,5],\"mems\":[0]},"
		"\"memory\":{\"cache\":20,"
		"\"usage\":{\"limit\":18446744073709551615,\"usage\":1000,\"failcnt\":6,"
		"\"max\":2000},"
		"\"swap\":{\"limit\":18446744073709551615,\"usage\":1024,\"failcnt\":7},"
		"\"kernel\":{\"usage\":30},\"kernelTCP\":{\"usage\":40},"
		"\"raw\":{\"anon\":10,\"file\":20,\"kernel\":30,\"sock\":40}},"
		"\"pids\":{\"current\":3,\"limit\":0},"
		"\"blkio\":{\"ioServiceBytesRecursive\":["
		"{\"major\":8,\"minor\":16,\"op\":\"Read\",\"value\":1},"
		"{\"major\":8,\"minor\":16,\"op\":\"Write\",\"value\":2},"
		"{\"major\":8,\"minor\":16,\"op\":\"Discard\",\"value\":5}],"
		"\"ioServicedRecursive\":["
		"{\"major\":8,\"minor\":16,\"op\":\"Read\",\"value\":3},"
		"{\"major\":8,\"minor\":16,\"op\":\"Write\",\"value\":4},"
		"{\"major\":8,\"minor\":16,\"op\":\"Discard\",\"value\":6}]},"
		"\"hugetlb\":{\"2MB\":{\"usage\":2097152,\"max\":4194304,\"failcnt\":11}}}");
}
