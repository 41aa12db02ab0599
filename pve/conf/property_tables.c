#include "pve/conf/property.h"

#include "pve/conf/value.h"

/* Source: the sub keys that pve-container's schema has, each with its own limits. */

#define AT(kind, member)  .offset = offsetof(struct pve_##kind, member)
#define LIMITS(low, high) .limited = true, .min = (low), .max = (high)
#define CHECK(form, called, like)                                                                  \
	.check = value_is_##form, .check_name = (called), .example = (like)
#define NO_LIMIT INT64_MAX

static const char *const net_types[] = {"veth", NULL};

#define MOUNT_PROPERTIES                                                                           \
	{"volume",                                                                                 \
	 PROPERTY_TEXT,                                                                            \
	 AT(mount, volume),                                                                        \
	 .required = true,                                                                         \
	 .default_key = true,                                                                      \
	 CHECK(safe_path, "pve-lxc-mp-string", "/srv/media, without .."),                          \
	 .help = "volume, device or directory to mount"},                                          \
		{"acl", PROPERTY_BOOL, AT(mount, acl), .help = "POSIX access control lists"},      \
		{"idmap", PROPERTY_TEXT, AT(mount, idmap),                                         \
		 CHECK(mount_idmap, "id map", "u:0:1000:1;g:0:1000:1"),                            \
		 .help = "map of ids: passthrough, or [ug]:CONTAINER:DISK:COUNT entries"},         \
		{"mountoptions", PROPERTY_TEXT, AT(mount, mountoptions),                           \
		 CHECK(mount_options, "mount options", "noatime;nodev"),                           \
		 .help = "options, with ';' between"},                                             \
		{"quota", PROPERTY_BOOL, AT(mount, quota), .help = "quotas inside"},               \
		{"replicate", PROPERTY_BOOL, AT(mount, replicate),                                 \
		 .not_yet = "nothing replicates volumes",                                          \
		 .help = "include it in replication jobs"},                                        \
		{"ro", PROPERTY_BOOL, AT(mount, ro), .help = "mount it read-only"},                \
		{"shared", PROPERTY_BOOL, AT(mount, shared),                                       \
		 .not_yet = "nothing moves containers to other nodes",                             \
		 .help = "it is on all nodes"},                                                    \
	{                                                                                          \
		"size", PROPERTY_SIZE, AT(mount, size),                                            \
			.help = "the volume's size, for information"                               \
	}

const struct property pve_rootfs_properties[] = {
	MOUNT_PROPERTIES,
	{},
};

const struct property pve_mp_properties[] = {
	MOUNT_PROPERTIES,
	{"backup", PROPERTY_BOOL, AT(mount, backup), .not_yet = "nothing makes backups",
	 .help = "include it in backups"},
	{"keepattrs", PROPERTY_BOOL, AT(mount, keepattrs),
	 .help = "give its root the owner and mode of the directory it covers"},
	{"mp", PROPERTY_TEXT, AT(mount, mp), .required = true,
	 CHECK(safe_path, "pve-lxc-mp-string", "/srv/media, without .."),
	 .help = "where it is in the container"},
	{},
};

const struct property pve_net_properties[] = {
	{"name", PROPERTY_TEXT, AT(net, name), .required = true,
	 CHECK(interface, "interface name", "eth0"), .help = "name of the interface inside"},
	{"bridge", PROPERTY_TEXT, AT(net, bridge), CHECK(interface, "interface name", "vmbr0"),
	 .help = "bridge of the host to attach it to"},
	{"firewall", PROPERTY_BOOL, AT(net, firewall), .help = "firewall rules hold for it"},
	{"gw", PROPERTY_TEXT, AT(net, gw), CHECK(ipv4, "ipv4", "10.0.0.1"),
	 .help = "default gateway"},
	{"gw6", PROPERTY_TEXT, AT(net, gw6), CHECK(ipv6, "ipv6", "fd00::1"),
	 .help = "default gateway"},
	{"host-managed", PROPERTY_BOOL, AT(net, host_managed),
	 .help = "the host sets its addresses, not the guest"},
	{"hwaddr", PROPERTY_TEXT, AT(net, hwaddr), CHECK(mac, "mac-addr", "BC:24:11:00:00:01"),
	 .help = "its hardware address inside"},
	{"ip", PROPERTY_TEXT, AT(net, ip),
	 CHECK(net_ip, "pve-ipv4-config", "10.0.0.2/24, dhcp or manual"),
	 .help = "dhcp, manual or address/prefix"},
	{"ip6", PROPERTY_TEXT, AT(net, ip6),
	 CHECK(net_ip6, "pve-ipv6-config", "fd00::2/64, auto, dhcp or manual"),
	 .help = "auto, dhcp, manual or address/prefix"},
	{"link_down", PROPERTY_BOOL, AT(net, link_down), .help = "the cable is unplugged"},
	{"mtu", PROPERTY_INTEGER, AT(net, mtu), LIMITS(1, 65535),
	 .help = "largest packet inside; 1: the bridge's"},
	{"rate", PROPERTY_NUMBER, AT(net, rate), .help = "limit in MiB/s, both ways"},
	{"tag", PROPERTY_INTEGER, AT(net, tag), LIMITS(1, 4094), .help = "VLAN"},
	{"trunks", PROPERTY_TEXT, AT(net, trunks), CHECK(trunks, "VLANs", "10;20"),
	 .help = "VLANs that pass with their tag, with ';' between"},
	{"type", PROPERTY_TEXT, AT(net, type), .words = net_types, .help = "kind of interface"},
	{},
};

const struct property pve_dev_properties[] = {
	{"path", PROPERTY_TEXT, AT(dev, path), .default_key = true,
	 CHECK(device_path, "pve-lxc-dev-string", "/dev/dri/renderD128"),
	 .help = "device node, here and inside"},
	{"deny-write", PROPERTY_BOOL, AT(dev, deny_write), .help = "it can't be written to"},
	{"gid", PROPERTY_INTEGER, AT(dev, gid), LIMITS(0, NO_LIMIT), .help = "its group inside"},
	{"mode", PROPERTY_TEXT, AT(dev, mode), CHECK(mode, "octal access mode", "0660"),
	 .help = "its access mode"},
	{"uid", PROPERTY_INTEGER, AT(dev, uid), LIMITS(0, NO_LIMIT), .help = "its owner inside"},
	{},
};

const struct property pve_features_properties[] = {
	{"force_rw_sys", PROPERTY_BOOL, AT(features, force_rw_sys),
	 .help = "/sys can be written to, unprivileged only"},
	{"fuse", PROPERTY_BOOL, AT(features, fuse), .help = "file systems in user space"},
	{"keyctl", PROPERTY_BOOL, AT(features, keyctl),
	 .help = "the keyctl system call, unprivileged only"},
	{"mknod", PROPERTY_BOOL, AT(features, mknod),
	 .help = "some device nodes can be made, unprivileged only"},
	{"mount", PROPERTY_TEXT, AT(features, mount),
	 CHECK(fs_types, "file system types", "nfs;cifs"),
	 .help = "file systems that can be mounted, with ';' between"},
	{"nesting", PROPERTY_BOOL, AT(features, nesting), .help = "containers inside"},
	{},
};

const struct property pve_startup_properties[] = {
	{"order", PROPERTY_INTEGER, AT(startup, order), .default_key = true, LIMITS(0, NO_LIMIT),
	 .help = "lower ones start first and stop last"},
	{"down", PROPERTY_INTEGER, AT(startup, down), LIMITS(0, NO_LIMIT),
	 .help = "seconds to wait for its end"},
	{"up", PROPERTY_INTEGER, AT(startup, up), LIMITS(0, NO_LIMIT),
	 .help = "seconds to wait before the next starts"},
	{},
};

const struct property pve_unused_properties[] = {
	{"volume", PROPERTY_TEXT, AT(unused, volume), .required = true, .default_key = true,
	 CHECK(volume_id, "pve-volume-id", "local:100/vm-100-disk-0.raw"),
	 .help = "a volume that nothing uses"},
	{},
};
