#include "cgroup/device_filter.h"
#include "lib/arena.h"
#include "lib/err.h"
#include "lib/mountinfo.h"
#include "lib/own.h"
#include "lib/plan.h"
#include "lib/text.h"
#include "oci/spec.h"
#include "seccomp/stack.h"
#include "why/action.h"
#include "why/judge.h"
#include "why/peer.h"
#include "why/rights.h"
#include "why/subject.h"
#include "why/wall.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <linux/posix_acl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static const uint32_t groups[] = {50};

/* A process in the host's user namespace, in a group of its number and in 50. */
static struct subject person(uint32_t uid, uint64_t caps)
{
	return (struct subject){
		.isolation = {.initial_userns = true,
			      .creds = {.uid = {uid, uid, uid, uid},
					.gid = {uid, uid, uid, uid},
					.group_count = 1,
					.groups = groups,
					.effective = caps}},
	};
}

static struct place *file(mode_t mode, uint32_t uid, uint32_t gid)
{
	struct place *place = calloc(1, sizeof(*place));

	cr_assert_not_null(place);
	place->mode = mode;
	place->uid = uid;
	place->gid = gid;
	return place;
}

Test(why_rights, by_mode_and_capability)
{
	enum { DAC = 1 << CAP_DAC_OVERRIDE, SEARCH = 1 << CAP_DAC_READ_SEARCH };
	static const struct {
		mode_t mode;
		uint32_t uid, gid;
		uint64_t caps;
		unsigned int access;
		bool may;
	} rows[] = {
		{S_IFREG | 0400, 1000, 0, 0, ACCESS_READ, true},
		{S_IFREG | 0077, 1000, 1000, 0, ACCESS_READ, false}, /* the owner's bits count */
		{S_IFREG | 0040, 0, 1000, 0, ACCESS_READ, true},
		{S_IFREG | 0040, 0, 50, 0, ACCESS_READ, true},
		{S_IFREG | 0704, 0, 50, 0, ACCESS_READ, false}, /* the group's bits count */
		{S_IFREG | 0004, 0, 0, 0, ACCESS_READ, true},
		{S_IFREG | 0004, 0, 0, 0, ACCESS_READ | ACCESS_WRITE, false},
		{S_IFREG | 0000, 0, 0, DAC, ACCESS_READ | ACCESS_WRITE, true},
		{S_IFREG | 0000, 0, 0, DAC, ACCESS_EXEC, false}, /* some x is needed */
		{S_IFREG | 0100, 0, 0, DAC, ACCESS_EXEC, true},
		{S_IFREG | 0000, 0, 0, SEARCH, ACCESS_READ, true},
		{S_IFREG | 0000, 0, 0, SEARCH, ACCESS_WRITE, false},
		{S_IFDIR | 0000, 0, 0, SEARCH, ACCESS_EXEC, true},
		{S_IFDIR | 0000, 0, 0, SEARCH, ACCESS_WRITE, false},
		{S_IFDIR | 0000, 0, 0, DAC, ACCESS_WRITE, true},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct subject subject = person(1000, rows[i].caps);
		cleanup_free struct place *place = file(rows[i].mode, rows[i].uid, rows[i].gid);

		cr_expect_eq(rights_access(&subject, place, rows[i].access), rows[i].may, "row %zu",
			     i);
	}
}

/* Capabilities of a user namespace count for files of those who are somebody in it. */
Test(why_rights, of_a_user_namespace)
{
	struct idmap_range range = {0, 100000, 1000};
	static const struct {
		uint32_t uid, gid;
		bool may;
	} rows[] = {{100999, 100999, true}, {100999, 101000, false}, {0, 100999, false}};
	struct subject subject = person(100000, 1 << CAP_DAC_OVERRIDE);

	subject.isolation.initial_userns = false;
	subject.isolation.uid_map = subject.isolation.gid_map = (struct idmap){1, &range};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_free struct place *place = file(S_IFREG, rows[i].uid, rows[i].gid);

		cr_expect_eq(rights_access(&subject, place, ACCESS_WRITE), rows[i].may, "row %zu",
			     i);
	}
}

struct entry {
	uint16_t tag, perm;
	uint32_t id;
};

static void set_acl(struct place *place, const struct entry *entries, size_t size)
{
	static unsigned char acl[256];
	const uint32_t version = 2;

	memcpy(acl, &version, sizeof(version));
	memcpy(acl + sizeof(version), entries, size);
	place->acl = acl;
	place->acl_size = sizeof(version) + size;
}

Test(why_rights, by_list)
{
	static const struct entry entries[] = {
		{ACL_USER_OBJ, 7, 0},  {ACL_USER, 7, 1000}, {ACL_USER, 4, 1001},
		{ACL_GROUP_OBJ, 2, 0}, {ACL_GROUP, 4, 50},  {ACL_MASK, 6, 0},
		{ACL_OTHER, 1, 0},
	};
	static const struct {
		uint32_t uid, gid; /* of the process; of the file */
		unsigned int access;
		bool may;
	} rows[] = {
		{1000, 0, ACCESS_READ | ACCESS_WRITE, true},
		{1000, 0, ACCESS_EXEC, false},    /* the mask */
		{1001, 0, ACCESS_WRITE, false},   /* one's own entry ends it */
		{1002, 0, ACCESS_READ, true},     /* group 50 */
		{1002, 0, ACCESS_EXEC, false},    /* in a group: not one of the others */
		{1002, 1002, ACCESS_WRITE, true}, /* the file's group */
		{1002, 1002, ACCESS_READ | ACCESS_WRITE, false}, /* no entry has both */
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct subject subject = person(rows[i].uid, 0);
		cleanup_free struct place *place = file(S_IFREG | 0761, 0, rows[i].gid);

		set_acl(place, entries, sizeof(entries));
		cr_expect_eq(rights_access(&subject, place, rows[i].access), rows[i].may, "row %zu",
			     i);
	}
}

Test(why_action, read)
{
	static const struct {
		const char *words[4];
		enum action_kind kind;
		const char *call;
		uint64_t arg;
		size_t index; /* of that argument */
	} rows[] = {
		{{"read", "/a"}, ACTION_OPEN, "openat", O_RDONLY, 2},
		{{"write", "/a"}, ACTION_OPEN, "openat", O_WRONLY, 2},
		{{"device", "/a"}, ACTION_OPEN, "openat", O_RDWR, 2},
		{{"sysctl", "net.ipv4.ip_forward=1"}, ACTION_OPEN, "openat", O_WRONLY, 2},
		{{"exec", "/a"}, ACTION_EXEC, "execve", 0, 0},
		{{"unshare", "net", "user"},
		 ACTION_UNSHARE,
		 "unshare",
		 CLONE_NEWNET | CLONE_NEWUSER,
		 0},
		{{"bind", "80"}, ACTION_BIND, "socket", AF_INET, 0},
		{{"connect", "::1", "80"}, ACTION_CONNECT, "socket", AF_INET6, 0},
		{{"connect", "::1", "udp/80"},
		 ACTION_CONNECT,
		 "socket",
		 SOCK_DGRAM | SOCK_CLOEXEC,
		 1},
		{{"connect", "@a", "dgram"}, ACTION_CONNECT_LOCAL, "socket", AF_UNIX, 0},
		{{"connect", "/a"}, ACTION_CONNECT_LOCAL, "socket", SOCK_STREAM | SOCK_CLOEXEC, 1},
		{{"kill", "7", "SIGHUP"}, ACTION_KILL, "kill", SIGHUP, 1},
		{{"syscall", "personality", "0x8"}, ACTION_SYSCALL, "personality", 8, 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		struct action action;
		struct err err = {};
		size_t count = 0;

		while (count < ARRAY_SIZE(rows[i].words) && rows[i].words[count])
			count++;
		cr_assert_eq(
			action_read(&arena, (char *const *)rows[i].words, count, &action, &err), 0,
			"row %zu: %s", i, err.what);
		cr_expect_eq(action.kind, rows[i].kind, "row %zu", i);
		cr_expect_str_eq(action.calls[0].name, rows[i].call, "row %zu", i);
		cr_expect_eq(action.calls[0].args[rows[i].index], rows[i].arg, "row %zu", i);
	}
}

Test(why_action, sysctl_paths)
{
	static const char *const rows[][2] = {
		{"kernel.hostname", "/proc/sys/kernel/hostname"},
		{"net/ipv4/conf/eth0.5/forwarding", "/proc/sys/net/ipv4/conf/eth0.5/forwarding"},
		{"vm.swappiness=1.5", "/proc/sys/vm/swappiness"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cleanup_(arena_free) struct arena arena = {};
		const char *const words[] = {"sysctl", rows[i][0]};
		struct action action;

		cr_assert_eq(action_read(&arena, (char *const *)words, 2, &action, NULL), 0);
		cr_expect_str_eq(action.path, rows[i][1]);
	}
}

/* A number that no kernel has is answered for sure, one without a name is not. */
Test(why_judge, calls_that_are_none)
{
	static const struct {
		uint32_t number;
		bool unsure;
		int error;
	} rows[] = {{39, false, 0},
		    {1023, true, 0},
		    {1024, false, ENOSYS},
		    {99999, false, ENOSYS},
		    {UINT32_MAX, false, ENOSYS}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct action action = {.kind = ACTION_SYSCALL,
					      .call_count = 1,
					      .calls = {{"", rows[i].number, {}}}};
		const struct filter_stack none = {};
		struct subject subject = person(1000, 0);
		struct judgement judgement;

		subject.filters = &none;
		judge(&subject, &action, &judgement);
		cr_expect_eq(judgement.unsure, rows[i].unsure, "row %zu", i);
		cr_expect_eq(judgement.denial ? judgement.denial->error : 0, rows[i].error,
			     "row %zu", i);
		arena_free(&subject.isolation.arena);
	}
}

/* The order is the kernel's: of several layers that deny, the first one's errno is met. */
Test(why_judge, first_denial)
{
	static const struct mountinfo mount = {.id = 1,
					       .target = "/",
					       .options = "ro,nodev",
					       .super_options = "rw",
					       .type = "ext4"};
	static const struct {
		mode_t mode;
		unsigned int access;
		const char *layer;
		int error;
		struct runner runner;
	} rows[] = {
		{S_IFREG | 0777,
		 ACCESS_WRITE,
		 "running program",
		 ETXTBSY,
		 {.asked = true, .pid = 5}},
		{S_IFREG | 0777, ACCESS_WRITE, "read-only", EROFS, {.asked = true}},
		{S_IFREG | 0777, ACCESS_WRITE, "read-only", EROFS, {true, 5, .allowed = true}},
		{S_IFREG | 0755, ACCESS_WRITE, "mode", EACCES, {.asked = true, .pid = 5}},
		{S_IFREG | 0666, ACCESS_READ, "", 0},
		{S_IFREG | 0666, ACCESS_WRITE, "read-only", EROFS},
		{S_IFREG | 0644, ACCESS_WRITE, "mode", EACCES},
		{S_IFDIR | 0755, ACCESS_WRITE, "kind", EISDIR},
		{S_IFCHR | 0000, ACCESS_READ, "mount flags", EACCES},
		{S_IFREG | 0644, ACCESS_EXEC, "mode", EACCES},
	};
	struct isolation_mount mounts[] = {{.info = &mount, .read_only = true}};
	static struct lookup lookup = {.count = 2};

	lookup.places[0] = (struct place){.path = "/", .mode = S_IFDIR | 0755, .mount = 1};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct action action = {
			.kind = ACTION_OPEN, .path = "/file", .access = rows[i].access};
		struct subject subject = person(1000, 0);
		struct judgement judgement;

		subject.filters_unseen = "not asked";
		subject.isolation.mounts = mounts;
		subject.isolation.mount_count = 1;
		subject.lookup = &lookup;
		subject.runner = rows[i].runner;
		lookup.places[1] =
			(struct place){.path = "/file", .mode = rows[i].mode, .mount = 1};
		judge(&subject, &action, &judgement);
		cr_expect_str_eq(judgement.denial ? judgement.denial->layer : "", rows[i].layer,
				 "row %zu", i);
		cr_expect_eq(judgement.denial ? judgement.denial->error : 0, rows[i].error,
			     "row %zu", i);
		arena_free(&subject.isolation.arena);
	}
}

/* Names that never come, or never go, whoever asks. */
Test(why_judge, names)
{
	static const struct {
		enum action_kind kind;
		uint64_t fs;
		int entry_error, error;
	} rows[] = {
		{ACTION_CREATE, TMPFS_MAGIC, -ENOENT, 0},
		{ACTION_CREATE, TMPFS_MAGIC, 0, EEXIST},
		{ACTION_CREATE, TMPFS_MAGIC, -ENAMETOOLONG, ENAMETOOLONG},
		{ACTION_CREATE, SYSFS_MAGIC, -ENOENT, EACCES},
		{ACTION_CREATE, TRACEFS_MAGIC, -ENOENT, EACCES},
		{ACTION_CREATE, DEBUGFS_MAGIC, -ENOENT, EACCES},
		{ACTION_CREATE, SECURITYFS_MAGIC, -ENOENT, EACCES},
		{ACTION_CREATE, BPF_FS_MAGIC, -ENOENT, EACCES},
		{ACTION_REMOVE, TRACEFS_MAGIC, 0, EPERM},
		{ACTION_REMOVE, BPF_FS_MAGIC, 0, 0}, /* a pinned program goes so */
	};
	static struct lookup lookup = {.count = 1};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct action action = {.kind = rows[i].kind,
					      .path = "/",
					      .name = "name",
					      .access = ACCESS_WRITE | ACCESS_EXEC};
		struct subject subject = person(0, ~0ULL);
		struct judgement judgement;

		lookup.places[0] =
			(struct place){.path = "/", .mode = S_IFDIR | 0755, .fs = rows[i].fs};
		lookup.entry = (struct place){.mode = S_IFREG | 0600};
		lookup.entry_error = rows[i].entry_error;
		subject.lookup = &lookup;
		judge(&subject, &action, &judgement);
		cr_expect_eq(judgement.denial ? judgement.denial->error : 0, rows[i].error,
			     "row %zu", i);
		arena_free(&subject.isolation.arena);
	}
}

static struct device_filter filter_of(struct arena *arena, const char *cgroup,
				      const struct device_policy *policy)
{
	struct device_filter filter = {.id = 1, .name = DEVICES_PROGRAM, .cgroup = cgroup};

	filter.insns = devices_program(arena, policy, &filter.count);
	return filter;
}

/* A container around this one has a filter of the same name. */
Test(why_judge, whose_device_filter)
{
	static struct device_rule null[] = {{true, 'c', 1, 3, DEVICE_ALL}};
	static const struct device_policy with = {false, 1, null}, without = {};
	static const struct {
		const struct device_policy *own, *around;
		const char *says, *origin;
	} rows[] = {
		{&without, &with, "pctrun_devices on /around/own",
		 "linux.resources.devices in config.json"},
		{&with, &without, "pctrun_devices on /around", NULL},
		{&without, &without, "pctrun_devices on /around/own",
		 "linux.resources.devices in config.json"},
		{NULL, &without, "pctrun_devices on /around", NULL},
	};
	const struct action action = {.kind = ACTION_OPEN, .path = "/null", .access = ACCESS_READ};
	static struct lookup lookup = {.count = 1};
	static const struct oci_spec spec = {};

	lookup.places[0] =
		(struct place){.path = "/null", .mode = S_IFCHR | 0666, .device = makedev(1, 3)};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct subject subject = person(0, ~0ULL);
		struct arena *arena = &subject.isolation.arena;
		struct device_filter items[2];
		struct device_filters filters = {0, items};
		struct judgement judgement;

		if (rows[i].own) {
			struct cgroup_devices_step *step =
				plan_step(&subject.plan, &cgroup_devices_kind, STEP_PREPARE,
					  sizeof(*step), NULL);

			step->policy = *rows[i].own;
			items[filters.count++] = filter_of(arena, "/around/own", rows[i].own);
		}
		items[filters.count++] = filter_of(arena, "/around", rows[i].around);
		subject.isolation.device_filters = &filters;
		subject.spec = &spec;
		subject.lookup = &lookup;
		judge(&subject, &action, &judgement);
		cr_assert_not_null(judgement.denial, "row %zu", i);
		cr_expect_not_null(strstr(judgement.denial->why, rows[i].says), "row %zu: %s", i,
				   judgement.denial->why);
		cr_expect(same_string(judgement.denial->origin, rows[i].origin), "row %zu: %s", i,
			  judgement.denial->origin);
		arena_free(arena);
		plan_free(&subject.plan);
	}
}

/* Nobody has allowed what nobody was asked about. */
Test(why_judge, no_device_filter)
{
	const struct action action = {.kind = ACTION_OPEN, .path = "/null", .access = ACCESS_READ};
	static const struct device_filters none = {};
	static struct lookup lookup = {.count = 1};
	struct subject subject = person(0, ~0ULL);
	struct judgement judgement;
	const struct finding *found = NULL;

	lookup.places[0] =
		(struct place){.path = "/null", .mode = S_IFCHR | 0666, .device = makedev(1, 3)};
	subject.isolation.device_filters = &none;
	subject.lookup = &lookup;
	judge(&subject, &action, &judgement);
	for (size_t i = 0; i < judgement.count; i++)
		if (strcmp(judgement.findings[i].layer, "device filter") == 0)
			found = &judgement.findings[i];
	cr_assert_not_null(found);
	cr_expect_eq(found->answer, ANSWER_ALLOWS);
	cr_expect_str_eq(found->why, "no filter of devices is on its cgroup");
	arena_free(&subject.isolation.arena);
}

/* What goes out of one container comes into the next, at its own port. */
Test(why_judge, far_firewall)
{
#define MATCH(left, right) "{\"match\":{\"op\":\"==\",\"left\":{" left "},\"right\":" right "}},"
#define PORT(key)          MATCH("\"meta\":{\"key\":\"" key "\"}", "\"veth101i0\"")
#define DPORT(port)        MATCH("\"payload\":{\"protocol\":\"tcp\",\"field\":\"dport\"}", port)
#define CHAIN(hook)                                                                                \
	"{\"chain\":{\"family\":\"bridge\",\"name\":\"" hook "\",\"handle\":1,\"hook\":\"" hook    \
	"\",\"policy\":\"accept\"}}"
#define RULE(chain, handle, comment, expr)                                                         \
	"{\"rule\":{\"family\":\"bridge\",\"chain\":\"" chain "\",\"handle\":" handle              \
	",\"comment\":\"" comment "\",\"expr\":[" expr "{\"drop\":null}]}}"
	static const char text[] =
		"{\"nftables\":[" CHAIN("postrouting") "," CHAIN("prerouting") "," RULE(
			"postrouting", "5", "IN DROP in 101.fw, line 3",
			PORT("oifname") DPORT("24")) "," RULE("prerouting", "6",
							      "OUT DROP in 101.fw, line 4",
							      PORT("iifname") DPORT("27")) "]}";
	static const struct {
		const char *words[3], *layer, *why, *origin;
	} rows[] = {
		{{"connect", "10.0.0.9", "24"},
		 "far firewall",
		 "on the way into 101, at veth101i0: tcp from 10.0.0.1 to port 24: dropped by the "
		 "rule "
		 "of chain postrouting, handle 5",
		 "IN DROP in 101.fw, line 3"},
		{{"connect", "10.0.0.9", "27"}, ""},
		{{"accept", "10.0.0.9", "27"},
		 "far firewall",
		 "on the way out of 101, at veth101i0: tcp to 10.0.0.1 to port 27: dropped by the "
		 "rule "
		 "of chain prerouting, handle 6",
		 "OUT DROP in 101.fw, line 4"},
		{{"accept", "10.0.0.9", "24"}, ""},
	};
	static const struct veth_step veth = {.host = "veth101i0"};
	static const struct filter_stack none = {};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct subject subject = person(0, 0);
		struct arena *arena = &subject.isolation.arena;
		struct wall wall = {.id = "101"};
		struct peer peer = {.id = "101", .veth = &veth, .wall = &wall};
		struct judgement judgement;
		struct action action;

		cr_assert_eq(table_read(arena, "pctrun-101", text, &wall.table, NULL), 0);
		cr_assert_eq(action_read(arena, (char *const *)rows[i].words, 3, &action, NULL), 0);
		subject.filters = &none;
		subject.peer = &peer;
		subject.around = (struct around){
			.port_taken = true,
			.host_port = "veth100i0",
			.route = {.name = "eth0", .has_carrier = true, .knows_neighbour = true}};
		cr_assert_eq(inet_pton(AF_INET, "10.0.0.1", &subject.around.route.source), 1);
		judge(&subject, &action, &judgement);
		cr_expect_str_eq(judgement.denial ? judgement.denial->layer : "", rows[i].layer,
				 "row %zu", i);
		if (judgement.denial && rows[i].why) {
			cr_expect_eq(judgement.denial->error, ETIMEDOUT);
			cr_expect_str_eq(judgement.denial->why, rows[i].why);
			cr_expect_str_eq(judgement.denial->origin, rows[i].origin);
		}
		arena_free(arena);
	}
}
