#include "pve/conf/schema.h"

#include "pve/conf/property.h"
#include "pve/conf/value.h"

/*
 * Source: pve-container's schema of a config. The limits of numbers, the words and the lengths are
 * not looked at when a file is read; formats and property strings are.
 */

static const char *const arches[] = {"amd64", "i386", "arm64", "armhf", "riscv32", "riscv64", NULL};
static const char *const cmodes[] = {"shell", "console", "tty", NULL};
static const char *const locks[] = {"backup",   "create",          "destroyed", "disk",
				    "fstrim",   "migrate",         "mounted",   "rollback",
				    "snapshot", "snapshot-delete", NULL};
static const char *const ostypes[] = {"debian",    "devuan",    "ubuntu", "centos", "fedora",
				      "opensuse",  "archlinux", "alpine", "gentoo", "nixos",
				      "openeuler", "unmanaged", NULL};

#define LIMITS(low, high)    .limited = true, .min = (low), .max = (high)
#define FORMAT(form, called) .format = value_is_##form, .format_name = (called)
#define NO_LIMIT             INT64_MAX

const struct schema_key schema_keys[] = {
	{"arch", 0, SCHEMA_TEXT, .words = arches, .default_value = "amd64",
	 .value_help = "<amd64 | arm64 | ...>", .help = "architecture of the programs inside"},
	{"cmode", 0, SCHEMA_TEXT, .words = cmodes, .default_value = "tty",
	 .value_help = "<console | shell | tty>", .help = "what `pct console` connects to"},
	{"console", 0, SCHEMA_BOOL, .default_value = "1", .help = "there is a /dev/console"},
	{"cores", 0, SCHEMA_INTEGER, CHANGE_FAST, LIMITS(1, 8192),
	 .help = "number of CPUs to use; all without it"},
	{"cpulimit", 0, SCHEMA_NUMBER, CHANGE_LIVE, LIMITS(0, 8192), .default_value = "0",
	 .help = "CPU time to use, in CPUs; 0 is no limit"},
	{"cpuunits", 0, SCHEMA_INTEGER, CHANGE_LIVE, LIMITS(0, 500000),
	 .help = "weight of its CPU time against other containers"},
	{"debug", 0, SCHEMA_BOOL, .default_value = "0", .help = "say more at the start"},
	{"description", 0, SCHEMA_TEXT, CHANGE_FAST, .max_length = 8192, .help = "notes"},
	{"dev", 256, SCHEMA_TEXT, CHANGE_NEW, .properties = pve_dev_properties,
	 .help = "device node to pass through"},
	{"entrypoint", 0, SCHEMA_TEXT, .pattern = value_is_command, .default_value = "/sbin/init",
	 .value_help = "<command>", .help = "command that the container runs"},
	{"env", 0, SCHEMA_TEXT, .pattern = value_is_variables, .value_help = "<NAME=value>",
	 .help = "environment of that command"},
	{"features", 0, SCHEMA_TEXT, .properties = pve_features_properties,
	 .help = "what the container may do beyond the usual"},
	{"hookscript", 0, SCHEMA_TEXT, CHANGE_FAST, FORMAT(volume_id, "pve-volume-id"),
	 .value_help = "<volume>", .help = "script to run on the host at start and stop"},
	{"hostname", 0, SCHEMA_TEXT, CHANGE_FAST, FORMAT(dns_name, "dns-name"), .max_length = 255,
	 .help = "its host name"},
	{"lock", 0, SCHEMA_TEXT, CHANGE_FAST, .words = locks, .value_help = "<backup | ...>",
	 .help = "lock or unlock the container"},
	{"memory", 0, SCHEMA_INTEGER, CHANGE_LIVE, .required = true, LIMITS(16, NO_LIMIT),
	 .default_value = "512", .help = "memory in MiB"},
	{"mp", 256, SCHEMA_TEXT, CHANGE_NEW, .properties = pve_mp_properties,
	 .help = "volume, device or directory to mount"},
	{"nameserver", 0, SCHEMA_TEXT, FORMAT(nameservers, "list of addresses"),
	 .help = "DNS servers; the host's without it"},
	{"net", 32, SCHEMA_TEXT, CHANGE_LIVE, .properties = pve_net_properties,
	 .help = "network interface"},
	{"onboot", 0, SCHEMA_BOOL, CHANGE_FAST, .default_value = "0",
	 .help = "start it when the host boots"},
	{"ostype", 0, SCHEMA_TEXT, .required = true, .words = ostypes,
	 .value_help = "<debian | alpine | ...>", .help = "what the files inside are set up for"},
	{"parent", 0, SCHEMA_TEXT, CHANGE_NEVER, FORMAT(snapshot_name, "pve-configid"),
	 .help = "snapshot that the present state comes from"},
	{"protection", 0, SCHEMA_BOOL, CHANGE_FAST, .default_value = "0",
	 .help = "neither it nor its volumes can be removed"},
	{"rootfs", 0, SCHEMA_TEXT, .required = true, .properties = pve_rootfs_properties,
	 .help = "volume or directory of its root"},
	{"searchdomain", 0, SCHEMA_TEXT, FORMAT(dns_names, "dns-name-list"),
	 .help = "DNS search domains; the host's without it"},
	{"snaptime", 0, SCHEMA_INTEGER, CHANGE_NEVER, LIMITS(0, NO_LIMIT),
	 .help = "when the snapshot was taken, in seconds since 1970"},
	{"startup", 0, SCHEMA_TEXT, CHANGE_FAST, .properties = pve_startup_properties,
	 .help = "order and delays at the host's boot and shutdown"},
	{"swap", 0, SCHEMA_INTEGER, CHANGE_LIVE, LIMITS(0, NO_LIMIT), .default_value = "0",
	 .help = "swap in MiB"},
	{"tags", 0, SCHEMA_TEXT, CHANGE_FAST, FORMAT(tags, "pve-tag-list"), .help = "tags"},
	{"template", 0, SCHEMA_BOOL, .default_value = "0", .help = "it is a template"},
	{"timezone", 0, SCHEMA_TEXT, FORMAT(timezone, "pve-ct-timezone"), .value_help = "<zone>",
	 .help = "time zone: host, UTC or a name; untouched without it"},
	{"tty", 0, SCHEMA_INTEGER, LIMITS(0, 6), .default_value = "2",
	 .help = "number of /dev/ttyN"},
	{"unprivileged", 0, SCHEMA_BOOL, CHANGE_NEVER, .default_value = "0",
	 .help = "run it in a user namespace"},
	{"unused", 256, SCHEMA_TEXT, CHANGE_NEVER, .properties = pve_unused_properties,
	 .help = "volume that nothing uses"},
	{},
};
