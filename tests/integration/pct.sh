#!/bin/bash
# pct: from a template to a running container, and what it refuses, in Proxmox's words.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

accept=(--accept-unenforced all)
bridge pctt0 10.79.0.1/24
pct_storage

# A template without systemd: busybox's init.
cp -a "$SHARED/rootfs" template
printf '::sysinit:/bin/hostname >/tmp/hostname\n::respawn:/bin/sleep 1000\n::shutdown:/bin/touch /tmp/down\n' \
    >template/etc/inittab
echo 'ID=alpine' >template/etc/os-release
tar -C template -czf template.tar.gz .

status "status of nothing" 2 pct status 7900
like "says so" "$out" "Configuration file '.*lxc/7900.conf' does not exist"

runs "create" pct create 7900 "$WORK/template.tar.gz" --ostype unmanaged --hostname www \
    --rootfs local:0 --unprivileged 1 --memory 64 --swap 0 --cores 1 \
    --net0 name=eth0,bridge=pctt0,hwaddr=BC:24:11:00:00:64,ip=10.79.0.100/24
is "stopped" "$(pct status 7900)" "status: stopped"
like "the config is there" "$(pct config 7900)" '^hostname: www$'
like "in Proxmox's file" "$(cat "$PCTRUN_ETC/lxc/7900.conf")" '^unprivileged: 1$'
refused "a taken id" 'CT 7900 already exists' pct create 7900 "$WORK/template.tar.gz" --rootfs local:0
runs "list" pct list
like "list shows it" "$out" '^7900 +stopped '
status "list on a full disk" 255 sh -c 'pct list >/dev/full'

runs "the plan" pct plan 7900
like "names the config line" "$out" 'net0: in 7900\.conf'
like "of the id map, too" "$out" ' idmap .*from unprivileged: in 7900\.conf, line'
is "each step comes from this config, or is a default" "$(grep -c 'in config\.json' <<<"$out")" 0
runs "the bundle" pct bundle 7900 --output bundle
runs "is JSON" python3 -m json.tool bundle/config.json

runs "start" pct start 7900 "${accept[@]}"
is "running" "$(pct status 7900)" "status: running"
refused "start twice" 'CT 7900 already running' pct start 7900
refused "destroy while it runs" 'running' pct destroy 7900
is "pctrun sees it" "$(container_status 7900)" running
runs "exec" pct exec 7900 -- sh -c 'id -u; cat /proc/self/uid_map'
is "as root of its own user namespace" "$(tr -s ' ' <<<"$out")" $'0\n 0 100000 65536'
status "exec passes the status on" 9 pct exec 7900 -- sh -c 'exit 9'
status "exec of nothing" 127 pct exec 7900 -- nowhere
like "its address" "$(pct exec 7900 -- ip addr show eth0)" 'bc:24:11:00:00:64'
is "its end of the veth is a port of the bridge" \
    "$(basename "$(readlink /sys/class/net/veth7900i0/master)")" pctt0
pct exec 7900 -- sh -c 'ip addr add 10.79.0.100/24 dev eth0 2>/dev/null; ip link set eth0 up'
eventually "it is reached through the bridge" ping -c 1 -W 5 10.79.0.100
runs "audit" pctrun audit 7900
has_apparmor || like "that keeps saying what was accepted" "$out" 'apparmor.*Proxmox default'
is "enter reads commands" "$(echo hostname | pct enter 7900)" www

# An ordinary user can't see root's containers: nothing is said of them.
install -m 755 "$BUILD/pct" stranger
as_stranger() { setpriv --reuid 65534 --regid 65534 --clear-groups ./stranger "$@"; }
chmod 755 . "$PCTRUN_ETC" "$PCTRUN_ETC/lxc"
chmod 644 "$PCTRUN_ETC/lxc/7900.conf"
for verb in "status 7900" list "exec 7900 true" "stop 7900" "last 7900"; do
    # shellcheck disable=SC2086 # words
    refused "a stranger's $verb" "^use the containers of .*: Permission denied.*run pct ${verb%% *} as root" as_stranger $verb
done
runs "a stranger may read a config" as_stranger config 7900
is "it runs on" "$(pct status 7900)" "status: running"

runs "stop" pct stop 7900
is "stopped again" "$(pct status 7900)" "status: stopped"
refused "stop twice" 'CT 7900 not running' pct stop 7900
is "the veth is gone" "$(test -e /sys/class/net/veth7900i0 && echo there)" ""

echo 'nonsense line' >>"$PCTRUN_ETC/lxc/7900.conf"
pct config 7900 >log 2>&1
like "a line that is none is named" "$(cat log)" '7900\.conf.*line [0-9]+|nonsense'
sed -i '$d' "$PCTRUN_ETC/lxc/7900.conf"

runs "destroy" pct destroy 7900
is "no config left" "$(ls -A "$PCTRUN_ETC/lxc")" ""
is "no volume left" "$(find storage -path '*7900*')" ""

mkdir evil && printf x >evil/x
tar -C evil --transform 's,^x,../../escaped,' -P -cf evil.tar x
status "a template that leaves the root" 255 pct create 101 "$WORK/evil.tar" --rootfs local:0 --ostype unmanaged
is "writes nothing outside" "$(find "$WORK" -name escaped -not -path '*/images/*')" ""
done_testing
