#!/bin/bash
# What people write wrongly: each line, option and word gets one line that says where and what, the
# exit status that Proxmox has, and nothing is changed.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

mkdir -p storage/images/7940/rootfs.subvol
printf 'dir: local\n\tpath %s\n\tcontent rootdir,images,vztmpl\n\ndir: iso\n\tpath %s\n\tcontent iso\n\nlvm: vg\n\tvgname vg\n\tcontent rootdir\n' \
    "$WORK/storage" "$WORK/storage" >"$PCTRUN_ETC/storage.cfg"
cp -a "$SHARED/rootfs/." storage/images/7940/rootfs.subvol
truncate -s 1M storage/images/7940/no-fs.raw
ln -s "$WORK" link
tar -C "$SHARED/rootfs" -cf template.tar .
export PCTRUN_ACCEPT_UNENFORCED=all

state() {
    find "$PCTRUN_ETC/lxc" storage "$PCTRUN_ROOT" -mindepth 1 -path "*/.last*" -prune -o -printf '%p %s %T@\n' 2>/dev/null | sort
    cat "$PCTRUN_ETC"/lxc/*.conf 2>/dev/null
}

# --- config lines that no rule of the file fits: one warning, and the rest of the file holds

base='arch: amd64
hostname: bad
ostype: unmanaged
rootfs: local:7940/rootfs.subvol
unprivileged: 0'
warned() {
    printf '%s\n%s\n' "$base" "$1" >"$PCTRUN_ETC/lxc/7940.conf"
    pct config 7940 2>err.log >/dev/null
    is "'$1': one line" "$(wc -l <err.log)" 1
    like "'$1': where and what" "$(cat err.log)" "^vm 7940 - $2 \(7940\.conf, line 6\)$"
}
while IFS='|' read -r line want; do
    warned "$line" "$want"
done <<'ROWS'
Memory: 512|unable to parse config: Memory: 512; keys are in lower case
 memory: 512|unable to parse config:  memory: 512; nothing stands before the key
memory : 512|unable to parse config: memory : 512; no blank before the colon
memory = 512|unable to parse config: memory = 512; write KEY: VALUE
memory|unable to parse config: memory; write KEY: VALUE
mem-x: 1|unable to parse config: mem-x: 1; keys are letters and '_', then perhaps a number
cmode:|unable to parse config: cmode:; the value is missing
[x]|unable to parse config: \[x\]; a section is .*
[pve:foo]|unable to parse config: \[pve:foo\]; a section is .*
lxc.no.such: 1|unable to parse config: lxc\.no\.such: 1; no raw key that is let through
lxc.namespace.keep: net|unable to parse config: lxc\.namespace\.keep: net; no raw key that is let through
lxc.rootfs.path: /x|lxc\.rootfs\.path: auto generated from rootfs
lxc.rootfs.options: ro|lxc\.rootfs\.options: not supported, use the mount options of rootfs
lxc.aa_profile: x|lxc\.aa_profile is deprecated and was renamed to lxc\.apparmor\.profile
lxc.limit.nofile: 5|lxc\.limit\.nofile was renamed to lxc\.prlimit\.\*
delete: memory|property 'delete' is only allowed in \[pve:pending\]
foo: bar|unable to parse value of 'foo' - unknown setting 'foo'
net32: name=eth0|unable to parse value of 'net32' - unknown setting 'net32'
mp256: /srv,mp=/srv|unable to parse value of 'mp256' - unknown setting 'mp256'
net01: name=eth0|unable to parse value of 'net01' - unknown setting 'net01'
cpulimit: .5|unable to parse value of 'cpulimit' - type check \('number'\) failed - got '\.5'
onboot: maybe|unable to parse value of 'onboot' - type check \('boolean'\) failed - got 'maybe'
startup: soon|unable to parse value of 'startup' - order: type check \('integer'\) failed - got 'soon'
hookscript: /x|unable to parse value of 'hookscript' - invalid format - '/x' is no pve-volume-id
nameserver: x|unable to parse value of 'nameserver' - invalid format - 'x' is no list of addresses
searchdomain: a_b|unable to parse value of 'searchdomain' - invalid format - 'a_b' is no dns-name-list
tags: -x|unable to parse value of 'tags' - invalid format - '-x' is no pve-tag-list
timezone: Mars//X|unable to parse value of 'timezone' - invalid format - 'Mars//X' is no pve-ct-timezone
ROWS
warned $'a\e[2J: x' "unable to parse config: a\\\\x1b\\[2J: x; keys are in lower case"

# --- lines that a start can't do anything with: one line with file and line, status 255

fails() {
    local got=0 line=${1//$'\xe4'/\\xe4}
    printf '%s\n%s\n' "$base" "$1" >"$PCTRUN_ETC/lxc/7940.conf"
    state >before.txt
    capture pct "$3" 7940 || got=$?
    [ "$got" != 0 ] || pct stop 7940 2>/dev/null
    is "'$line' ($3): status" "$got" "$4"
    is "'$line' ($3): one line, and its report's rows" "$(grep -vc '^  ' <<<"$out")" 1
    like "'$line' ($3): where and what" "$(paste -sd' ' <<<"$out")" "$2.*7940\.conf(, line |:)${5:-6}(\)|: )"
    state >after.txt
    is "'$line' ($3): nothing changed" "$(diff before.txt after.txt)" ""
}
latin=$'\xe4'
mkdir -p "b$latin"
while IFS='|' read -r line want; do
    fails "$line" "$want" start 255
done <<ROWS
memory: lots|'lots' is no whole number
memory: 99999999999999|99999999999999 MiB is more than can be set
swap: -1|'-1' is no whole number
cores: 0|'0' is no number of processors \(1 to 8192\)
cores: 9999|'9999' is no number of processors \(1 to 8192\)
cpulimit: much|'much' is no number of processors \(0 to 8192\)
cpulimit: 0.001|'0\.001' is less than the kernel takes \(0\.01\)
cpuunits: x|'x' is no whole number
tty: many|'many' is no whole number
tty: 999|'999' is no number of ttys \(0 to 256\)
entrypoint: "/bin/sh|a quote is not closed
features: nesting=2|nesting: type check \('boolean'\) failed - got '2'
features: flying=1|flying: property is not defined in schema
features: nesting|value without key, but schema does not define a default key
dev0: /dev/no-such|look at /dev/no-such: No such file or directory
dev0: /etc/passwd|path: invalid format - '/etc/passwd' is no pve-lxc-dev-string
dev0: /dev/shm|pass the device /dev/shm: No such device
dev0: mode=0660|a path below /dev is missing
dev0: /dev/null,mode=660|mode: invalid format - '660' is no octal access mode
net0: bridge=b0|name: property is missing and it is not optional
net0: name=eth0|bridge is missing
net0: name=eth0,bridge=no-such|bridge 'no-such' does not exist
net0: name=eth0, bridge=lo|bridge: property is not defined in schema
net0: name=eth0,bridge=lo,hwaddr=01:00:00:00:00:01|hwaddr: invalid format - '.*' is no mac-addr
net0: name=eth0,bridge=lo,ip=10.0.0.1|ip: invalid format - '10\.0\.0\.1' is no pve-ipv4-config
net0: name=eth0,bridge=lo,ip6=fe80::1/200|ip6: invalid format - .* is no pve-ipv6-config
net0: name=eth0,bridge=lo,tag=4095|tag: value must have a maximum value of 4094
net0: name=eth0,bridge=lo,mtu=70000|mtu: value must have a maximum value of 65535
net0: name=eth0,bridge=lo,mtu=65535,mtu=1500|duplicate key in comma-separated list property: mtu
net0: name=a-name-that-is-too-long,bridge=lo|is longer than 15 characters
net0: name=eth0,bridge=lo,type=tap|type: value 'tap' does not have a value in the enumeration 'veth'
net0: name=eth0,bridge=lo,gw=10.0.0.1,host-managed=1|gw 10\.0\.0\.1 needs a static ip
net0: name=eth0,bridge=lo,ip6=auto,host-managed=1|ip6=auto and host-managed=1 exclude each other
mp0: local:7940/no-such.raw,mp=/srv|look at .*/images/7940/no-such\.raw: No such file or directory
mp0: local:7940/no-fs.raw,mp=/srv|no ext4, xfs or btrfs
mp0: no-such:7940/x.raw,mp=/srv|storage 'no-such' does not exist
mp0: vg:7940/x.raw,mp=/srv|storage 'vg' is of type lvm
mp0: iso:7940/rootfs.subvol,mp=/srv|storage 'iso' does not support containers
mp0: local:8,mp=/srv|'local:8' is no volume of a container
mp0: /no/such,mp=/srv|look at /no/such: No such file or directory
mp0: /etc/passwd,mp=/srv|bind /etc/passwd: Not a directory
mp0: $WORK/b$latin,mp=/srv|'$WORK/b\\\\xe4,mp=/srv' is no UTF-8
lxc.environment: A=$latin|'A=\\\\xe4' is no UTF-8
mp0: $WORK/link,mp=/srv|symlink encountered at: $WORK/link
lxc.idmap: u 0 100000|is no id map
lxc.idmap: b 0 100000 65536|is no id map
lxc.idmap: u 0 100000 65536|the id map has no gids
lxc.cap.drop: sys_fly|'sys_fly' is no capability
lxc.cap.drop: none|'none' is no capability
lxc.cap.keep: net_admin|lxc\.cap\.keep and lxc\.cap\.drop exclude each other
lxc.mount.entry: /srv|is no mount entry
lxc.mount.entry: /srv ../x none bind|the target '\.\./x' leads up
lxc.mount.auto: proc:maybe|is none of the automatic mounts
lxc.cgroup2.nonsense: 1|'nonsense' is no file of a cgroup
lxc.cgroup2.devices.allow: x|'x' is no device rule
lxc.cgroup2.devices.allow: /dev/no-such rwm|look at /dev/no-such: No such file or directory
lxc.prlimit.nofles: 1|there is no limit named 'nofles'
lxc.prlimit.nofile: few|'few' is no limit
lxc.signal.halt: TERM|'TERM' is no signal
lxc.init.cwd: root|'root' is no absolute path
lxc.init.uid: root|'root' is no id
lxc.arch: vax|'vax' is no architecture
lxc.seccomp.profile: /no/such|/no/such: No such file or directory
lxc.environment: NO_SUCH_NAME|the host's environment has no NO_SUCH_NAME to copy
lxc.pty.max: x|'x' is no number of ptys
template: 1|you can't start a CT if it's a template
lock: backup|CT is locked \(backup\)
ROWS
# plan and check say the same of them.
fails 'cores: 0' "'0' is no number of processors" plan 255
fails 'lxc.cap.drop: sys_fly' "'sys_fly' is no capability" check 255

# --- what is missing altogether

for key in arch ostype rootfs; do
    sed "/^$key:/d" <<<"$base" >"$PCTRUN_ETC/lxc/7940.conf"
    refused "no $key" "7940\.conf.*no $key|no $key.*7940\.conf" pct start 7940
done
printf '%s\nrootfs: /dev,ro=x\n' "$base" >"$PCTRUN_ETC/lxc/7940.conf"
refused "a rootfs that can't be read" "ro: type check \('boolean'\) failed - got 'x'.*7940\.conf:6: rootfs" pct start 7940
rm "$PCTRUN_ETC/lxc/7940.conf"

# --- options of pct create: 400 and the option's name

bad_option() {
    local got=0
    # shellcheck disable=SC2086 # words
    capture pct create 7941 "$WORK/template.tar" $1 || got=$?
    is "create $1: status" "$got" 255
    is "create $1: one line" "$(wc -l <<<"$out")" 1
    like "create $1: what" "$out" "$2"
    is "create $1: nothing made" "$(ls "$PCTRUN_ETC/lxc" storage/images)" "$(printf '%s\n' "$PCTRUN_ETC/lxc:" '' storage/images: 7940)"
}
parameter='^400 Parameter verification failed\. '
while IFS='|' read -r option want; do
    bad_option "$option" "$want"
done <<ROWS
--memory 8|${parameter}memory: value must have a minimum value of 16
--memory lots|${parameter}memory: type check \('integer'\) failed - got 'lots'
--swap -1|${parameter}swap: type check \('integer'\) failed - got '-1'
--cores 0|${parameter}cores: value must have a minimum value of 1
--cpulimit 9000|${parameter}cpulimit: value must have a maximum value of 8192
--tty 7|${parameter}tty: value must have a maximum value of 6
--arch vax|${parameter}arch: value 'vax' does not have a value in the enumeration 'amd64, i386,
--ostype beos|${parameter}ostype: value 'beos' does not have a value in the enumeration
--cmode x|${parameter}cmode: value 'x' does not have a value in the enumeration
--hostname -x|${parameter}hostname: invalid format - '-x' is no dns-name
--net0 bridge=b|${parameter}net0: name: property is missing and it is not optional
--net0 name=eth0,mtu=9000,bridge=no-such|${parameter}net0: bridge 'no-such' does not exist
--dev0 /dev/no-such|${parameter}dev0: device /dev/no-such: No such file or directory
--hookscript local:iso/x|${parameter}hookscript: 'local:iso/x' is not in the snippets directory
--hookscript local:snippets/x|${parameter}hookscript: script 'local:snippets/x' does not exist
--rootfs no-such:1|${parameter}rootfs: storage 'no-such' does not exist
--rootfs iso:1|${parameter}rootfs: storage 'iso' does not support container directories
--rootfs vg:1|${parameter}rootfs: storage 'vg' is of type lvm: volumes there aren't known here
--rootfs local:much|${parameter}rootfs: 'local:much' is no volume of a container
--rootfs /srv|${parameter}rootfs: a new container is extracted into a volume, not into /srv
--rootfs 1,size=x|${parameter}rootfs: size: invalid format - 'x' is no disk size
--rootfs local:7940/rootfs.subvol|${parameter}rootfs: volume local:7940/rootfs.subvol is CT 7940's
--mp0 local:1,mp=/srv|mount points configured, but 'rootfs' not set - aborting
--rootfs 0 --mp0 local:1|${parameter}mp0: mp: property is missing and it is not optional
--rootfs 0 --mp0 local:0,mp=../etc|${parameter}mp0: mp: invalid format
--rootfs 0 --mp0 local:0,mp=/a,idmap=u:0:0:0|${parameter}mp0: idmap: invalid format
--lxc.idmap nonsense|${parameter}lxc\.idmap: 'nonsense' is no id map
--unprivileged 0 --shift-free|${parameter}shift-free: a privileged container's files have the host's ids
--password 1234|${parameter}password: value must be at least 5 characters long
--bwlimit x|${parameter}bwlimit: type check \('number'\) failed - got 'x'
--ssh-public-keys template.tar|template\.tar, line 1: no SSH public key
--ssh-public-keys /no/such|/no/such: No such file or directory
--unique|${parameter}unique: missing property - 'restore' requires this property
--restore|restoring backups is not possible yet
--no-such 1|400 unable to parse option: unknown option --no-such
--mem|400 unable to parse option: option --memory requires an argument
--unused0|400 unable to parse option: option --unused0 requires an argument
--console=maybe|400 unable to parse boolean option: --console=maybe
ROWS
refused "no template" 'template /no/such.tar: No such file or directory' pct create 7941 /no/such.tar
refused "a volume that is none" "'local:iso/x.iso' is no template" pct create 7941 local:iso/x.iso
refused "from standard input" 'only a restore reads from standard input' pct create 7941 -

# --- verbs and their words

status "no verb" 255 pct
like "says so" "$out" 'ERROR: no command specified'
status "an unknown verb" 255 pct fly 100
like "says so" "$out" "ERROR: unknown command 'pct fly'"
while IFS='|' read -r words want; do
    # shellcheck disable=SC2086 # words
    refused "pct $words" "$want" pct $words
done <<'ROWS'
start|^400 not enough arguments
start --vmid 100|^400 not enough arguments: pct start <vmid>
resize 7940 --DISK=rootfs --size 1G|^400 not enough arguments: pct resize <vmid> <disk> <size>
start --vmid|^400 unable to parse option: option --vmid requires an argument
start 7940 --disk rootfs|^400 unable to parse option: unknown option --disk
start 7940 --vmid 7941|^Configuration file '.*/lxc/7940\.conf' does not exist
start 100 101|^400 too many arguments
start abc|^400 Parameter verification failed\. vmid: type check \('integer'\) failed - got 'abc'
start 99|^400 Parameter verification failed\. vmid: invalid format - '99' is no id of a container \(100 to 999999999\)
start 0100|^400 Parameter verification failed\. vmid: .*'0100'
config 7940|Configuration file '.*/lxc/7940\.conf' does not exist
destroy 7940|Configuration file '.*/lxc/7940\.conf' does not exist
unlock 7940|Configuration file '.*/lxc/7940\.conf' does not exist
config 7940 --current --snapshot x|Configuration file|cannot use 'snapshot' with 'current'
ROWS
printf '%s\n' "$base" >"$PCTRUN_ETC/lxc/7940.conf"
refused "both at once" "cannot use 'snapshot' with 'current'" pct config 7940 --current --snapshot x
refused "no such snapshot" "snapshot 'x' does not exist" pct config 7940 --snapshot x
refused "no lock" 'no lock found trying to remove any lock' pct unlock 7940
printf 'nonsense\n' >>"$PCTRUN_ETC/storage.cfg"
refused "storage.cfg" "storage\.cfg, line [0-9]+: 'nonsense' is no 'type: name'" pct start 7940
done_testing
