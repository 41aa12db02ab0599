#!/bin/bash
# pct check: what of a config is hardly meant, each with the line that would be right; the host asked
# by doing. The status says whether there is anything.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

pct_storage
id=7980
mkdir -p storage/images/$id/rootfs.subvol shared open
cp -a "$SHARED/rootfs/." storage/images/$id/rootfs.subvol
chmod 1777 open
config() { # LINE...
    printf '%s\n' 'arch: amd64' 'ostype: unmanaged' "rootfs: local:$id/rootfs.subvol" "$@" \
        >"$PCTRUN_ETC/lxc/$id.conf"
}

# lint NAME WANT LINE...: the one finding of that lint is WANT, without its columns
lint() {
    local got=0
    config "${@:3}"
    capture pct check $id || got=$?
    like "$1" "$(grep "^finding  ${1%%:*} " <<<"$out" | tr -s ' ')" "^finding ${1%%:*} $2$"
    is "$1: status" "$got" 1
}

# none NAME LINE...: no finding of that lint
none() {
    config "${@:2}"
    capture pct check $id
    is "$1" "$(grep "^finding  ${1%%:*} " <<<"$out")" ''
}

lint "idmap: a hole" 'gid 1000 of the container has no id on the host: .*; add lxc\.idmap: g 1000 101000 1 \(from lxc\.idmap: in 7980\.conf, line 5\)' \
    'lxc.idmap: u 0 100000 65536' 'lxc.idmap: g 0 100000 1000' 'lxc.idmap: g 1001 101001 64535'
lint "idmap: too few" 'uids 1000 to 65535 .*; add lxc\.idmap: u 1000 101000 64536 \(.*line 4\)' \
    'lxc.idmap: u 0 100000 1000' 'lxc.idmap: g 0 100000 65536'
lint "idmap: what goes on is taken" 'uids 1000 to 65535 .*; add lxc\.idmap: u 1000 300000 64536 .*' \
    'lxc.idmap: u 0 100000 1000' 'lxc.idmap: g 0 100000 65536' 'lxc.idmap: u 65536 101000 199000'
none "idmap: a whole one" 'lxc.idmap: u 0 100000 1000' 'lxc.idmap: u 1000 1000 1' 'lxc.idmap: u 1001 101001 64535' \
    'lxc.idmap: g 0 100000 65536'
# What it says to add makes it whole.
config 'lxc.idmap: u 0 100000 65536' 'lxc.idmap: g 0 100000 1000' 'lxc.idmap: g 1001 101001 64535'
pct check $id | sed -n 's/.*; add \(lxc\.idmap: [^(]*\) (from.*/\1/p' >>"$PCTRUN_ETC/lxc/$id.conf"
is "idmap: the line that it says makes it whole" "$(pct check $id | grep '^finding  idmap')" ''

while IFS='|' read -r old now; do
    lint "cgroup-v1: $old" ".*; $now \(from lxc\.cgroup\..*, line 4\)" "lxc.cgroup.$old"
done <<'ROWS'
memory.limit_in_bytes: 536870912|write lxc\.cgroup2\.memory\.max: 536870912
cpu.shares: 1024|write lxc\.cgroup2\.cpu\.weight: 39
cpu.cfs_quota_us: 50000|write lxc\.cgroup2\.cpu\.max: 50000 100000
blkio.throttle.read_bps_device: 8:0 1048576|write lxc\.cgroup2\.io\.max: 8:0 rbps=1048576
freezer.state: FROZEN|write lxc\.cgroup2\.cgroup\.freeze: 1
memory.swappiness: 10|set vm\.swappiness on the host
no.such: 1|leave it out, or find its like.*
ROWS
config 'lxc.cgroup.memory.limit_in_bytes: 536870912'
is "cgroup-v1: is told once" "$(pct check $id 2>/dev/null | grep -v ^missing | grep -c 'in 7980.conf, line 4')" 1
lint "twice: a key" 'memory is in line 4 already, which does not hold; leave out one of the two \(from memory: in 7980\.conf, line 6\)' \
    'memory: 64' 'hostname: a' 'memory: 128'
lint "overridden: both lines" "'512' does not hold: lxc\.cgroup2\.memory\.max \(.*, line 5\) takes its place; leave out memory or .* \(from memory: .*, line 4\)" \
    'memory: 512' 'lxc.cgroup2.memory.max: 1G'
config 'unprivileged: 1' 'features: keyctl=1' "lxc.seccomp.profile: $WORK/none"
touch none
like "a feature that a raw key cancels: both lines" "$(pct check $id 2>&1; printf '2\ndenylist\n' >none; pct check $id)" \
    'note +features +keyctl does not hold: the raw lxc\.seccomp\.profile \(.*, line 6\) takes its place \(from features: .*, line 5\)'
lint "twice: a device" '/dev/null is there by another line already \(dev0: .*, line 4\); leave out one of dev0 and lxc\.mount\.entry \(from lxc\.mount\.entry: .*, line 5\)' \
    'dev0: /dev/null' 'lxc.mount.entry: /dev/null dev/null none bind,create=file 0 0'
lint "overridden: a device" "/dev/null can't be opened: lxc\.cgroup2\.devices\.deny \(.*, line 5\) denies it; leave out dev0, or that line \(from dev0: .*, line 4\)" \
    'dev0: /dev/null' 'lxc.cgroup2.devices.deny: c 1:* w'
none "overridden: of another device" 'dev0: /dev/null' 'lxc.cgroup2.devices.deny: c 2:3 rwm'
none "overridden: and allowed again" 'dev0: /dev/null' 'lxc.cgroup2.devices.deny: a' 'lxc.cgroup2.devices.allow: c 1:3 rwm'
lint "twice: what is hidden" '/srv hides what is mounted before it on /srv/a \(mp0: .*, line 4\); give mp0 the higher number, or another mp= \(from mp1: .*, line 5\)' \
    "mp0: $WORK/open,mp=/srv/a" "mp1: $WORK/open,mp=/srv"
none "twice: what is below" "mp0: $WORK/open,mp=/srv" "mp1: $WORK/open,mp=/srv/a"
lint "twice: a mount point" '/srv is there .*\(mp0: .*\(from mp1: .*, line 5\)' "mp0: $WORK/open,mp=/srv" "mp1: $WORK/open,mp=srv"
bridge pctck0 10.96.0.1/24
lint "twice: an address" '10.0.0.2 is there .*\(net0: .*; give another one to one of net0 and net1 \(from net1: .*, line 5\)' \
    "net0: name=eth0,bridge=pctck0,ip=10.0.0.2/24" "net1: name=eth1,bridge=pctck0,ip=10.0.0.2/8"
none "twice: an address that each link has" \
    "net0: name=eth0,bridge=pctck0,ip6=fe80::1/64" "net1: name=eth1,bridge=pctck0,ip6=fe80::1/64"

# --- what two containers ask for

bridge pctck1 10.97.0.1/24
other() { # NET0 [LINE...]
    printf '%s\n' 'arch: amd64' 'ostype: unmanaged' "rootfs: local:$id/rootfs.subvol" \
        "net0: name=eth0,bridge=pctck0,$1" "${@:2}" >"$PCTRUN_ETC/lxc/7981.conf"
}
mine='net0: name=eth0,bridge=pctck0,hwaddr=BC:24:11:00:96:02,ip=10.96.0.2/24,ip6=fd96::2/64'
other ip=10.96.0.2/16
lint "others: an address" '10\.96\.0\.2 at pctck0 is container 7981.s, too \(net0: .*7981\.conf, line 4\); give another .* \(from net0: .*7980\.conf, line 4\)' "$mine"
other ip6=fd96:0::2/48
lint "others: one written in another way" 'fd96::2 at pctck0 is container 7981.s, too .*' "$mine"
other hwaddr=bc:24:11:00:96:02
lint "others: a hardware address" 'BC:24:11:00:96:02 at pctck0 is container 7981.s, too .*' "$mine"
like "others: all configs at once" "$(pct check)" 'finding +others +bc:.*container 7980.s'
rm "$PCTRUN_ETC/lxc/7981.conf"
config "$mine"
runs "others: a clone" pct clone $id 7981 --full
like "others: is told of the address that came along" "$out" 'WARN: 10\.96\.0\.2 at pctck0 is container 7980.s, too .*7980\.conf, line [0-9]+\); give another .*7981\.conf, line [0-9]+\)'
is "others: its hardware address is its own" "$(grep -c 'BC:24:11:00:96:02' <<<"$out")" 0
runs "others: it goes" pct destroy 7981
other hwaddr=bc:24:11:00:96:02
none "others: at another bridge" "${mine/pctck0/pctck1}"
none "others: in a VLAN" "$mine,tag=5"
other hwaddr=bc:24:11:00:96:02,ip=10.96.0.2/24 'template: 1'
none "others: a template" "$mine"
other ip=dhcp,ip6=fe80::1/64
none "others: what each may have" "${mine/10.96.0.2\/24/dhcp}"
other ip=10.96.0.2/24
config "$mine"
cp "$PCTRUN_ETC/lxc/$id.conf" same.conf
capture pct check ./same.conf
is "others: a file is compared with none" "$(grep -c '^finding  others' <<<"$out")" 0
rm "$PCTRUN_ETC/lxc/7981.conf" same.conf

# --- a host without an id of its own

# hwaddr_of BOOT: of an interface whose config has none, on a host that has come up as BOOT
hwaddr_of() {
    echo "$1" >boot
    : >none
    # shellcheck disable=SC2016 # the inner shell's
    unshare -m sh -c 'for file in /etc/machine-id /var/lib/dbus/machine-id; do
            [ ! -e $file ] || mount --bind none $file || exit; done
        mount --bind boot /proc/sys/kernel/random/boot_id && exec pct plan "$1"' sh $id |
        sed -n 's/.*net\.veth .*(\(bc:24:11:[^)]*\)).*/\1/p'
}
config 'net0: name=eth0,bridge=pctck0'
one=$(hwaddr_of 11111111-1111-4111-8111-111111111111)
like "an address for an interface" "$one" '^bc:24:11(:[0-9a-f]{2}){3}$'
is "is the same each time" "$(hwaddr_of 11111111-1111-4111-8111-111111111111)" "$one"
another=$(hwaddr_of 22222222-2222-4222-8222-222222222222)
[ "$another" != "$one" ] && ok "and no other host's" || not_ok "and no other host's" "both: $one"

lint "no-effect" 'keyctl=1 changes nothing.*; leave keyctl=1 out \(from features: .*' 'unprivileged: 0' 'features: keyctl=1'
lint "no-effect: a limit" '2 processors of time are no limit for 2 cores \(cores: .*' 'cores: 2' 'cpulimit: 2'
bridged='net0: name=eth0,bridge=pctck0'
lint "no-effect: addresses that nobody sets up" 'the addresses of net0 are not set up: no files are written for unmanaged \(ostype: .*, line 2\); add host-managed=1, .* \(from net0: .*, line 4\)' \
    "$bridged,ip=10.96.0.9/24,gw=10.96.0.1"
none "no-effect: the host does" "$bridged,type=veth,host-managed=1,ip=10.96.0.9/24"
none "no-effect: none are asked for" "$bridged,ip=manual"
lint "no-effect: a timezone" "'Europe/Vienna' is not set up: .*ostype: .* \(from timezone: .*, line 4\)" 'timezone: Europe/Vienna'
lint "overridden: a capability that a feature needs" 'nesting=1 is of no use without sys_admin, which lxc\.cap\.drop \(.*, line 6\) takes away; leave out nesting=1, or sys_admin there \(from features: .*, line 5\)' \
    'unprivileged: 1' 'features: nesting=1' 'lxc.cap.drop: sys_time sys_admin'
none "overridden: taken back" 'unprivileged: 1' 'features: nesting=1' 'lxc.cap.drop: sys_admin' 'lxc.cap.drop:' 'lxc.cap.drop: sys_time'
config 'hookscript: local:snippets/none.sh'
status "no hookscript" 1 pct check $id
like "is lacking" "$out" "^lacking +hookscript +script 'local:snippets/none.sh' does not exist; create .*none.sh, .* \(from hookscript: in $id\.conf, line 4\)"
lint "owner" "$WORK/shared is 0:0's on the host, which is nobody in the container.*chown 100000:100000 $WORK/shared .* \(from mp0: .*" \
    'unprivileged: 1' "mp0: $WORK/shared,mp=/srv"
none "owner: everybody may write" 'unprivileged: 1' "mp0: $WORK/open,mp=/srv"
none "owner: of a privileged container" 'unprivileged: 0' "mp0: $WORK/shared,mp=/srv"
chown 100000:100000 shared
none "owner: the container's root" 'unprivileged: 1' "mp0: $WORK/shared,mp=/srv"
guest=storage/images/$id/rootfs.subvol
mkdir -p $guest/lib/systemd
touch $guest/lib/systemd/systemd $guest/lib/systemd/libsystemd-shared-252.so
ln -sfn /lib/systemd/systemd $guest/sbin/init
lint "systemd" 'Systemd 252 detected\. You may need to enable nesting; add nesting=1 .*' 'unprivileged: 1'
none "systemd: nested" 'unprivileged: 1' 'features: nesting=1'

# --- the status, files

config 'unprivileged: 1' 'features: nesting=1'
capture pct check $id
is "nothing found: no line but notes and what the host lacks" "$(grep -vE '^(note|missing|warning) ' <<<"$out")" \
    "$(grep -q '^missing' <<<"$out" || echo "this host can enforce all of $id.conf")"
cp "$PCTRUN_ETC/lxc/$id.conf" elsewhere.conf
echo 'lxc.cgroup.cpu.shares: 1024' >>elsewhere.conf
status "a file" 1 pct check ./elsewhere.conf
like "is checked as it is" "$out" '^finding +cgroup-v1 .*\(from lxc\.cgroup\.cpu\.shares: in elsewhere\.conf, line 6\)$'
echo 'nonsense: 1' >>elsewhere.conf
capture pct check ./elsewhere.conf
like "its lines that can't be read are called by its name" "$out" "^unable to parse .*nonsense.* \(elsewhere\.conf, line 7\)\$"
refused "none" 'none\.conf: No such file' pct check ./none.conf
config 'memory: lots'
status "a line that can't be" 255 pct check $id
for wrong in 'memory: lots' 'lxc.seccomp.profile: /nowhere' 'mp0: /nowhere,mp=/srv'; do
    config 'lxc.cgroup.cpu.shares: 1024' 'tty: 1' 'tty: 2' "$wrong"
    status "one line is wrong: $wrong" 255 pct check $id
    like "hides no finding" "$out" "^finding +twice +tty .*line 6\)$"
    like "nor one that has a note without" "$out" "^finding +cgroup-v1 .*line 4\)$"
    like "and is the last thing said" "$(tail -n 1 <<<"$out")" "\(from ${wrong%%:*}: in $id\.conf, line 7\)$"
done

# --- the host

capture pct check --host
for probe in user-namespace controllers cgroup device-filter seccomp-notify keys inotify rate apparmor binfmt id-map; do
    like "the host: $probe" "$out" "^(host|lacking)  +$probe +[^ ]"
done
is "lacks what it has not" "$(grep -c '^lacking  apparmor' <<<"$out")" "$(has_apparmor && echo 0 || echo 1)"
is "has id maps where mounts can have them" "$(grep -c "^host     id-map .*$WORK/storage" <<<"$out")" 1
mkdir ram && mount -t ramfs ramfs ram && chmod 755 ram
printf '\ndir: ram\n\tpath %s\n\tcontent rootdir\n' "$WORK/ram" >>"$PCTRUN_ETC/storage.cfg"
like "not where they can't" "$(pct check --host)" "^lacking  id-map +$WORK/ram, on ramfs, can't be mounted"
is "nothing is left of it" "$(ls -d "$(cgroup2_root)"/pctrun-check* 2>/dev/null)" ''

# Instances of the user that is root in unprivileged containers, used up by a process of his.
python3 - >holder.out <<'P' &
import ctypes, os, time
libc = ctypes.CDLL(None)
os.setgroups([])
os.setresgid(100000, 100000, 100000)
os.setresuid(100000, 100000, 100000)
count = 0
while count < 4096 and libc.inotify_init() >= 0:
    count += 1
print(count, flush=True)
time.sleep(600)
P
holder=$!
has_count() { [ -s holder.out ]; }
eventually "a user has all the watchers he may have" has_count
if [ "$(cat holder.out)" -lt 1000 ]; then
    like "which is found" "$(pct check --host)" '^lacking  inotify .*raise fs\.inotify\.max_user_instances'
else
    skip "which is found" "fs.inotify.max_user_instances is more than a process may have open"
fi
kill $holder
done_testing
