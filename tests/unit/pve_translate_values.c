#include "lib/err.h"
#include "lib/json.h"
#include "oci/spec.h"
#include "pve/conf/conf.h"
#include "pve/facts/facts.h"
#include "pve/translate/translate.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/capability.h>

/* Single values of bundles, each worked out by hand from what Proxmox and LXC set for the lines. A
 * path goes down config.json at '|'; "destination=/x" picks the member of a list that has it. */

#define BASE "arch: amd64\nostype: debian\nrootfs: /srv/root\n"
#define USER BASE "unprivileged: 1\n"

static const struct {
	const char *lines;
	const char *path;
	const char *wanted; /* JSON without blanks; NULL: not there */
} values[] = {
	/* memory: MiB; high is 1016/1024 of it below 16 GiB, from there on 128 MiB less */
	{BASE, "linux|resources|memory|limit", "536870912"},
	{BASE, "linux|resources|unified|memory.high", "\"532676608\""},
	{BASE, "linux|resources|unified|memory.swap.max", "\"0\""},
	{BASE "memory: 0\n", "linux|resources|memory|limit", "536870912"},
	{BASE "memory: 2048\n", "linux|resources|memory|limit", "2147483648"},
	{BASE "memory: 2048\n", "linux|resources|unified|memory.high", "\"2130706432\""},
	{BASE "memory: 16383\n", "linux|resources|unified|memory.high", "\"17044611072\""},
	{BASE "memory: 16384\n", "linux|resources|unified|memory.high", "\"17045651456\""},
	{BASE "memory: 32768\n", "linux|resources|unified|memory.high", "\"34225520640\""},
	{BASE "swap: 512\n", "linux|resources|unified|memory.swap.max", "\"536870912\""},
	{BASE "memory: 64\nlxc.cgroup2.memory.max: max\n", "linux|resources|memory", NULL},
	{BASE "lxc.cgroup2.memory.max: max\n", "linux|resources|unified|memory.max", "\"max\""},
	/* cpu */
	{BASE, "linux|resources|cpu", NULL},
	{BASE "cpulimit: 1.5\n", "linux|resources|cpu|quota", "150000"},
	{BASE "cpulimit: 0.333\n", "linux|resources|cpu|quota", "33300"},
	{BASE "cpulimit: 2\n", "linux|resources|cpu|period", "100000"},
	{BASE "cpulimit: 0\n", "linux|resources|cpu", NULL},
	{BASE "cpulimit: 0.0\n", "linux|resources|cpu", NULL},
	{BASE, "linux|resources|unified|cpu.weight", NULL},
	{BASE "cpuunits: 1024\n", "linux|resources|unified|cpu.weight", "\"1024\""},
	{BASE "cpuunits: 500000\n", "linux|resources|unified|cpu.weight", "\"10000\""},
	{BASE "cpuunits: 0\n", "linux|resources|unified|cpu.weight", "\"1\""},
	{BASE "cores: 2\n", "linux|resources|cpu|cpus", "\"1,3\""},
	{BASE "cores: 2\nlxc.cgroup2.cpuset.cpus: 0\n", "linux|resources|cpu|cpus", NULL},
	{BASE "cores: 2\nlxc.cgroup2.cpuset.cpus: 0\n", "linux|resources|unified|cpuset.cpus",
	 "\"0\""},
	{BASE, "linux|resources|pids", NULL},
	{BASE "lxc.cgroup2.pids.max: 100\n", "linux|resources|unified|pids.max", "\"100\""},
	{BASE "lxc.cgroup2.io.max: 8:0 rbps=1\nlxc.cgroup2.io.max: 8:16 wbps=2\n",
	 "linux|resources|unified|io.max", "\"8:0 rbps=1\\n8:16 wbps=2\""},
	/* /proc and /sys */
	{BASE, "mounts|destination=/proc|options", "[\"nosuid\",\"nodev\",\"noexec\"]"},
	{BASE, "mounts|destination=/sys|options", "[\"ro\",\"nosuid\",\"nodev\",\"noexec\"]"},
	{USER, "mounts|destination=/sys|options", "[\"ro\",\"nosuid\",\"nodev\",\"noexec\"]"},
	{USER "features: force_rw_sys=1\n", "mounts|destination=/sys|options", "[\"rw\"]"},
	{BASE "lxc.mount.auto: sys:ro\n", "mounts|destination=/sys|options", "[\"ro\"]"},
	{BASE "lxc.mount.auto:\n", "mounts|destination=/sys", NULL},
	{BASE "lxc.mount.auto: proc:rw\n", "linux|readonlyPaths", NULL},
	{BASE, "linux|readonlyPaths", "[\"/proc/sys\",\"/proc/sysrq-trigger\"]"},
	{BASE, "annotations|org.pctrun.paths.writable",
	 "\"[\\\"/proc/sys/net\\\",\\\"/sys/devices/virtual/net\\\"]\""},
	{BASE "lxc.cap.drop: net_admin\n", "annotations|org.pctrun.paths.writable",
	 "\"[\\\"/sys/devices/virtual/net\\\"]\""},
	{BASE, "mounts|destination=/sys/fs/cgroup|options",
	 "[\"nosuid\",\"nodev\",\"noexec\",\"relatime\",\"rw\"]"},
	{BASE "lxc.mount.auto: cgroup:ro\n", "mounts|destination=/sys/fs/cgroup|options",
	 "[\"nosuid\",\"nodev\",\"noexec\",\"relatime\",\"ro\"]"},
	{BASE, "mounts|destination=/dev|options", "[\"mode=755\",\"size=500000\"]"},
	{BASE "lxc.autodev: 0\n", "mounts|destination=/dev", NULL},
	{BASE "tty: 3\n", "mounts|destination=/dev/pts|options",
	 "[\"nosuid\",\"noexec\",\"newinstance\",\"gid=5\",\"mode=0620\",\"ptmxmode=0666\",\"max="
	 "1027\"]"},
	{BASE "lxc.pty.max: 0\n", "mounts|destination=/dev/pts", NULL},
	/* features */
	{BASE, "annotations|org.pctrun.mounts", NULL},
	{BASE "features: nesting=1\n", "annotations|org.pctrun.mounts",
	 "\"[{\\\"destination\\\":\\\"/dev/.lxc/proc\\\",\\\"type\\\":\\\"proc\\\",\\\"source\\\":"
	 "\\\"proc\\\"},{\\\"destination\\\":\\\"/dev/.lxc/sys\\\",\\\"type\\\":\\\"sysfs\\\","
	 "\\\"source\\\":\\\"sysfs\\\"}]\""},
	{BASE "features: nesting=1\nlxc.apparmor.profile: unconfined\n",
	 "annotations|org.pctrun.mounts", NULL},
	{BASE "features: fuse=1\n", "mounts|destination=/dev/fuse|options", "[\"bind\"]"},
	{USER, "linux|seccomp|syscalls|2|names", "[\"ioctl\"]"},
	{USER, "linux|seccomp|syscalls|3|errnoRet", "38"},
	{USER "features: keyctl=1\n", "linux|seccomp|syscalls|3|names", "[\"socket\"]"},
	{BASE, "linux|seccomp|syscalls|2", NULL},
	{BASE "features: keyctl=1\n", "linux|seccomp|syscalls|0|errnoRet", "13"},
	/* ids */
	{BASE, "linux|uidMappings", NULL},
	{USER, "linux|uidMappings", "[{\"containerID\":0,\"hostID\":100000,\"size\":65536}]"},
	{BASE "lxc.idmap: u 0 7 9\nlxc.idmap: g 0 8 9\n", "linux|gidMappings",
	 "[{\"containerID\":0,\"hostID\":8,\"size\":9}]"},
	{USER "lxc.idmap: u 0 7 9\nlxc.idmap: g 0 8 9\n", "linux|uidMappings",
	 "[{\"containerID\":0,\"hostID\":7,\"size\":9}]"},
	{"arch: amd64\nostype: debian\nrootfs: /srv/root,idmap=passthrough\nunprivileged: 1\n",
	 "annotations|org.pctrun.rootfs.idmap", "\"container\""},
	{USER, "annotations|org.pctrun.rootfs.idmap", NULL},
	{"arch: amd64\nostype: debian\nrootfs: /srv/root,idmap=u:1000:1000:1\nunprivileged: 1\n",
	 "annotations|org.pctrun.rootfs.idmap",
	 "\"{\\\"uidMappings\\\":[{\\\"containerID\\\":100000,\\\"hostID\\\":100000,\\\"size\\\":"
	 "1000},{\\\"containerID\\\":1000,\\\"hostID\\\":101000,\\\"size\\\":1},"
	 "{\\\"containerID\\\":101001,\\\"hostID\\\":101001,\\\"size\\\":64535}],\\\"gidMappings"
	 "\\\":[{\\\"containerID\\\":100000,\\\"hostID\\\":100000,\\\"size\\\":65536}]}\""},
	/* devices: what is denied by default for the privileged, allowed for the others */
	{BASE, "linux|resources|devices|0", "{\"allow\":false,\"access\":\"rwm\"}"},
	{USER, "linux|resources|devices", "[{\"allow\":true,\"access\":\"rwm\"}]"},
	{USER "console: 0\n", "linux|resources|devices|1",
	 "{\"allow\":false,\"type\":\"c\",\"major\":5,\"minor\":1,\"access\":\"rwm\"}"},
	{USER "lxc.cgroup2.devices.deny: a\n", "linux|resources|devices|0|allow", "true"},
	/* console and ttys */
	{BASE, "process|terminal", "true"},
	{BASE "console: 0\n", "process|terminal", NULL},
	{BASE, "annotations|org.pctrun.tty", "\"2\""},
	{BASE "tty: 0\n", "process|env", "[\"TERM=linux\",\"container=lxc\"]"},
	{BASE "tty: 1\n", "process|env|2", "\"container_ttys=pts/1\""},
	{BASE "tty: 2\nconsole: 0\n", "process|env|2", "\"container_ttys=pts/0 pts/1\""},
	{BASE, "annotations|org.pctrun.tty.dir", "\"\""},
	{"arch: amd64\nostype: fedora\nrootfs: /srv/root\n", "annotations|org.pctrun.tty.dir",
	 "\"lxc\""},
	{"arch: amd64\nostype: fedora\nrootfs: /srv/root\nunprivileged: 1\n",
	 "annotations|org.pctrun.tty.dir", "\"\""},
	/* the program */
	{BASE, "process|args", "[\"/sbin/init\"]"},
	{BASE "entrypoint: /bin/a 'b c' d\"e\n", "process|args", "[\"/bin/a\",\"b c\",\"d\\\"e\"]"},
	{BASE "entrypoint: /bin/a\n", "mounts|destination=/dev/shm|options",
	 "[\"rw\",\"nosuid\",\"nodev\",\"mode=1777\"]"},
	{BASE "entrypoint: /sbin/init\n", "mounts|destination=/dev/shm", NULL},
	{BASE "lxc.init.cmd: /bin/a\n", "mounts|destination=/dev/shm", NULL},
	{BASE "lxc.environment.runtime: A=1\nlxc.environment: TERM=dumb\n", "process|env",
	 "[\"TERM=dumb\",\"A=1\",\"container=lxc\",\"container_ttys=pts/1 pts/2\"]"},
	{BASE "lxc.init.uid: 7\nlxc.init.gid: 8\nlxc.init.groups: 9,10\n", "process|user",
	 "{\"uid\":7,\"gid\":8,\"additionalGids\":[9,10]}"},
	{BASE "lxc.init.uid: 7\n", "process|capabilities|effective", NULL},
	{BASE "lxc.prlimit.nofile: 5:unlimited\n", "process|rlimits",
	 "[{\"type\":\"RLIMIT_NOFILE\",\"soft\":5,\"hard\":18446744073709551615}]"},
	{BASE "lxc.sysctl.kernel.shmmax: 1\n", "linux|sysctl", "{\"kernel.shmmax\":\"1\"}"},
	/* names */
	{BASE, "hostname", "\"CT100\""},
	{BASE "hostname: a.b.c\n", "hostname", "\"a.b.c\""},
	{BASE "lxc.uts.name: other\n", "hostname", "\"other\""},
	{"arch: armhf\nostype: debian\nrootfs: /srv/root\n", "linux|personality|domain",
	 "\"LINUX32\""},
	{"arch: riscv64\nostype: debian\nrootfs: /srv/root\n", "linux|personality|domain",
	 "\"LINUX\""},
	{"arch: amd64\nostype: archlinux\nrootfs: /srv/root\n",
	 "annotations|org.pctrun.signal.halt", "\"SIGRTMIN+4\""},
	{BASE, "annotations|org.pctrun.signal.halt", NULL},
	{BASE "lxc.signal.halt: SIGTERM\n", "annotations|org.pctrun.signal.halt", "\"SIGTERM\""},
	/* mounts that distributions have */
	{"arch: amd64\nostype: alpine\nrootfs: /srv/root\n", "mounts|destination=/run|options",
	 "[\"rw\",\"nodev\",\"relatime\",\"mode=755\"]"},
	{BASE, "mounts|destination=/run", NULL},
	{"arch: amd64\nostype: gentoo\nrootfs: /srv/root\n", "mounts|destination=/dev/shm|type",
	 "\"tmpfs\""},
	{"arch: amd64\nostype: ubuntu\nrootfs: /srv/root\n", "mounts|destination=/dev/mqueue|type",
	 "\"mqueue\""},
	/* volumes */
	{BASE "mp0: /srv/data,mp=data\n", "mounts|0",
	 "{\"destination\":\"/data\",\"type\":\"bind\",\"source\":\"/srv/"
	 "data\",\"options\":[\"bind\"]}"},
	{BASE "mp0: /srv/data,mp=/d,ro=1,mountoptions=noatime;nodev\n", "mounts|0|options",
	 "[\"nodev\",\"ro\",\"bind\"]"},
	{BASE "mp0: /srv/data,mp=/d,mountoptions=noatime;nodev\n", "mounts|0|options",
	 "[\"noatime\",\"nodev\",\"bind\"]"},
	{BASE "mp1: local:100/a.raw,mp=/i,acl=1,mountoptions=discard\n", "mounts|0",
	 "{\"destination\":\"/i\",\"type\":\"ext4\",\"source\":\"/vz/a.raw\",\"options\":["
	 "\"discard\",\"acl\",\"loop\"]}"},
	{BASE "mp1: local:100/a.raw,mp=/i,quota=1\n", "mounts|0|options",
	 "[\"usrjquota=aquota.user\",\"grpjquota=aquota.group\",\"jqfmt=vfsv0\",\"loop\"]"},
	{BASE "mp1: local:100/a.raw,mp=/i,quota=1,ro=1\n", "mounts|0|options", "[\"ro\",\"loop\"]"},
	{BASE "mp2: local:100/cd.iso,mp=/cd\n", "mounts|0|options", "[\"ro\",\"loop\"]"},
};

/* What no line asks for is dropped from the bounding set of a privileged container. */
static const struct {
	const char *lines;
	const char *dropped; /* in the kernel's order */
} dropped[] = {
	{BASE, "sys_module sys_rawio sys_time mac_override mac_admin"},
	{USER, ""},
	{BASE "lxc.cap.drop:\n", ""},
	{BASE "lxc.cap.drop: mknod\n",
	 "sys_module sys_rawio sys_time mknod mac_override mac_admin"},
	{USER "lxc.cap.drop: mknod\n", "mknod"},
	{"arch: amd64\nostype: centos\nrootfs: /srv/root\n",
	 "sys_module sys_rawio sys_pacct sys_nice sys_time mac_override mac_admin"},
	{"arch: amd64\nostype: opensuse\nrootfs: /srv/root\n",
	 "sys_module sys_rawio sys_pacct sys_nice sys_time mac_override mac_admin"},
	{"arch: amd64\nostype: fedora\nrootfs: /srv/root\n",
	 "sys_module sys_rawio sys_pacct sys_nice sys_time setfcap mac_override mac_admin"},
	{"arch: amd64\nostype: archlinux\nrootfs: /srv/root\n",
	 "sys_module sys_rawio sys_pacct sys_nice sys_time setfcap mac_override mac_admin"},
	{"arch: amd64\nostype: alpine\nrootfs: /srv/root\n",
	 "ipc_owner sys_module sys_rawio sys_pacct sys_nice sys_resource sys_time sys_tty_config "
	 "mknod audit_write mac_override mac_admin syslog wake_alarm"},
	{"arch: amd64\nostype: alpine\nrootfs: /srv/root\nunprivileged: 1\n", ""},
	{"arch: amd64\nostype: nixos\nrootfs: /srv/root\n",
	 "sys_module sys_rawio sys_time mac_override mac_admin"},
};

static const struct json *translated(struct arena *arena, const char *lines)
{
	static struct pve_volume volumes[] = {
		{"rootfs", PVE_VOLUME_DIR, "/srv/root", NULL},
		{"mp0", PVE_VOLUME_DIR, "/srv/data", NULL},
		{"mp1", PVE_VOLUME_IMAGE, "/vz/a.raw", "ext4"},
		{"mp2", PVE_VOLUME_IMAGE, "/vz/cd.iso", "iso9660"},
	};
	const struct pve_facts facts = {
		.machine = "x86_64",
		.last_cap = 40,
		.apparmor = true,
		.apparmor_abi = "4.0",
		.cpus = "1,3",
		.volumes = {ARRAY_SIZE(volumes), volumes},
	};
	cleanup_(conf_free) struct pve_conf conf = {};
	struct pve_notices notices = {};
	struct oci_spec spec = {};
	const struct json *root = NULL;
	cleanup_free char *text = NULL;
	struct err err = {};

	cr_assert_eq(conf_read(&conf, "100", lines, strlen(lines), true, &err), 0, "%s: %s", lines,
		     err.what);
	cr_assert_eq(pve_translate(arena, &conf, &facts, &spec, &notices, &err), 0, "%s: %s", lines,
		     err.what);
	text = oci_spec_write(&spec);
	cr_assert_eq(json_read(arena, "config.json", text, strlen(text), &root, &err), 0);
	return root;
}

static const struct json *child_of(const struct json *json, const char *step)
{
	const char *equals = strchr(step, '=');
	size_t number = (size_t)atoi(step);

	if (json->type == JSON_OBJECT)
		return json_find(json, step);
	json_each (child, json) {
		if (equals ? strcmp(json_string(child, "destination"), equals + 1) == 0
			   : number-- == 0)
			return child;
	}
	return NULL;
}

static const char *value_at(struct arena *arena, const struct json *json, const char *path)
{
	char *rest = arena_strdup(arena, path), *step;
	struct json_out *out = json_out_new(false);
	cleanup_free char *text = NULL;

	while (json && (step = strsep(&rest, "|")))
		json = child_of(json, step);
	if (json)
		json_out_value(out, NULL, json);
	text = json_out_take(out);
	return json ? arena_strdup(arena, text) : NULL;
}

Test(translate, values)
{
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		cleanup_(arena_free) struct arena arena = {};
		const struct json *root = translated(&arena, values[i].lines);
		const char *got = value_at(&arena, root, values[i].path);

		cr_expect_str_eq(got ?: "(none)", values[i].wanted ?: "(none)", "%s%s: %s",
				 values[i].lines, values[i].path, got);
	}
}

static bool has(const struct json *list, const char *name)
{
	json_each (child, list)
		if (strcasecmp(child->text, name) == 0)
			return true;
	return false;
}

Test(translate, dropped_capabilities)
{
	for (size_t i = 0; i < ARRAY_SIZE(dropped); i++) {
		cleanup_(arena_free) struct arena arena = {};
		cleanup_(text_free) struct text got = {};
		const struct json *process =
			json_find(translated(&arena, dropped[i].lines), "process");
		const struct json *bounding =
			json_find(json_find(process, "capabilities"), "bounding");

		for (cap_value_t cap = 0; cap <= 40; cap++) {
			char *name = cap_to_name(cap);

			if (!has(bounding, name))
				text_addf(&got, "%s%s", got.length ? " " : "",
					  name + strlen("cap_"));
			cap_free(name);
		}
		cr_expect_str_eq(text_str(&got), dropped[i].dropped, "%s", dropped[i].lines);
	}
}
