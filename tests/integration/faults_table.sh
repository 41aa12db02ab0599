#!/bin/bash
# time: 120 s
# What a start that fails says: each row injects one real fault, and its report has to name the
# config line (or the member of config.json) that asked for what failed, and what to do about it.
# Prints the score. A row that needs something done before has a function set_NAME, and undo_NAME;
# ONLY=PATTERN picks rows.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
shopt -s extglob

export PCTRUN_ACCEPT_UNENFORCED=all
right=0 all=0 id=7950
! emulated || ONLY=${ONLY:-@(apparmor|memory_value|pids_*|device_*|cgroup_*)} # what it has, and other hosts don't
conf=$PCTRUN_ETC/lxc/$id.conf
root=$WORK/storage/images/$id/rootfs.subvol

# judge NAME FAILED PLACE FIX: the report is in $out
judge() {
    all=$((all + 1))
    local place fix
    place=$(sed -n 's/^  config  //p' <<<"$out")
    fix=$(sed -n 's/^  fix     //p' <<<"$out")
    if [ "$2" = 0 ]; then
        not_ok "$1" "it started"
    elif [[ "$place" != *"$3"* ]]; then
        not_ok "$1: who asked" "got:  $place" "want: $3" "$out"
    elif ! grep -Eq -- "$4" <<<"$fix"; then
        not_ok "$1: what to do" "got:  $fix" "want: /$4/" "$out"
    else
        ok "$1: $fix"
        right=$((right + 1))
    fi
}

wanted() { # NAME
    # shellcheck disable=SC2053 # a pattern
    [ -n "$1" ] && [[ "$1" == ${ONLY:-*} ]]
}

prepared() { # NAME: whether what the row needs could be done; the reason is in $reason
    reason=''
    ! declare -F "set_$1" >/dev/null || "set_$1"
}

undone() {
    ! declare -F "undo_$1" >/dev/null || "undo_$1"
}

# ------------------------------------------------------------------------------ config of pct

pct_storage
mkdir -p "$root" elsewhere flat
cp -a "$SHARED/rootfs/." "$root"
ln -s "$WORK/elsewhere" link
cat >>"$PCTRUN_ETC/storage.cfg" <<CFG

dir: gone
	path $WORK/flat
	is_mountpoint 1
	content rootdir,images

dir: iso
	path $WORK/storage
	content iso

lvm: vg
	vgname vg
	content rootdir
CFG
base="arch: amd64
hostname: faulty
ostype: unmanaged
unprivileged: 0"

# pct_fault NAME LINES PLACE FIX: lines divided by " ;; "; PLACE is the key of one of them, then
# its line with its number is wanted, or another text
pct_fault() {
    local name=$1 lines=${2// ;; /$'\n'} place=$3 got=0
    if ! prepared "$name"; then
        skip "$name" "$reason"
        return
    fi
    [[ $'\n'$lines == *$'\n'rootfs:* ]] || lines="rootfs: local:$id/rootfs.subvol"$'\n'$lines
    printf '%s\n%s\n' "$base" "$lines" >"$conf"
    if grep -q "^${place}[:=]" "$conf"; then
        place=$(grep -n "^${place}[:=]" "$conf" | tail -n 1)
        place="$id.conf:${place%%:*}: ${place#*:}"
    fi
    capture "${starter[@]}" pct start $id || got=$?
    starter=()
    [ "$got" != 0 ] || pct stop $id >/dev/null 2>&1
    judge "$name" "$got" "$place" "$4"
    undone "$name"
}
starter=()

set_stale_veth() { ip link add veth${id}i0 type veth peer name faultpeer0; }
undo_stale_veth() { ip link del veth${id}i0; }
set_no_real_bridge() { ip link add faultpeer1 type veth peer name faultpeer0; }
undo_no_real_bridge() { ip link del faultpeer1; }
bridge faultb0 10.79.1.1/24

set_firewall_rule() {
    mkdir -p "$PCTRUN_ETC/firewall"
    printf '[OPTIONS]\nenable: 1\n' >"$PCTRUN_ETC/firewall/cluster.fw"
    printf '[OPTIONS]\nenable: 1\n[RULES]\nIN ACCPT -p tcp\n' >"$PCTRUN_ETC/firewall/$id.fw"
}
undo_firewall_rule() { rm -r "$PCTRUN_ETC/firewall"; }
set_idmap_fs() { mkdir -p ram && mount -t ramfs ramfs ram && chmod 755 ram; }
undo_idmap_fs() { umount ram; }

set_corrupt_image() {
    truncate -s 16M storage/images/$id/corrupt.raw
    mkfs.ext4 -q storage/images/$id/corrupt.raw
    dd if=/dev/urandom of=storage/images/$id/corrupt.raw bs=1k seek=2 count=60 conv=notrunc status=none
}
set_no_fs() { truncate -s 1M storage/images/$id/no-fs.raw; }
set_no_loop() {
    set_good_image
    rm -f no-driver && mknod no-driver c 240 77
    starter=(unshare -m sh -c 'mount --bind no-driver /dev/loop-control && exec "$@"' sh)
}
set_good_image() {
    truncate -s 16M storage/images/$id/good.raw
    mkfs.ext4 -q storage/images/$id/good.raw
}

set_file_target() { touch "$root/flat"; }
set_loop_target() { ln -sfn loop "$root/loop"; }
set_cwd_file() { touch "$root/flat"; }

set_disk_full() {
    mkdir -p full
    mount -t tmpfs -o size=64k,mode=755 tmpfs full
    cp -a "$PCTRUN_ETC" full/etc
    dd if=/dev/zero of=full/fill bs=4k 2>/dev/null
    mkdir -p elsewhere/state
    starter=(env PCTRUN_ROOT="$WORK/full/state")
}
undo_disk_full() { umount full; }

set_no_descriptors() { starter=(prlimit --nofile=12:12); }

set_no_interpreter() { printf '#!/nowhere/sh\n' >"$root/bin/script" && chmod 755 "$root/bin/script"; }
set_no_linker() { cp "$(realpath /bin/true)" "$root/bin/linked"; }
set_other_processor() {
    cp "$root/bin/busybox" "$root/bin/other"
    printf '\026' | dd of="$root/bin/other" bs=1 seek=18 conv=notrunc status=none
}
set_no_format() { printf 'exit 0\n' >"$root/bin/text" && chmod 755 "$root/bin/text"; }
set_not_executable() { printf '#!/bin/sh\n' >"$root/bin/plain" && chmod 644 "$root/bin/plain"; }
set_noexec() { mkdir -p "$root/opt" && cp "$root/bin/busybox" "$root/opt/true"; }

set_bad_profile() { printf '2\ndenylist\n[x86-64\nreboot\n' >profile; }
set_profile_execve() { printf '2\ndenylist\n[all]\nexecve errno 1\n' >profile; }
set_profile_short() { printf '2\nallowlist\n[all]\nread\n' >profile; }
set_profile_version() { printf '7\ndenylist\n' >profile; }

set_hook_mode() { printf '#!/bin/sh\n' >hook && chmod 644 hook; }
set_hook_fails() { printf '#!/bin/sh\nexit 3\n' >hook && chmod 755 hook; }
set_hook_interpreter() { printf '#!/nowhere\n' >hook && chmod 755 hook; }
set_hookscript_fails() {
    mkdir -p storage/snippets
    printf '#!/bin/sh\nexit 4\n' >storage/snippets/fails && chmod 755 storage/snippets/fails
    sed -i 's/^\tcontent rootdir,images,vztmpl/&,snippets/' "$PCTRUN_ETC/storage.cfg"
}
set_hookscript_mode() { printf '#!/bin/sh\n' >storage/snippets/plain && chmod 644 storage/snippets/plain; }

# Keys of one user, whose quota is full, and who is root inside.
set_keys() {
    python3 - >holder.out <<'P' &
import ctypes, os, sys, time
libc = ctypes.CDLL(None, use_errno=True)
os.setresuid(390000, 390000, 390000)
n = 0
while libc.syscall(248, b"user", b"fault%d" % n, b"x", 1, -2) > 0:  # add_key, process keyring
    n += 1
print(n, flush=True)
time.sleep(600)
P
    holder=$!
    reason='no keys can be added here'
    for _ in $(seq 100); do
        [ ! -s holder.out ] || break
        sleep 0.1
    done
    [ "$(cat holder.out)" -gt 0 ]
}
undo_keys() { kill "$holder"; }

# A cgroup of the caller's that has room for that many processes: of version 1, or in the VM 2.
within_pids() {
    pids=$(findmnt -n -t cgroup -O pids -o TARGET | head -n 1)
    [ -n "$pids" ] || { has_controller pids && pids=$(cgroup2_root); }
    reason='no pids controller' && [ -n "$pids" ] || return 1
    pids=$pids/fault-pids
    mkdir -p "$pids"
    echo "$1" >"$pids/pids.max"
    # shellcheck disable=SC2016 # for that shell
    starter=(sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$pids")
}
set_pids_setup() { within_pids 1; }
undo_pids_setup() { remove_cgroup "$pids"; }
set_pids_clone() { within_pids 2; }
undo_pids_clone() { remove_cgroup "$pids"; }
set_pids_own() { reason='no pids controller' && has_controller pids; }

# Whoever made the cgroup that pct is in lets it use less.
set_device_caller() {
    caller=$(cgroup2_root)/pctrun-fault-devices
    mkdir -p "$caller"
    reason=$("$TREE/tests/integration/device_filter.py" attach "$caller" others no-loop 2>&1) || return 1
    # shellcheck disable=SC2016 # for that shell
    starter=(sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$caller")
    set_good_image
}
undo_device_caller() { remove_cgroup "$caller"; }

set_apparmor() { reason='no AppArmor' && has_apparmor; }
set_memory_value() { reason='no memory controller' && has_controller memory; }
set_no_root() { rm -rf storage/images/$id/none.subvol; }

while IFS='|' read -r name lines place fix; do
    ! wanted "$name" || pct_fault "$name" "$lines" "$place" "$fix"
done <<ROWS
missing_source|mp0: /no/such,mp=/srv|mp0|create /no/such on the host
missing_raw_source|lxc.mount.entry: /no/such/dir srv none bind 0 0|lxc.mount.entry|create /no/such/dir on the host or remove this mount
link_source|mp0: $WORK/link,mp=/srv|mp0|realpath
file_source|mp0: /etc/passwd,mp=/srv|mp0|bound by .lxc.mount.entry: /etc/passwd
file_target|lxc.mount.entry: $WORK/elsewhere flat none bind 0 0|lxc.mount.entry|directory, the other is not
root_target|mp0: $WORK/elsewhere,mp=/|mp0|choose a folder below /
loop_target|lxc.mount.entry: $WORK/elsewhere loop none bind,create=dir 0 0|lxc.mount.entry|link
target_up|lxc.mount.entry: $WORK/elsewhere ../x none bind 0 0|lxc.mount.entry|without '..'
idmap_short|lxc.idmap: u 0 100000 ;; lxc.idmap: g 0 100000 65536|lxc.idmap: u 0 100000|u 0 100000 65536
idmap_one_kind|lxc.idmap: u 0 100000 65536|lxc.idmap|lxc.idmap: g 0
idmap_root|lxc.idmap: u 1 100000 65536 ;; lxc.idmap: g 0 100000 65536|lxc.idmap: u 1|add lxc.idmap: u 0 165536 1$
idmap_root_gid|lxc.idmap: u 0 100000 65536 ;; lxc.idmap: g 5 100000 10 ;; lxc.idmap: g 15 200000 10|lxc.idmap: g 5|add lxc.idmap: g 0 200010 5$
idmap_overlap|lxc.idmap: u 0 100000 1000 ;; lxc.idmap: u 500 200000 1000 ;; lxc.idmap: g 0 100000 1000|lxc.idmap: u 500 200000 1000|u 1000 200000
idmap_host_overlap|lxc.idmap: u 0 100000 1000 ;; lxc.idmap: u 1000 100500 1000 ;; lxc.idmap: g 0 100000 2000|lxc.idmap: u 1000 100500 1000|101000
idmap_fs|lxc.idmap: u 0 100000 65536 ;; lxc.idmap: g 0 100000 65536 ;; lxc.mount.entry: $WORK/ram srv none bind,idmap=container,create=dir 0 0|lxc.mount.entry|without idmap
device_missing|dev0: /dev/no-such|dev0|/dev
device_none|dev0: /dev/shm|dev0|device node
device_rule|lxc.cgroup2.devices.allow: x|lxc.cgroup2.devices.allow|c 10:200 rwm
device_filter|lxc.cgroup2.devices.deny: c 5:2 rwm|lxc.cgroup2.devices.deny|take that rule away, or allow c 5:2 rw behind it
device_caller|mp0: local:$id/good.raw,mp=/srv|mp0|have c 10:237 rw allowed to cgroup /pctrun-fault-devices by
unmounted_storage|mp0: gone:$id/x.subvol,mp=/srv|mp0|mount it
unknown_storage|mp0: none:$id/x.raw,mp=/srv|mp0|storage.cfg
storage_type|mp0: vg:$id/x.raw,mp=/srv|mp0|dir or btrfs
storage_content|mp0: iso:$id/rootfs.subvol,mp=/srv|mp0|content rootdir
missing_volume|mp0: local:$id/none.raw,mp=/srv|mp0|pct rescan
no_fs|mp0: local:$id/no-fs.raw,mp=/srv|mp0|mkfs
corrupt_image|mp0: local:$id/corrupt.raw,mp=/srv|mp0|pct fsck
no_loop|mp0: local:$id/good.raw,mp=/srv|mp0|modprobe loop
no_root|rootfs: local:$id/none.subvol|rootfs|restore that volume
absent_root|rootfs: /no/such/root|rootfs|create /no/such/root on the host, or name where the root
file_root|rootfs: /etc/passwd|rootfs|name the directory that the root file system is in
read_only|rootfs: local:$id/rootfs.subvol,ro=1 ;; mp0: $WORK/elsewhere,mp=/not/there|mp0|root file system, which is read-only
no_bridge|net0: name=eth0,bridge=no-such|net0|ip link add no-such type bridge
no_real_bridge|net0: name=eth0,bridge=faultpeer0|net0|name a bridge
stale_veth|net0: name=eth0,bridge=faultb0|net0|ip link del veth${id}i0
firewall_rule|net0: name=eth0,bridge=faultb0,firewall=1|/firewall/$id.fw:4: IN ACCPT -p tcp|write .*ACCEPT
mtu|net0: name=eth0,bridge=faultb0,mtu=70000|net0|65535
mac|net0: name=eth0,bridge=faultb0,hwaddr=01:00:00:00:00:01|net0|BC:24:11
no_interface|lxc.net.0.type: phys ;; lxc.net.0.link: no-such0|lxc.net.0.type|ip link shows
same_interface|net0: name=eth0,bridge=faultb0 ;; net1: name=eth0,bridge=faultb0|net1|net0
keys|lxc.idmap: u 0 390000 65536 ;; lxc.idmap: g 0 390000 65536 ;; rootfs: $WORK/storage/images/$id/rootfs.subvol|--no-new-keyring|kernel.keys.maxkeys
pids_setup|cores: 1||raise pids.max of .*/fault-pids
pids_clone|cores: 1||raise pids.max of .*/fault-pids
pids_own|lxc.cgroup2.pids.max: 0|lxc.cgroup2.pids.max|raise pids.max of
disk_full|cores: 1||df -i
no_descriptors|cores: 1||ulimit -n
no_interpreter|entrypoint: /bin/script|entrypoint|/nowhere/sh
no_linker|entrypoint: /bin/linked|entrypoint|ld-linux
other_processor|entrypoint: /bin/other|entrypoint|root file system for
no_format|entrypoint: /bin/text|entrypoint|#!/bin/sh
not_executable|entrypoint: /bin/plain|entrypoint|chmod \+x
noexec|entrypoint: /opt/true ;; lxc.mount.entry: $root/opt opt none bind,noexec 0 0|entrypoint|take noexec from
no_program|entrypoint: nothing-like-it|entrypoint|whole path
no_path|entrypoint: /no/such/program|entrypoint|no such program
folder_program|entrypoint: /bin|entrypoint|choose another program
no_profile|lxc.seccomp.profile: /no/such|lxc.seccomp.profile|create it
bad_profile|lxc.seccomp.profile: $WORK/profile|lxc.seccomp.profile|\[x86_64\]
profile_version|lxc.seccomp.profile: $WORK/profile|lxc.seccomp.profile|begin it with 2
profile_execve|lxc.seccomp.profile: $WORK/profile|lxc.seccomp.profile|allow execve in that profile
profile_short|lxc.seccomp.profile: $WORK/profile|lxc.seccomp.profile|setuid, execve, exit_group ...\)$
apparmor|lxc.apparmor.profile: no-such-profile|lxc.apparmor.profile|apparmor_parser
tmpfs_option|lxc.mount.entry: tmpfs srv tmpfs sizes=1m,create=dir 0 0|lxc.mount.entry|tmpfs\(5\)
tmpfs_size|lxc.mount.entry: tmpfs srv tmpfs size=lots,create=dir 0 0|lxc.mount.entry|mend that option
unknown_fs|lxc.mount.entry: none srv nofs defaults,create=dir 0 0|lxc.mount.entry|/proc/filesystems
mount_entry|lxc.mount.entry: /srv|lxc.mount.entry|SOURCE TARGET TYPE OPTIONS
sysctl_value|lxc.sysctl.kernel.msgmax: many|lxc.sysctl.kernel.msgmax|cat it
hook_missing|lxc.hook.pre-start: $WORK/no-hook|lxc.hook.pre-start|create the hook.*$WORK/no-hook
hook_mode|lxc.hook.pre-start: $WORK/hook|lxc.hook.pre-start|chmod \+x
hook_fails|lxc.hook.pre-start: $WORK/hook|lxc.hook.pre-start|by hand
hook_interpreter|lxc.hook.pre-start: $WORK/hook|lxc.hook.pre-start|interpreter that its #! names
hookscript_fails|hookscript: local:snippets/fails|hookscript|by hand
hookscript_mode|hookscript: local:snippets/plain|hookscript|chmod \+x
unmapped_uid|lxc.idmap: u 0 100000 65536 ;; lxc.idmap: g 0 100000 65536 ;; rootfs: $WORK/storage/images/$id/rootfs.subvol ;; lxc.init.uid: 70000|lxc.init.uid|id map has no uid 70000
cwd_file|lxc.init.cwd: /flat|lxc.init.cwd|directory
rlimit|lxc.prlimit.nofile: 9999999999|lxc.prlimit.nofile|fs.nr_open
rlimit_order|lxc.prlimit.nofile: 10:5|lxc.prlimit.nofile|lower the soft limit
rlimit_name|lxc.prlimit.nofles: 1|lxc.prlimit.nofles|getrlimit\(2\)
capability|lxc.cap.drop: sys_fly|lxc.cap.drop|capabilities\(7\)
cgroup_file|lxc.cgroup2.nonsense: 1|lxc.cgroup2.nonsense|memory.max
memory_value|lxc.cgroup2.memory.max: lots|lxc.cgroup2.memory.max|bytes
cores|cores: 0|cores|write 1 to 8192
signal|lxc.signal.halt: TERM|lxc.signal.halt|SIGTERM
ROWS

# ------------------------------------------------------------------- documents of pctrun

# spec_fault NAME PART MEMBERS PLACE FIX: PART is the variable of bundle() that MEMBERS go into
spec_fault() {
    local name=$1 got=0 process='' mounts='' linux='' root='' top='' namespaces=$default_namespaces
    local args=(sleep 1000) cwd='' options=() capabilities=$capabilities
    if ! prepared "$name"; then
        skip "$name" "$reason"
        return
    fi
    [ "$2" = - ] || printf -v "$2" %s "$3"
    bundle b "${args[@]}"
    ! declare -F "late_$name" >/dev/null || "late_$name"
    capture pctrun --report run -d "${options[@]}" -b b faulty || got=$?
    [ "$got" != 0 ] || pctrun delete --force faulty
    judge "$name" "$got" "$4" "$5"
    undone "$name"
}

set_hook_slow() { printf '#!/bin/sh\nsleep 100\n' >hook && chmod 755 hook; }

# A cgroup with a process in it that limits what is below it, and threaded ones.
set_cgroup_busy() {
    busy=$(cgroup2_root)/pctrun-fault-busy
    reason='no controller to turn on'
    { has_controller hugetlb && echo +hugetlb >"$(cgroup2_root)/cgroup.subtree_control"; } 2>/dev/null || return 1
    mkdir -p "$busy"
    sleep 600 &
    holder=$!
    echo $holder >"$busy/cgroup.procs"
}
undo_cgroup_busy() {
    kill $holder
    wait $holder 2>/dev/null
    rmdir "$busy"
}
set_cgroup_threaded() {
    busy=$(cgroup2_root)/pctrun-fault-threaded
    mkdir -p "$busy/beside"
    reason='no threaded cgroups'
    echo threaded >"$busy/beside/cgroup.type"
}
undo_cgroup_threaded() { rmdir "$busy/beside" "$busy"; }

set_device_above() {
    above=$(cgroup2_root)/pctrun-fault-above
    mkdir -p "$above"
    reason=$("$TREE/tests/integration/device_filter.py" attach "$above" others no-zero 2>&1)
}
undo_device_above() { rmdir "$above"; }

late_no_rootfs() { mv b/rootfs elsewhere/rootfs; }
undo_no_rootfs() { mv elsewhere/rootfs b/rootfs; }
set_no_root_id() { linux=',"uidMappings":[{"containerID":1,"hostID":100000,"size":10}],"gidMappings":[{"containerID":0,"hostID":100000,"size":10}]'; }
set_cwd_read_only() { cwd=/nocwd; }
set_spec_cwd() { cwd=relative; }
set_spec_capability() { capabilities='["CAP_FLY"]'; }
set_console() { options=(--console-socket /no/socket) process=',"terminal":true'; }
bundle b true

hooks() { # STAGE PATH [MORE]: the member of the document
    printf ',"hooks":{"%s":[{"path":"%s"%s}]}' "$1" "$2" "${3:-}"
}
seccomp_execve=',"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["execve"],"action":"SCMP_ACT_ERRNO"}]}'
while IFS='|' read -r name part members place fix; do
    ! wanted "$name" || spec_fault "$name" "$part" "$members" "$place" "$fix"
done <<ROWS
sysctl_host|linux|,"sysctl":{"vm.swappiness":"1"}|config.json: linux.sysctl["vm.swappiness"]: "1"|on the host
sysctl_none|linux|,"sysctl":{"net.ipv4.no_such":"1"}|config.json: linux.sysctl.net.ipv4.no_such: "1"|sysctl -a
sysctl_bad|linux|,"sysctl":{"net.ipv4.ip_forward":"yes"}|config.json: linux.sysctl.net.ipv4.ip_forward: "yes"|cat it
spec_source|mounts|,{"destination":"/srv","type":"none","source":"/no/such","options":["bind"]}|config.json: mounts[4]: {"destination":"/srv"|create /no/such
spec_none|mounts|,{"destination":"/srv"}|config.json: mounts[4]: {"destination":"/srv"}|as its type, or add the option bind
device_twice|linux|,"devices":[{"path":"/dev/x","type":"c","major":1,"minor":3},{"path":"/dev/x","type":"c","major":1,"minor":5}]|config.json: linux.devices[1]|leave out one of them
cwd_read_only|root|,"readonly":true|config.json: process.cwd: "/nocwd"|make it on the host
spec_option|mounts|,{"destination":"/srv","type":"tmpfs","source":"tmpfs","options":["sizes=1"]}|config.json: mounts[4]|mend that option
spec_proc|mounts|,{"destination":"/proc/sys","type":"tmpfs","source":"tmpfs"}|config.json: mounts[4]|another destination
spec_rlimit|process|,"rlimits":[{"type":"RLIMIT_NOFILE","soft":5,"hard":9999999999}]|config.json: process.rlimits[0]|fs.nr_open
spec_oom|process|,"oomScoreAdj":2000|config.json: process.oomScoreAdj: 2000|mend that member
spec_cwd|-||config.json: process.cwd: "relative"|mend that member
spec_type|linux|,"rootfsPropagation":7|config.json: linux.rootfsPropagation: 7|mend that member
hook_absent|top|$(hooks createRuntime /no/hook)|config.json: hooks.createRuntime[0]: {"path":"/no/hook"|create the hook
hook_slow|top|$(hooks createRuntime "$WORK/hook" ',"timeout":1')|config.json: hooks.createRuntime[0]|raise its timeout
device_denied|linux|,"resources":{"devices":[{"allow":false},{"allow":false,"type":"c","major":1,"minor":7,"access":"m"}]}|config.json: linux.resources.devices[1]: {"allow":false,"type":"c"|take that rule away, or allow c 1:7 m behind it
device_above|linux|,"cgroupsPath":"/pctrun-fault-above/below"|config.json: linux.cgroupsPath: "/pctrun-fault-above|have c 1:5 m allowed to cgroup /pctrun-fault-above by
cgroup_busy|linux|,"cgroupsPath":"/pctrun-fault-busy/below","resources":{"hugepageLimits":[{"pageSize":"2MB","limit":0}]}|config.json: linux.cgroupsPath|processes live in it
cgroup_threaded|linux|,"cgroupsPath":"/pctrun-fault-threaded/below"|config.json: linux.cgroupsPath: "/pctrun-fault-threaded|choose another cgroupsPath
seccomp_execve|linux|$seccomp_execve|config.json: linux.seccomp: {"defaultAction"|allow execve in linux.seccomp
seccomp_enosys|linux|${seccomp_execve/_ERRNO\"\}/_ERRNO\",\"errnoRet\":38\}}|config.json: linux.seccomp: {"defaultAction"|allow execve in linux.seccomp
cgroup_up|linux|,"cgroupsPath":"../../x"|config.json: linux.cgroupsPath: "../../x"|without . and ..
cgroup_long|linux|,"cgroupsPath":"/$(printf 'x%.0s' {1..4000})"|config.json: linux.cgroupsPath|give a shorter one
seccomp_silent|linux|,"seccomp":{"defaultAction":"SCMP_ACT_ERRNO"}|config.json: linux.seccomp: {"defaultAction"|set process.noNewPrivileges
no_namespace|namespaces|{"type":"mount"},{"type":"uts"},{"type":"pid"},{"type":"network","path":"/no/such/netns"}|config.json: linux.namespaces[3]|ip netns
wrong_namespace|namespaces|{"type":"mount"},{"type":"uts"},{"type":"pid"},{"type":"network","path":"/proc/self/ns/uts"}|config.json: linux.namespaces[3]|below /proc/PID/ns
no_maps|namespaces|{"type":"mount"},{"type":"uts"},{"type":"pid"},{"type":"user"}|config.json: linux.uidMappings: not given|mend that member
no_root_id|namespaces|{"type":"mount"},{"type":"uts"},{"type":"pid"},{"type":"user"}|config.json: linux.uidMappings: [{"containerID":1|containerID 0
no_rootfs|-||config.json: root.path: "rootfs"|root file system there
console|-||--console-socket|has to listen there before
ROWS

ok "score: $right of $all name the right line and the right fix"
done_testing
