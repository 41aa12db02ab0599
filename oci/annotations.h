#pragma once

/*
 * What a Proxmox container needs and the runtime-spec has no field for travels in these
 * annotations; other runtimes pass over them.
 */

/* JSON object: a path of the spec -> who asked for it: {"mounts[3]": "mp0: in 100.conf, line 7"} */
#define ANNOTATION_ORIGIN "org.pctrun.origin"

/* JSON array of the interfaces to make: [{"name": "eth0", "host": "veth100i0", "bridge": "vmbr0",
 * "hwaddr": "BC:24:11:00:00:01", "mtu": 1500, "host_mtu": 1500, "addresses": ["10.0.0.2/24"],
 * "gateways": ["10.0.0.1"], "link_down": false, "up": false, "origin": "net0: in 100.conf, line
 * 9"}]. Also "tag": 20, "vlan_aware": true where the bridge is, or "ovs": true,
 * and then "trunks": [30, 40]; "no_learning": true, "isolated": true: net/port_options.h;
 * "rate": bytes a second, both ways; "firewall": {"bridge": "fwbr100i0", "inner": "fwln100i0",
 * "outer": "fwpr100p0"}: links between it and its bridge. Without a veth: "type": "macvlan",
 * "ipvlan" or "vlan", on the host's interface "lower", with "mode" or "vlan". docs/network.md says
 * what becomes of them. */
#define ANNOTATION_NET "org.pctrun.net"

/* JSON object: the packets it may send and get, see oci/ext_firewall.h. */
#define ANNOTATION_FIREWALL "org.pctrun.firewall"

/* Name of a cgroup below cgroupsPath where the processes live, limits staying above: "ns". */
#define ANNOTATION_CGROUP_INNER "org.pctrun.cgroup.inner"

/* "container": the files of the root are owned by 0.., and are shown through an id-mapped mount
 * with the container's own map; no inode is touched. Or a map of its own as a JSON object
 * {"uidMappings": [{"containerID": 0, "hostID": 100000, "size": 65536}], "gidMappings": [...]},
 * containerID being the id on the file system, as in mounts[]. */
#define ANNOTATION_ROOTFS_IDMAP "org.pctrun.rootfs.idmap"

/* A disk image or block device whose file system is the root; root.path is then only the place
 * where hooks may find it. ROOTFS_OPTIONS: mount options for it, separated by commas; for a root
 * that is a directory too. "fstype=ext4" among them names the file system, if known. */
#define ANNOTATION_ROOTFS_IMAGE   "org.pctrun.rootfs.image"
#define ANNOTATION_ROOTFS_OPTIONS "org.pctrun.rootfs.options"

/* Number of ttys beside the console, and the folder of /dev they are in ("": /dev itself). */
#define ANNOTATION_TTY     "org.pctrun.tty"
#define ANNOTATION_TTY_DIR "org.pctrun.tty.dir"

/* The config's words for what the translation wrote as process.capabilities, for audit: "mac_admin
 * sys_time". */
#define ANNOTATION_CAP_DROP "org.pctrun.cap.drop"

/* Signals of `pct shutdown` and `pct stop`, by name: "SIGRTMIN+4". */
#define ANNOTATION_SIGNAL_HALT "org.pctrun.signal.halt"
#define ANNOTATION_SIGNAL_STOP "org.pctrun.signal.stop"

/* JSON array of paths below read-only ones that stay writable: ["/proc/sys/net"]. */
#define ANNOTATION_WRITABLE_PATHS "org.pctrun.paths.writable"

/* AppArmor: the text of the profile named by process.apparmorProfile, loaded before the start and
 * removed after the end. */
#define ANNOTATION_APPARMOR_TEXT "org.pctrun.apparmor.text"

/* JSON array of {"path": "/dev/ttyUSB0", "type": "c", "major": 188, "minor": 0, "mode": 432,
 * "uid": 0, "gid": 20, "origin": "..."}: nodes made on a small tmpfs and bound into place, as a
 * user namespace has to have them. uid and gid are the container's. */
#define ANNOTATION_DEVICES "org.pctrun.devices"

/* JSON object: a path of the spec -> words about that mount which the spec has no option for:
 * {"mounts[3]": ["optional", "create=file"]}
 *
 *	optional            a failure is no error
 *	create=dir          what the mount point is made as when it is missing; without either word
 *	create=file         it is made as the source is, as the spec says
 *	relative            the source is a path below the container's root
 *	keepattrs           the mounted root first gets the owner and mode of the mount point
 *	no-symlinks         a symbolic link on the way to the mount point is an error
 *	src-nofollow        the source of a bind is no symbolic link
 *
 * A mount of a disk image or block device has "loop" among its options and it as its source; the
 * runtime attaches it outside, and finds the file system itself where no type is given. */
#define ANNOTATION_MOUNT_EXTRAS "org.pctrun.mount.extras"

/* JSON array of more mounts, in the spec's words, for those that other runtimes refuse: a second
 * proc or sysfs. They come after mounts[] and are numbered on from them:
 * [{"destination": "/dev/.lxc/proc", "type": "proc", "source": "proc", "options": []}] */
#define ANNOTATION_MOUNTS "org.pctrun.mounts"

/* "0": the console is on init's stdio, but not its controlling terminal, so that a getty can have
 * it for that. */
#define ANNOTATION_CONSOLE_CONTROLLING "org.pctrun.console.controlling"

/* Path of a file on the host that everything the console shows is appended to. */
#define ANNOTATION_CONSOLE_LOG "org.pctrun.console.log"

/* JSON array of what a config asks for and the bundle doesn't have, to be accepted like what a host
 * lacks: [{"what": "net.tag", "why": "tag=20: ...", "origin": "net0: in 100.conf, line 9"}] */
#define ANNOTATION_UNENFORCED "org.pctrun.unenforced"

/* "1": the process keeps the caller's supplementary groups instead of process.user.additionalGids:
 * the way to files that an ordinary user may use by its groups. crun's word, which podman writes
 * for
 * --group-add keep-groups. */
#define ANNOTATION_KEEP_GROUPS "run.oci.keep_original_groups"

/* "1": a random boot id is bound over /proc/sys/kernel/random/boot_id. */
#define ANNOTATION_BOOT_ID "org.pctrun.boot-id"

/* Not ours, but what engines write: a property of the systemd scope, by its name on D-Bus. */
#define ANNOTATION_SYSTEMD_PROPERTY "org.systemd.property."

/* Not ours either: a file of options for CRIU, criu(8), which win over those of checkpoint and
 * restore; "": none. */
#define ANNOTATION_CRIU_CONFIG "org.criu.config"
