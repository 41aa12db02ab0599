#include "oci/spec.h"

#include "lib/err.h"

#include <criterion/criterion.h>
#include <string.h>

static void expect_line(const char *text, const char *line)
{
	cleanup_(arena_free) struct arena arena = {};
	struct oci_spec spec;
	struct err err = {};
	char got[1200];

	cr_assert_eq(oci_spec_read(&arena, "c", text, strlen(text), &spec, &err), 0, "%s: %s", text,
		     err_text(&err, got, sizeof(got)));
	cr_expect_eq(oci_spec_check(&spec, &err), *line ? -EINVAL : 0, "%s", text);
	cr_expect_str_eq(err.what, line, "%s gave '%s'", text, err.what);
}

struct row {
	const char *text, *line; /* "": nothing is wrong */
};

#define SPEC(more)  "{\"ociVersion\": \"1.0.2-dev\", \"root\": {\"path\": \"r\"}" more "}"
#define LINUX(more) SPEC(", \"linux\": {" more "}")
#define PROCESS(more)                                                                              \
	SPEC(", \"process\": {\"user\": {\"uid\": 0, \"gid\": 0}, \"cwd\": \"/\", \"args\": "      \
	     "[\"a\"]" more "}")

#define NAME_32 "abcdefghijklmnopqrstuvwxyzabcdef"
#define NAME_64 NAME_32 NAME_32
#define UTS     ", \"linux\": {\"namespaces\": [{\"type\": \"uts\"}]}"

#define EXPECT_ALL(rows)                                                                           \
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)                                              \
	expect_line(rows[i].text, rows[i].line)

Test(spec_check, document)
{
	static const struct row rows[] = {
		{SPEC(""), ""},
		{"{\"ociVersion\": \"2.0.0\", \"root\": {\"path\": \"r\"}}",
		 "ociVersion: 2.0.0 is newer than this runtime knows (1.x)"},
		{"{\"ociVersion\": \"new\", \"root\": {\"path\": \"r\"}}",
		 "ociVersion: 'new' is no version (like 1.2.0)"},
		{"{\"ociVersion\": \"1.2.0x\", \"root\": {\"path\": \"r\"}}",
		 "ociVersion: '1.2.0x' is no version (like 1.2.0)"},
		{"{\"ociVersion\": \"1\", \"root\": {\"path\": \"r\"}}",
		 "ociVersion: '1' is no version (like 1.2.0)"},
		{"{\"ociVersion\": \"1.2.0-\", \"root\": {\"path\": \"r\"}}",
		 "ociVersion: '1.2.0-' is no version (like 1.2.0)"},
		{"{\"ociVersion\": \"1.2.0-rc.1+b7\", \"root\": {\"path\": \"r\"}}", ""},
		{SPEC(", \"hostname\": \"a\""),
		 "hostname: needs a uts namespace in linux.namespaces"},
		{SPEC(", \"hostname\": \"" NAME_64 "\"" UTS), ""},
		{SPEC(", \"hostname\": \"" NAME_64 "x\"" UTS), "hostname: is longer than 64 bytes"},
		{SPEC(", \"domainname\": \"" NAME_64 "x\"" UTS),
		 "domainname: is longer than 64 bytes"},
		{LINUX("\"namespaces\": [{\"type\": \"moon\"}]"),
		 "linux.namespaces[0].type: 'moon' is none of pid, network, mount, ipc, uts, user, "
		 "cgroup, time"},
		{LINUX("\"namespaces\": [{\"type\": \"pid\"}, {\"type\": \"pid\"}]"),
		 "linux.namespaces[1].type: 'pid' is there twice"},
		{LINUX("\"maskedPaths\": [\"/a\"]"),
		 "linux.maskedPaths: needs a mount namespace in linux.namespaces"},
		{LINUX("\"namespaces\": [{\"type\": \"time\", \"path\": \"/proc/1/ns/time\"}], "
		       "\"timeOffsets\": {\"boottime\": {\"secs\": 1}}"),
		 "linux.timeOffsets: needs a new time namespace in linux.namespaces"},
		{LINUX("\"namespaces\": [{\"type\": \"mount\"}], \"maskedPaths\": [\"/a\", \"b\"]"),
		 "linux.maskedPaths[1]: 'b' is not absolute"},
		{LINUX("\"namespaces\": [{\"type\": \"mount\"}], \"readonlyPaths\": [\"\"]"),
		 "linux.readonlyPaths[0]: '' is not absolute"},
		{LINUX("\"rootfsPropagation\": \"sideways\""),
		 "linux.rootfsPropagation: 'sideways' is none of shared, rshared, slave, rslave, "
		 "private, rprivate, unbindable, runbindable"},
		{LINUX("\"cgroupsPath\": \"/a/b\\nc\""), "linux.cgroupsPath: holds a line break"},
		{LINUX("\"intelRdt\": {\"closID\": \"..\"}"),
		 "linux.intelRdt.closID: '..' is no folder name"},
		{LINUX("\"devices\": [{\"path\": \"/dev/a\", \"type\": \"x\"}]"),
		 "linux.devices[0].type: 'x' is none of c, b, u, p"},
		{LINUX("\"devices\": [{\"path\": \"/dev/a\", \"type\": \"c\", \"minor\": "
		       "1048576}]"),
		 "linux.devices[0].minor: 1048576 is not within 0 to 1048575"},
		{LINUX("\"devices\": [{\"path\": \"/dev/a\", \"type\": \"c\", \"major\": -1}]"),
		 "linux.devices[0].major: -1 is not within 0 to 4095"},
		{LINUX("\"intelRdt\": {\"memBwSchema\": \"MB:0=70\\nL3:0=f\"}"),
		 "linux.intelRdt.memBwSchema: 'MB:0=70\nL3:0=f' is not one line that begins with "
		 "MB:"},
		{LINUX("\"intelRdt\": {\"schemata\": [\"L3:0=f\", \"a\\nb\"]}"),
		 "linux.intelRdt.schemata[1]: holds a line break"},
	};

	EXPECT_ALL(rows);
}

Test(spec_check, process)
{
	static const struct row rows[] = {
		{PROCESS(", \"capabilities\": {\"bounding\": [\"CAP_NEWER_THAN_US\"]}"), ""},
		{PROCESS(", \"oomScoreAdj\": 1001"),
		 "process.oomScoreAdj: 1001 is not within -1000 to 1000"},
		{SPEC(", \"process\": {\"cwd\": \"/\", \"args\": [\"a\"]}"), ""},
		{SPEC(", \"process\": {\"cwd\": \"/\", \"args\": [\"a\"], \"user\": {\"umask\": "
		      "512}}"),
		 "process.user.umask: 512 is not within 0 to 511 (0777)"},
		{SPEC(", \"process\": {\"user\": {\"uid\": 4294967295}, \"cwd\": \"/\", \"args\": "
		      "[\"a\"]}"),
		 "process.user.uid: 4294967295 is no id"},
		{SPEC(", \"process\": {\"user\": {\"gid\": 4294967295}, \"cwd\": \"/\", \"args\": "
		      "[\"a\"]}"),
		 "process.user.gid: 4294967295 is no id"},
		{SPEC(", \"process\": {\"user\": {\"additionalGids\": [1, 4294967295]}, \"cwd\": "
		      "\"/\", \"args\": [\"a\"]}"),
		 "process.user.additionalGids[1]: 4294967295 is no id"},
		{PROCESS(", \"env\": [\"A\"]"), "process.env[0]: 'A' is not NAME=VALUE"},
		{PROCESS(", \"ioPriority\": {\"class\": \"IOPRIO_CLASS_BE\", \"priority\": 8}"),
		 "process.ioPriority.priority: 8 is not within 0 to 7"},
		{PROCESS(", \"scheduler\": {\"policy\": \"SCHED_OTHER\", \"nice\": 20}"),
		 "process.scheduler.nice: 20 is not within -20 to 19"},
		{PROCESS(", \"scheduler\": {\"policy\": \"SCHED_FIFO\", \"runtime\": 1}"),
		 "process.scheduler: runtime, deadline and period are for SCHED_DEADLINE only"},
		{PROCESS(", \"execCPUAffinity\": {\"initial\": \"0-3,7\"}"), ""},
		{PROCESS(", \"execCPUAffinity\": {\"final\": \"3-0\"}"),
		 "process.execCPUAffinity.final: '3-0' is no list of numbers (like 0-3,7)"},
		{PROCESS(", \"execCPUAffinity\": {\"final\": \"0,\"}"),
		 "process.execCPUAffinity.final: '0,' is no list of numbers (like 0-3,7)"},
		{PROCESS(", \"rlimits\": [{\"type\": \"RLIMIT_AS\", \"soft\": 2, \"hard\": 1}]"),
		 "process.rlimits[0].soft: 2 is above hard, 1"},
	};

	EXPECT_ALL(rows);
}

#define SYSCTL(pair)                                                                               \
	LINUX("\"namespaces\": [{\"type\": \"ipc\"}, {\"type\": \"network\"}], \"sysctl\": {" pair \
	      "}")

Test(spec_check, sysctl)
{
	static const struct row rows[] = {
		{SYSCTL("\"kernel.msgmax\": \"1\""), ""},
		{SYSCTL("\"net.ipv4.conf.eth0/100.forwarding\": \"1\""), ""},
		{SYSCTL("\"net/ipv4/conf/eth0.100/forwarding\": \"1\""), ""},
		{SYSCTL("\"kernel.hostname\": \"a\""),
		 "linux.sysctl[\"kernel.hostname\"]: use the member hostname"},
		{SYSCTL("\"kernel.domainname\": \"a\""),
		 "linux.sysctl[\"kernel.domainname\"]: needs a uts namespace in linux.namespaces"},
		{SYSCTL("\"kernel.core_pattern\": \"|/x\""),
		 "linux.sysctl[\"kernel.core_pattern\"]: is not in a separate kernel namespace"},
		{SYSCTL("\"kernel.msgmaximum\": \"1\""),
		 "linux.sysctl[\"kernel.msgmaximum\"]: is not in a separate kernel namespace"},
		{SYSCTL("\"kernel.shm_rmid_forced\": \"1\\n2\""),
		 "linux.sysctl[\"kernel.shm_rmid_forced\"]: holds a line break"},
		{SYSCTL("\"net/../kernel/core_pattern\": \"1\""),
		 "linux.sysctl[\"net/../kernel/core_pattern\"]: is no name of a sysctl"},
		{SYSCTL("\"net.//.kernel.core_pattern\": \"1\""),
		 "linux.sysctl[\"net.//.kernel.core_pattern\"]: is no name of a sysctl"},
		{SYSCTL("\"/net/a\": \"1\""), "linux.sysctl[\"/net/a\"]: is no name of a sysctl"},
	};

	EXPECT_ALL(rows);
}

#define SECCOMP(more)   LINUX("\"seccomp\": {\"defaultAction\": \"SCMP_ACT_ALLOW\"" more "}")
#define RULE(more)      SECCOMP(", \"syscalls\": [{\"names\": [\"read\"]" more "}]")
#define DEFAULT(action) LINUX("\"seccomp\": {\"defaultAction\": \"" action "\"}")
#define OPERATORS                                                                                  \
	"SCMP_CMP_NE, SCMP_CMP_LT, SCMP_CMP_LE, SCMP_CMP_EQ, SCMP_CMP_GE, "                        \
	"SCMP_CMP_GT, SCMP_CMP_MASKED_EQ"

Test(spec_check, seccomp)
{
	static const struct row rows[] = {
		{SECCOMP(""), ""},
		{DEFAULT("SCMP_ACT_NOTIFY"),
		 "linux.seccomp.defaultAction: SCMP_ACT_NOTIFY would stop the runtime itself"},
		{SECCOMP(", \"defaultErrnoRet\": 1"),
		 "linux.seccomp.defaultErrnoRet: only with SCMP_ACT_ERRNO and SCMP_ACT_TRACE"},
		{SECCOMP(", \"listenerMetadata\": \"a\""),
		 "linux.seccomp.listenerMetadata: needs listenerPath"},
		{SECCOMP(", \"flags\": [\"SECCOMP_FILTER_FLAG_NEW\"]"),
		 "linux.seccomp.flags[0]: 'SECCOMP_FILTER_FLAG_NEW' is none of "
		 "SECCOMP_FILTER_FLAG_TSYNC, SECCOMP_FILTER_FLAG_LOG, "
		 "SECCOMP_FILTER_FLAG_SPEC_ALLOW, SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"},
		{RULE(", \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 4096"),
		 "linux.seccomp.syscalls[0].errnoRet: 4096 is above 4095"},
		{RULE(", \"action\": \"SCMP_ACT_LOG\", \"args\": [{\"index\": 6, \"value\": 0, "
		      "\"op\": \"SCMP_CMP_EQ\"}]"),
		 "linux.seccomp.syscalls[0].args[0].index: 6 is above 5"},
		{RULE(", \"action\": \"SCMP_ACT_LOG\", \"args\": [{\"index\": 0, \"value\": 0, "
		      "\"op\": \"EQ\"}]"),
		 "linux.seccomp.syscalls[0].args[0].op: 'EQ' is none of " OPERATORS},
	};

	EXPECT_ALL(rows);
}

#define MEMORY(more) LINUX("\"resources\": {\"memory\": {" more "}}")

Test(spec_check, resources)
{
	static const struct row rows[] = {
		{MEMORY("\"limit\": 4, \"swap\": 4"), ""},
		{MEMORY("\"swap\": -1"), ""},
		{MEMORY("\"swap\": 4"), "linux.resources.memory.swap: needs memory.limit"},
		{MEMORY("\"limit\": 5, \"swap\": 4"),
		 "linux.resources.memory.swap: 4 is below memory.limit, 5 (swap is the sum of "
		 "both)"},
		{MEMORY("\"limit\": -5"),
		 "linux.resources.memory.limit: -5 is out of range (-1, 0, 1 and above)"},
		{LINUX("\"resources\": {\"cpu\": {\"idle\": 5}}"),
		 "linux.resources.cpu.idle: 5 is out of range (0, 1)"},
		{LINUX("\"resources\": {\"cpu\": {\"shares\": 1, \"quota\": -1, \"period\": 0}, "
		       "\"blockIO\": {\"weight\": 5}}"),
		 ""},
		{LINUX("\"resources\": {\"unified\": {\"../a\": \"1\"}}"),
		 "linux.resources.unified[\"../a\"]: is no file name"},
		{LINUX("\"resources\": {\"unified\": {\"cgroup.procs\": \"1\"}}"),
		 "linux.resources.unified[\"cgroup.procs\"]: is no limit, but the runtime's"},
		{LINUX("\"resources\": {\"unified\": {\"cgroup.max.depth\": \"2\"}}"), ""},
		{LINUX("\"resources\": {\"hugepageLimits\": [{\"pageSize\": \"2MB\", \"limit\": "
		       "0}]}"),
		 ""},
		{LINUX("\"resources\": {\"hugepageLimits\": [{\"pageSize\": \"1MB/../..\", "
		       "\"limit\": 0}]}"),
		 "linux.resources.hugepageLimits[0].pageSize: '1MB/../..' is no page size (like "
		 "2MB)"},
		{LINUX("\"resources\": {\"rdma\": {\"mlx5_1 hca_handle=9\": {}}}"),
		 "linux.resources.rdma[\"mlx5_1 hca_handle=9\"]: is no name of a device"},
		{LINUX("\"resources\": {\"devices\": [{\"allow\": true, \"access\": \"rwx\"}]}"),
		 "linux.resources.devices[0].access: 'rwx' has more than r, w and m"},
		{LINUX("\"resources\": {\"devices\": [{\"allow\": true, \"major\": 4294967297}]}"),
		 "linux.resources.devices[0].major: 4294967297 is not within -1 to 4095"},
		{LINUX("\"resources\": {\"cpu\": {\"cpus\": \"all\"}}"),
		 "linux.resources.cpu.cpus: 'all' is no list of numbers (like 0-3,7)"},
	};

	EXPECT_ALL(rows);
}
